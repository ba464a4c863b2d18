// Header fields of one HTTP/1.1 message (RFC 9110 section 5), as views into the bytes they were parsed from.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace posthorn::net {

struct field {
  std::string_view name;   // as sent; compare with equals_ignoring_case
  std::string_view value;  // without the white space around it
};

// Owns the list, not the text: as valid as the buffer behind it. clear() keeps the storage, so that a connection
// parses its second and later messages without allocating.
class field_list {
 public:
  using const_iterator = std::vector<field>::const_iterator;

  void clear() noexcept { fields_.clear(); }
  void add(field f) { fields_.push_back(f); }

  // The first field of that name; names compare without regard to case.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
  // "" where the field is absent.
  [[nodiscard]] std::string_view value_or_empty(std::string_view name) const noexcept;
  [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }
  [[nodiscard]] const_iterator begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] const_iterator end() const noexcept { return fields_.end(); }

 private:
  std::vector<field> fields_;
};

// ASCII only, as header names are.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;
// RFC 9110 section 5.6.2: one or more tchar. Header names, methods.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
[[nodiscard]] bool is_token_char(char c) noexcept;
// True if `text` may stand as a field value on the wire: no control character but HTAB, so neither CR, LF nor NUL.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;
[[nodiscard]] bool is_field_value_char(char c) noexcept;
// True if the comma-separated list `value` has the member `token` (`Connection: keep-alive, close`), ignoring case.
[[nodiscard]] bool list_has_token(std::string_view value, std::string_view token) noexcept;
// Without leading and trailing SP and HTAB.
[[nodiscard]] std::string_view trim_white_space(std::string_view text) noexcept;

}  // namespace posthorn::net
