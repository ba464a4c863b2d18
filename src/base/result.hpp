// The value that an expected failure is: which fault, what exactly, where in the input, when to try again.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/fault.hpp"

namespace posthorn::base {

// One place in the caller's input. `pointer` is an RFC 6901 JSON Pointer, e.g. "/details/score"; "" is the whole body.
struct field_error {
  std::string pointer;
  std::string detail;  // names the rule and what to do
};

struct error {
  fault code = fault::internal;
  std::string detail;                // this instance, for a person
  std::vector<field_error> fields;   // for bodies that break several rules at once
  std::optional<int> retry_after_s;  // set where trying again later is the remedy
};

template <class T>
using result = std::expected<T, error>;

[[nodiscard]] inline std::unexpected<error> fail(fault code, std::string detail) {
  return std::unexpected(error{code, std::move(detail), {}, {}});
}

[[nodiscard]] inline std::unexpected<error> fail_at(fault code, std::string pointer, std::string detail) {
  std::string summary = pointer.empty() ? detail : pointer + ": " + detail;
  return std::unexpected(error{code, std::move(summary), {{std::move(pointer), std::move(detail)}}, {}});
}

[[nodiscard]] inline std::unexpected<error> fail_later(fault code, std::string detail, int retry_after_s) {
  return std::unexpected(error{code, std::move(detail), {}, retry_after_s});
}

}  // namespace posthorn::base
