#include "api/paging.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "api/text_forms.hpp"
#include "base/encoding.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

template <class Number>
bool parse_number(std::string_view text, Number& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size();
}

}  // namespace

base::result<page_request> page_of(const call& from, std::string_view tag) {
  page_request want;
  if (const auto limit = from.query("limit")) {
    if (!parse_number(*limit, want.limit) || want.limit == 0 || want.limit > limits::page_rows_max) {
      return base::fail(fault::invalid_field,
                        "limit must be a number from 1 to " + std::to_string(limits::page_rows_max));
    }
  }
  if (const auto cursor = from.query("cursor")) {
    const auto after = parse_cursor(tag, *cursor);
    if (!after) return std::unexpected(after.error());
    want.after = *after;
  }
  return want;
}

std::string cursor_text(std::string_view tag, std::int64_t last_id) {
  return base::to_base64url(std::string(tag) + ":" + std::to_string(last_id));
}

base::result<std::int64_t> parse_cursor(std::string_view tag, std::string_view text) {
  const auto plain = base::from_base64url(text);
  std::int64_t id = 0;
  if (plain && plain->size() > tag.size() && plain->starts_with(tag) && (*plain)[tag.size()] == ':' &&
      parse_number(std::string_view(*plain).substr(tag.size() + 1), id) && id > 0) {
    return id;
  }
  return base::fail(fault::malformed_cursor, "take the cursor from next_cursor of the page before, unchanged");
}

net::response page_answer(json::array data, std::string_view tag, std::int64_t next) {
  json::object body;
  body["data"] = std::move(data);
  if (next == 0) {
    body["next_cursor"] = nullptr;
  } else {
    body["next_cursor"] = cursor_text(tag, next);
  }
  return json_answer(200, body);
}

net::response json_answer(int status, const json::value& body) {
  return {.status = status, .content_type = "application/json", .body = json::serialize(body)};
}

base::result<listing_request> listing_of(const call& from, std::string_view tag) {
  const std::string format = from.query("format").value_or("json");
  if (format != "json" && format != "csv") return base::fail(fault::invalid_field, "format must be json or csv");
  auto page = page_of(from, tag);
  if (!page) return std::unexpected(std::move(page.error()));
  listing_request want{*page, format == "csv"};
  if (want.csv && !from.query("limit")) want.page.limit = base::limits::csv_rows_max;
  return want;
}

base::result<base::epoch_ms> time_parameter(const call& from, std::string_view name) {
  const auto text = from.query(name);
  if (!text) return 0;
  const auto at = parse_time(*text);
  if (at) return *at;
  return base::fail(fault::invalid_field,
                    std::string(name) + " must be a time like 2026-01-15T10:30:00Z, or epoch seconds");
}

}  // namespace posthorn::api
