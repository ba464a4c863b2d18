#include "ingest/parsed_payload.hpp"

#include "base/json.hpp"
#include "base/limits.hpp"

namespace posthorn::ingest {

namespace json = boost::json;

const json::value* parsed_payload::value() {
  if (!looked_) {
    looked_ = true;
    // The envelope, which is ours, stands around what the producer nested.
    auto read = base::parse_own_json(text_, &memory_);
    if (read) {
      value_ = *std::move(read);
    } else {
      failure_ = std::move(read.error().detail);
    }
  }
  return value_ ? &*value_ : nullptr;
}

}  // namespace posthorn::ingest
