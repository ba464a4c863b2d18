#include "base/boundary.hpp"

#include "base/log.hpp"

namespace posthorn::base {

error error_of(const std::exception_ptr& thrown) noexcept {
  error why;
  try {
    std::rethrow_exception(thrown);
  } catch (const thrown_error& known) {
    try {
      return known.why();
    } catch (...) {
      why.code = known.why().code;  // no memory for its text
    }
  } catch (const std::exception& unexpected) {
    try {
      why.detail = unexpected.what();
    } catch (...) {
      why.detail.clear();
    }
  } catch (...) {
    why.detail.clear();
  }
  return why;
}

void log_contained(std::string_view where, std::string_view request_id, const error& why) noexcept {
  try {
    const std::string_view cause = why.detail.empty() ? "an exception without text" : std::string_view(why.detail);
    if (request_id.empty()) {
      log_error("unit_failed", {{"where", where}, {"cause", cause}});
    } else {
      log_error("unit_failed", {{"where", where}, {"request_id", request_id}, {"cause", cause}});
    }
  } catch (...) {
    return;  // no memory for a line of the log
  }
}

}  // namespace posthorn::base
