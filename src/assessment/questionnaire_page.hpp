// A questionnaire as the person's page gets it: what to ask, in order, and nothing of how it is scored (no trait, no
// reverse key).
//   {"key","version","language","title","scales":{KEY:["label",…]},
//    "sections":[{"title","intro","items":[{"key","text","scale","required"}]}]}
#pragma once

#include <string>

#include "assessment/questionnaire.hpp"

namespace posthorn::assessment {

[[nodiscard]] std::string page_json(const questionnaire& of);

}  // namespace posthorn::assessment
