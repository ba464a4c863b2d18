#include "api/link_batch_body.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <unordered_map>

#include "api/body_fields.hpp"
#include "api/uid_csv.hpp"
#include "base/limits.hpp"
#include "ingest/event_parser.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

std::vector<std::string> read_uids(body_fields& fields) {
  std::vector<std::string> uids;
  const json::value* given = fields.find("uids");
  if (given == nullptr) return uids;
  const json::array* list = given->if_array();
  if (list == nullptr || list->empty() || list->size() > limits::links_per_batch_max) {
    fields.refuse("uids", fmt::format("must be an array of 1 to {} uids", limits::links_per_batch_max));
    return uids;
  }
  std::unordered_map<std::string, std::size_t> place_of;
  for (std::size_t place = 0; place < list->size(); ++place) {
    const json::string* text = list->at(place).if_string();
    if (text == nullptr || !ingest::is_envelope_uid(*text)) {
      fields.refuse_item("uids", place, std::string(ingest::envelope_uid_rule));
      continue;
    }
    uids.emplace_back(*text);
    const auto [at, is_new] = place_of.emplace(uids.back(), place);
    if (!is_new) fields.refuse_item("uids", place, fmt::format("is /uids/{} again: each uid once", at->second));
  }
  return uids;
}

base::result<link_batch_request> read_json(std::string_view text) {
  const auto body = parse_object(text);
  if (!body) return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"name", "count", "uids"});
  fields.require("name", "what the batch is called");
  link_batch_request made;
  made.name = fields.text("name", 1, limits::name_chars_max).value_or("");
  made.uids = read_uids(fields);
  const auto count = fields.integer("count", 1, static_cast<std::int64_t>(limits::links_per_batch_max));
  if (fields.has("count") == fields.has("uids")) {
    fields.refuse("count", "give either count, for uids that are made up, or uids", fault::missing_field);
  }
  if (errors.any()) return std::unexpected(errors.outcome().error());
  made.count = count ? static_cast<std::int32_t>(*count) : static_cast<std::int32_t>(made.uids.size());
  return made;
}

base::result<link_batch_request> read_csv(const call& from) {
  link_batch_request made{.name = from.query("name").value_or(""), .count = 0, .uids = {}};
  if (made.name.empty() || made.name.size() > limits::name_chars_max) {
    return base::fail(fault::invalid_field,
                      fmt::format("name the batch by ?name=, in 1 to {} bytes", limits::name_chars_max));
  }
  auto uids = read_uid_csv(from.request.body);
  if (!uids) return std::unexpected(std::move(uids.error()));
  made.uids = *std::move(uids);
  made.count = static_cast<std::int32_t>(made.uids.size());
  return made;
}

}  // namespace

base::result<link_batch_request> read_link_batch(const call& from) {
  if (is_csv(from.request.fields.value_or_empty("Content-Type"))) return read_csv(from);
  if (from.query("name"))
    return base::fail(fault::invalid_field, "with JSON, the batch's name is a member of the body");
  return read_json(from.request.body);
}

}  // namespace posthorn::api
