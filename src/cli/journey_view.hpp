// What a person sees of their journey: the server's answers, as far as they matter to what the person does next.
// Shapes: /v1/journey in openapi.yaml.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace posthorn::cli {

struct question {
  std::string key;
  std::int32_t choices = 0;  // labels of its scale; a choice is 1 to this
  bool required = false;
};

using choices = std::map<std::string, std::int32_t, std::less<>>;  // item → choice

struct journey_view {
  std::string platform;  // "WEB", "ANDROID", "IOS"; "" before the first look
  std::string state;
  std::string outcome;  // "" while it is live
  std::string questionnaire;
  std::vector<question> questions;       // in order
  choices answers;                       // as the server has them
  std::vector<std::string> permissions;  // required of a device
  std::vector<std::string> features;     // likewise
  std::vector<std::string> missing;      // named by the last submit
};

// Takes over what a journey call has answered; what this answer does not have stays. malformed_json if it is no
// journey.
[[nodiscard]] base::result<void> take_answer(journey_view& into, std::string_view body);

// The "access_token" of POST /v1/sessions-management/tokens. malformed_json if there is none.
[[nodiscard]] base::result<std::string> read_token(std::string_view body);

}  // namespace posthorn::cli
