#include "base/json.hpp"

#include <boost/json/error.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/parser.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace posthorn::base {
namespace {

namespace json = boost::json;

std::string reason(const json::error_code& failed, std::size_t at) {
  const std::string place = " at byte " + std::to_string(at);
  if (failed != json::error::too_deep) return failed.message() + place;
  return "nested deeper than " + std::to_string(limits::json_depth_max) + " levels" + place;
}

result<json::value> parse(std::string_view text, std::size_t depth_max, json::storage_ptr memory) {
  json::parse_options options;
  options.max_depth = depth_max;
  json::parser parser({}, options);
  parser.reset(std::move(memory));
  json::error_code failed;
  const std::size_t read = parser.write_some(json::string_view(text.data(), text.size()), failed);
  if (!failed && read < text.size()) failed = json::error::extra_data;
  if (failed) return fail(fault::malformed_json, reason(failed, read));
  return parser.release();
}

}  // namespace

result<json::value> parse_json(std::string_view text, json::storage_ptr memory) {
  return parse(text, limits::json_depth_max, std::move(memory));
}

result<json::value> parse_own_json(std::string_view text, json::storage_ptr memory) {
  return parse(text, limits::json_depth_max + json_frames_max, std::move(memory));
}

json::value own_json(std::string_view text) {
  auto read = parse_own_json(text);
  if (!read) throw std::runtime_error("kept JSON cannot be read: " + read.error().detail);
  return *std::move(read);
}

}  // namespace posthorn::base
