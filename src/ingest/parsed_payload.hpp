// What is delivered, as a JSON value for those who look into it: parsed once, and only when somebody does.
#pragma once

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::ingest {

// Used on one thread; `text` outlives it. The text is valid JSON (json_scanner.hpp).
class parsed_payload {
 public:
  explicit parsed_payload(std::string_view text) noexcept : text_(text) {}
  parsed_payload(const parsed_payload&) = delete;
  parsed_payload& operator=(const parsed_payload&) = delete;

  // Null if Boost.JSON cannot hold it: a lone surrogate, an exponent beyond its range. Then failure() says why.
  [[nodiscard]] const boost::json::value* value();
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  static constexpr std::size_t inline_bytes = 4096;

  const std::string_view text_;
  std::array<unsigned char, inline_bytes> first_bytes_;  // left as it is: written by memory_ before it is read
  boost::json::monotonic_resource memory_{first_bytes_.data(), first_bytes_.size()};
  std::optional<boost::json::value> value_;
  bool looked_ = false;
  std::string failure_;
};

}  // namespace posthorn::ingest
