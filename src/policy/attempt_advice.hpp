// What a failed attempt tells a person: why it failed, in plain words, and what to do. Pure.
#pragma once

#include <string>

#include "model/delivery.hpp"

namespace posthorn::policy {

struct attempt_advice {
  std::string what;
  std::string fix;
};

// Of an attempt that did not deliver, whatever the endpoint's rules are.
[[nodiscard]] attempt_advice advise(const model::attempt& failed);

}  // namespace posthorn::policy
