// Structured log: one JSON object a line on standard error, {"at","level","event",…fields}. Thread-safe.
// Never pass a secret, a payload or a signature; ids, counts, durations and error classes are what lines carry.
//   log_info("store_opened", {{"path", path}, {"recovered", n}});
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace posthorn::base {

class log_field {
 public:
  log_field(std::string_view of, std::string_view text) : name(of), value(std::string(text)) {}
  log_field(std::string_view of, const char* text) : name(of), value(std::string(text)) {}
  log_field(std::string_view of, const std::string& text) : name(of), value(text) {}
  log_field(std::string_view of, bool truth) : name(of), value(truth) {}
  log_field(std::string_view of, double number) : name(of), value(number) {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  log_field(std::string_view of, T number) : name(of), value(static_cast<std::int64_t>(number)) {}

  std::string_view name;
  std::variant<std::string, std::int64_t, double, bool> value;
};

enum class log_level : std::uint8_t { debug, info, warn, error, off };

void set_log_level(log_level level) noexcept;
[[nodiscard]] bool log_enabled(log_level level) noexcept;
void log_line(log_level level, std::string_view event, std::initializer_list<log_field> fields);

inline void log_debug(std::string_view event, std::initializer_list<log_field> fields) {
  if (log_enabled(log_level::debug)) log_line(log_level::debug, event, fields);
}
inline void log_info(std::string_view event, std::initializer_list<log_field> fields) {
  log_line(log_level::info, event, fields);
}
inline void log_warn(std::string_view event, std::initializer_list<log_field> fields) {
  log_line(log_level::warn, event, fields);
}
inline void log_error(std::string_view event, std::initializer_list<log_field> fields) {
  log_line(log_level::error, event, fields);
}

}  // namespace posthorn::base
