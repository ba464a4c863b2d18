// What an external scorer's answer says (docs/scoring.md). Pure.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/score.hpp"
#include "store/session_store.hpp"

namespace posthorn::scorer {

// The score that `body`, an answer with status 200, gives the session, of the kind of its platform; permissions are the
// session's own. Members that are not known are passed over. Anything that is no valid score: malformed_json or
// invalid_field, its detail naming the place and the rule, and nothing of the answer's text.
[[nodiscard]] base::result<model::session_score> read_score(std::string_view body, const store::session_record& of);

}  // namespace posthorn::scorer
