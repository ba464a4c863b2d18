#include "assessment/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value_to.hpp>
#include <cassert>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "catalogue/json_schema.hpp"

namespace posthorn::assessment {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

namespace {

constexpr std::string_view questionnaire_schema =
#include "assessment/questionnaire.schema.inc"
    ;
constexpr std::string_view scorecard_schema =
#include "assessment/scorecard.schema.inc"
    ;
constexpr std::string_view device_scorecard_schema =
#include "assessment/device_scorecard.schema.inc"
    ;

constexpr std::size_t key_chars_max = 64;

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_key_char(char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; }

// Ours, so it can be read.
catalogue::json_schema compiled(document_kind kind) {
  return catalogue::json_schema::compile(base::own_json(schema_text(kind))).value();
}

const catalogue::json_schema& schema_of(document_kind kind) {
  static const catalogue::json_schema questionnaires = compiled(document_kind::questionnaire);
  static const catalogue::json_schema scorecards = compiled(document_kind::scorecard);
  static const catalogue::json_schema device_scorecards = compiled(document_kind::device_scorecard);
  switch (kind) {
    case document_kind::questionnaire: return questionnaires;
    case document_kind::scorecard: return scorecards;
    case document_kind::device_scorecard: return device_scorecards;
  }
  assert(false);
  return questionnaires;
}

}  // namespace

std::string_view schema_text(document_kind kind) noexcept {
  switch (kind) {
    case document_kind::questionnaire: return questionnaire_schema;
    case document_kind::scorecard: return scorecard_schema;
    case document_kind::device_scorecard: return device_scorecard_schema;
  }
  return {};
}

base::result<json::value> read_json(std::string_view text) {
  auto whole = base::parse_json(text);
  if (!whole) whole.error().detail = "no JSON: " + whole.error().detail;
  return whole;
}

base::result<json::object> read_document(document_kind kind, std::string_view text) {
  if (text.size() > limits::assessment_document_bytes_max) {
    return base::fail(fault::payload_too_large, fmt::format("the document has {} bytes, at most {} are allowed",
                                                            text.size(), limits::assessment_document_bytes_max));
  }
  auto whole = read_json(text);
  if (!whole) return std::unexpected(whole.error());
  if (auto held = schema_of(kind).check(*whole); !held) return std::unexpected(std::move(held.error()));
  return std::move(whole->as_object());
}

void document_faults::add(std::string pointer, std::string detail, fault code) {
  if (!found_) {
    found_ = base::fail_at(code, std::move(pointer), std::move(detail)).error();
  } else if (found_->fields.size() < limits::field_errors_max) {
    found_->fields.push_back({std::move(pointer), std::move(detail)});
  }
}

void document_faults::check_key(std::string_view key, const std::string& pointer) {
  if (key.empty() || key.size() > key_chars_max || !is_alphanumeric(key.front()) ||
      !std::ranges::all_of(key, is_key_char)) {
    add(pointer, "must be 1 to 64 letters, digits, '_', '.' and '-', beginning with a letter or digit");
  }
}

std::string_view text_of(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found == nullptr ? std::string_view() : std::string_view(found->as_string());
}

std::int32_t number_of(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found == nullptr ? 0 : found->to_number<std::int32_t>();
}

bool flag_of(const json::object& object, std::string_view name, bool otherwise) {
  const auto* found = object.if_contains(name);
  return found == nullptr ? otherwise : found->as_bool();
}

}  // namespace posthorn::assessment
