// One strict pass over JSON text (RFC 8259): validates it and says where its values lie, so that exact slices can be
// passed on. Numbers of any size are fine, because nothing is converted; that is why simdjson's own parsers, which
// refuse what does not fit into 64 bits, are not used. Reads no byte outside the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::ingest {

enum class json_kind : std::uint8_t { object, array, string, number, literal };

// A value's exact text, white space around it excluded.
struct json_slice {
  std::string_view text;
  json_kind kind = json_kind::literal;
  bool spaced = false;  // white space outside strings somewhere in it

  // Between the quotes, escapes as written. Only for strings.
  [[nodiscard]] std::string_view inner() const noexcept { return text.substr(1, text.size() - 2); }
};

// Walks the top level member by member; each call validates what it passes over. After a false return look at fault():
// empty means a well-formed end. The text must be valid UTF-8 already (is_utf8).
class json_scanner {
 public:
  json_scanner(std::string_view text, std::size_t depth_max) noexcept : text_(text), depth_max_(depth_max) {}

  // The whole text is one value, with nothing behind it.
  bool whole(json_slice& out);
  // `begin_object`, then `next_member` until it returns false; likewise for arrays. The end checks trailing bytes.
  bool begin_object();
  bool next_member(std::string_view& key, json_slice& value);
  bool begin_array();
  bool next_element(json_slice& value);

  // The rule broken, for a person; "" for none.
  [[nodiscard]] std::string_view fault() const noexcept { return fault_; }
  [[nodiscard]] std::size_t offset() const noexcept { return at_; }

 private:
  bool broken(std::string_view rule) noexcept;
  bool begin(char bracket, std::string_view otherwise);
  bool next_entry(char closing);
  bool end();
  bool value(json_slice& out);
  bool nested(char closing);
  bool member_name();
  bool string();
  bool escape();
  bool unicode_escape();
  bool hex4(std::uint32_t& unit);
  bool number();
  bool digits();
  bool literal(std::string_view word);
  void space() noexcept;
  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] bool at_end() const noexcept { return at_ >= text_.size(); }

  std::string_view text_;
  std::size_t depth_max_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t spaces_ = 0;  // bytes of white space passed so far
  bool first_ = true;
  std::string_view fault_;
};

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
// The text that a validated string stands for.
[[nodiscard]] std::string unescaped(std::string_view inner);
// Appends the value without white space outside strings; nothing else changes.
void append_compact(std::string& out, const json_slice& value);

}  // namespace posthorn::ingest
