// The operator's questionnaires and scorecards (docs/scoring.md), read once at the start.
#pragma once

#include <string>

#include "assessment/document_catalogue.hpp"
#include "base/result.hpp"

namespace posthorn::app {

// Every *.json of the directory, in the order of their names; "": Posthorn's own documents alone.
// invalid_configuration: a directory or file that cannot be read, or a document that breaks a rule, by file and place.
[[nodiscard]] base::result<assessment::document_catalogue> read_assessment_documents(const std::string& directory);

}  // namespace posthorn::app
