#include "ingest/event_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/json_text.hpp"
#include "ingest/json_scanner.hpp"

namespace posthorn::ingest {
namespace {

using base::fault;
namespace limits = base::limits;

enum class member : std::uint8_t { type, uid, details, payload, reasons, idempotency_key };
constexpr std::array<std::string_view, 6> member_names = {"type",    "uid",     "details",
                                                          "payload", "reasons", "idempotency_key"};

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_type_char(char c) noexcept { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; }
constexpr bool is_envelope_uid_char(char c) noexcept { return is_alphanumeric(c) || c == '-'; }

std::size_t code_points(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool has_control_character(std::string_view text) noexcept {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// One body on its way to a parsed_event.
class reading {
 public:
  explicit reading(const event_rules& rules) : rules_(rules) {}

  base::result<parsed_event> run(std::string_view json) {
    if (!is_utf8(json)) return base::fail(fault::malformed_json, "the text is not valid UTF-8");
    if (auto taken = take_members(json); !taken) return std::unexpected(std::move(taken.error()));
    take_type();
    take_key();
    const bool as_details = choose_form();
    take_uid(as_details);
    if (as_details) check_details();
    if (errors_.has_value()) return std::unexpected(*std::move(errors_));
    out_.enveloped = as_details;
    if (as_details) {
      write_envelope();
    } else {
      out_.payload = at(member::payload)->text;
    }
    if (out_.payload.size() > rules_.payload_bytes_max) {
      return base::fail(fault::payload_too_large,
                        fmt::format("the event is {} bytes as it would be delivered; the limit is {}",
                                    out_.payload.size(), rules_.payload_bytes_max));
    }
    return std::move(out_);
  }

 private:
  const std::optional<json_slice>& at(member which) const { return members_[static_cast<std::size_t>(which)]; }

  void refuse(fault code, std::string pointer, std::string detail) {
    if (!errors_.has_value()) {
      errors_ = base::fail_at(code, std::move(pointer), std::move(detail)).error();
    } else if (errors_->fields.size() < limits::field_errors_max) {
      errors_->fields.push_back({std::move(pointer), std::move(detail)});
    }
  }

  // Every member is scanned, so that malformed text is found wherever it stands before any rule is applied.
  base::result<void> take_members(std::string_view json) {
    json_scanner scanner(json, limits::json_depth_max);
    std::string_view name;
    json_slice value;
    if (scanner.begin_object()) {
      while (scanner.next_member(name, value)) take_member(name, value);
    }
    if (scanner.fault().empty()) return {};
    return base::fail(fault::malformed_json, fmt::format("{} (at byte {})", scanner.fault(), scanner.offset()));
  }

  void take_member(std::string_view name, const json_slice& value) {
    const auto found = std::ranges::find(member_names, name);
    const auto index = static_cast<std::size_t>(found - member_names.begin());
    if (found == member_names.end() ||
        (index == static_cast<std::size_t>(member::idempotency_key) && !rules_.takes_idempotency_key)) {
      if (unknown_++ == 0) {
        refuse(fault::unknown_field, base::pointer_to("", name),
               "is not known here; an event has type, uid and either details (with reasons) or payload");
      }
    } else if (members_[index].has_value()) {
      refuse(fault::invalid_field, base::pointer_to("", name), "is given twice");
    } else {
      members_[index] = value;
    }
  }

  // The text of a string member; refuses other kinds.
  std::optional<std::string> text_of(member which) {
    const std::optional<json_slice>& value = at(which);
    if (value->kind == json_kind::string) {
      const std::string_view inner = value->inner();
      return inner.find('\\') == std::string_view::npos ? std::string(inner) : unescaped(inner);
    }
    refuse(fault::invalid_field, base::pointer_to("", member_names[static_cast<std::size_t>(which)]),
           "must be a string");
    return std::nullopt;
  }

  void take_type() {
    if (!at(member::type)) {
      refuse(fault::missing_field, "/type", "is required: the event's type, e.g. \"application.complete\"");
      return;
    }
    std::optional<std::string> type = text_of(member::type);
    if (!type) return;
    if (!is_event_type(*type)) {
      static_assert(limits::event_type_chars_max == 128);
      refuse(fault::invalid_field, "/type", "must be 1 to 128 characters of A-Z, a-z, 0-9, '.', '_' and '-'");
      return;
    }
    out_.type = *std::move(type);
  }

  void take_key() {
    if (!at(member::idempotency_key)) return;
    std::optional<std::string> key = text_of(member::idempotency_key);
    if (!key) return;
    if (!is_idempotency_key(*key)) {
      static_assert(limits::idempotency_key_chars_max == 255);
      refuse(fault::invalid_field, "/idempotency_key", "must be 1 to 255 visible ASCII characters");
      return;
    }
    out_.idempotency_key = *std::move(key);
  }

  bool choose_form() {
    const bool details = at(member::details).has_value();
    const bool payload = at(member::payload).has_value();
    if (details && payload) {
      refuse(fault::invalid_field, "/payload", "excludes details: give one of the two");
    } else if (!details && !payload) {
      refuse(fault::missing_field, "/details",
             "is required: either details, which Posthorn puts into its envelope, or payload, delivered as it is");
    }
    if (at(member::reasons) && !details) {
      refuse(fault::invalid_field, "/reasons", "belongs to details: a payload is delivered as it is");
    }
    return details;
  }

  void take_uid(bool as_details) {
    if (!at(member::uid)) {
      if (as_details) refuse(fault::missing_field, "/uid", "is required beside details: it stands in the envelope");
      return;
    }
    std::optional<std::string> uid = text_of(member::uid);
    if (!uid) return;
    if (as_details) {
      if (!is_envelope_uid(*uid)) {
        refuse(fault::invalid_field, "/uid", std::string(envelope_uid_rule) + " beside details");
        return;
      }
    } else {
      static_assert(limits::uid_chars_max == 256);
      if (uid->empty() || code_points(*uid) > limits::uid_chars_max || has_control_character(*uid)) {
        refuse(fault::invalid_field, "/uid", "must be 1 to 256 characters without control characters, or left out");
        return;
      }
    }
    out_.uid = *std::move(uid);
  }

  void check_details() {
    if (at(member::details)->kind != json_kind::object) {
      refuse(fault::invalid_field, "/details", "must be an object; send other values as payload");
    }
    if (!at(member::reasons)) return;
    if (at(member::reasons)->kind != json_kind::array) {
      refuse(fault::invalid_field, "/reasons", "must be an array of strings");
      return;
    }
    json_scanner scanner(at(member::reasons)->text, limits::json_depth_max);
    json_slice reason;
    std::size_t count = 0;
    scanner.begin_array();
    while (scanner.next_element(reason)) {
      if (reason.kind != json_kind::string) {
        refuse(fault::invalid_field, fmt::format("/reasons/{}", count), "must be a string");
        return;
      }
      ++count;
    }
    if (count > limits::reasons_max) {
      refuse(fault::invalid_field, "/reasons",
             fmt::format("has {} entries; the limit is {}", count, limits::reasons_max));
    }
  }

  void write_envelope() {
    const json_slice& details = *at(member::details);
    const std::optional<json_slice>& reasons = at(member::reasons);
    std::string& to = out_.payload;
    to.reserve(96 + out_.uid.size() + out_.type.size() + details.text.size() + (reasons ? reasons->text.size() : 0));
    to = R"({"uid":")";
    to += out_.uid;
    to += R"(","integration_id":")";
    to += rules_.integration_id;
    to += R"(","event":{"type":")";
    to += out_.type;
    to += R"(","details":)";
    append_compact(to, details);
    if (reasons) {
      to += R"(,"reasons":)";
      append_compact(to, *reasons);
    }
    to += "}}";
  }

  const event_rules& rules_;
  parsed_event out_;
  std::array<std::optional<json_slice>, member_names.size()> members_;
  std::optional<base::error> errors_;
  std::size_t unknown_ = 0;  // only the first is named, so that an answer is bounded
};

}  // namespace

base::result<parsed_event> parse_event(std::string_view json, const event_rules& rules) {
  return reading(rules).run(json);
}

bool is_envelope_uid(std::string_view text) noexcept {
  static_assert(limits::envelope_uid_chars_min == 5 && limits::envelope_uid_chars_max == 60);
  return text.size() >= limits::envelope_uid_chars_min && text.size() <= limits::envelope_uid_chars_max &&
         std::ranges::all_of(text, is_envelope_uid_char);
}

bool is_event_type(std::string_view text) noexcept {
  return !text.empty() && text.size() <= limits::event_type_chars_max && std::ranges::all_of(text, is_type_char);
}

bool is_idempotency_key(std::string_view text) noexcept {
  return !text.empty() && text.size() <= limits::idempotency_key_chars_max &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace posthorn::ingest
