// Lists: ?limit= and ?cursor= in, {"data":[…],"next_cursor":"…"|null} out. A cursor is opaque to callers:
//   base64url( tag ":" last id as decimal )
// where the tag is the list's own, so that one list's cursor is refused by another.
#pragma once

#include <boost/json/array.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/call.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "net/http_handler.hpp"

namespace posthorn::api {

struct page_request {
  std::int64_t after = 0;  // the last id of the page before; 0: from the newest
  std::size_t limit = base::limits::page_rows_default;
};

// malformed_cursor; invalid_field for a limit that is not 1 to limits::page_rows_max.
[[nodiscard]] base::result<page_request> page_of(const call& from, std::string_view tag);

[[nodiscard]] std::string cursor_text(std::string_view tag, std::int64_t last_id);
[[nodiscard]] base::result<std::int64_t> parse_cursor(std::string_view tag, std::string_view text);

// A time in the query (text_forms.hpp, parse_time), 0 where absent. invalid_field.
[[nodiscard]] base::result<base::epoch_ms> time_parameter(const call& from, std::string_view name);

// As page_of, for a list that is also given as CSV (?format=csv): that has limits::csv_rows_max rows where no limit is
// named. invalid_field also for another format.
struct listing_request {
  page_request page;
  bool csv = false;
};
[[nodiscard]] base::result<listing_request> listing_of(const call& from, std::string_view tag);

// next 0: the list ends.
[[nodiscard]] net::response page_answer(boost::json::array data, std::string_view tag, std::int64_t next);
[[nodiscard]] net::response json_answer(int status, const boost::json::value& body);

// One page, newest first, of values in memory. `id_of` gives a value's id.
template <class Value, class IdOf, class ToJson>
[[nodiscard]] net::response page_in_memory(std::vector<Value> all, const page_request& want, std::string_view tag,
                                           IdOf id_of, ToJson to_json) {
  std::erase_if(all, [&](const Value& value) { return want.after != 0 && id_of(value) >= want.after; });
  std::ranges::sort(all, [&](const Value& a, const Value& b) { return id_of(a) > id_of(b); });
  boost::json::array data;
  for (std::size_t i = 0; i < all.size() && i < want.limit; ++i) data.push_back(to_json(all[i]));
  return page_answer(std::move(data), tag, all.size() > want.limit ? id_of(all[want.limit - 1]) : 0);
}

}  // namespace posthorn::api
