#include "ingest/parsed_payload.hpp"

#include <boost/json/parser.hpp>

#include "base/limits.hpp"

namespace posthorn::ingest {

namespace json = boost::json;

const json::value* parsed_payload::value() {
  if (!looked_) {
    looked_ = true;
    json::parse_options options;
    options.max_depth = base::limits::json_depth_max + 2;  // the envelope stands around what the producer nested
    json::parser parser({}, options);
    parser.reset(&memory_);
    json::error_code failed;
    parser.write(json::string_view(text_.data(), text_.size()), failed);
    if (failed) {
      failure_ = failed.message();
    } else {
      value_ = parser.release();
    }
  }
  return value_ ? &*value_ : nullptr;
}

}  // namespace posthorn::ingest
