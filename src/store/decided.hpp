// What a decision makes inside its transaction, for ports whose changes are decided there (session_store.hpp,
// certificate_store.hpp).
#pragma once

#include <utility>

#include "base/result.hpp"

namespace posthorn::store {

// `run` is called with a decision and returns after its commit; `decide(changes)` gives a base::result<Made>, which is
// returned once it is durable. Any failure, its own or the commit's, is returned in its place.
template <class Made, class Changes, class Run, class Decide>
base::result<Made> decided(Run run, Decide decide) {
  Made made{};
  auto done = run([&](Changes& in) -> base::result<void> {
    base::result<Made> outcome = decide(in);
    if (!outcome) return std::unexpected(std::move(outcome.error()));
    made = *std::move(outcome);
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return made;
}

}  // namespace posthorn::store
