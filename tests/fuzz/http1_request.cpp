// Any bytes, given whole and in two pieces: the parser must agree with itself, and what it takes must be well-formed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/http1_request_parser.hpp"

using namespace posthorn::net;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void require_within(std::string_view part, std::string_view whole) {
  require(part.empty() || part == "/" || (part.data() >= whole.data() && part.end() <= whole.end()));
}

void check(const request_head& head, std::string_view bytes) {
  require(is_token(head.method) && head.path.starts_with('/'));
  require(head.minor_version == 0 || head.minor_version == 1);
  for (const std::string_view part : {head.method, head.target, head.path, head.query, head.authority}) {
    require_within(part, bytes);
  }
  for (const field& f : head.fields) {
    require(is_token(f.name) && is_field_value(f.value) && trim_white_space(f.value) == f.value);
    require_within(f.name, bytes);
    require_within(f.value, bytes);
  }
  require(head.fields.count("Content-Length") + head.fields.count("Transfer-Encoding") <= 1);
  require(head.fields.count("Host") == 1 || (head.fields.count("Host") == 0 && head.minor_version == 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  request_parser parser;
  const parse_outcome whole = parser.parse(bytes);
  if (whole.status == parse_status::done) {
    require(whole.consumed <= size);
    check(parser.head(), bytes);
  }
  request_parser in_pieces;
  const std::size_t first = size == 0 ? 0 : data[size - 1] % (size + 1);
  const std::string part(bytes.substr(0, first));
  parse_outcome outcome = in_pieces.parse(part);
  require(outcome.status != parse_status::done || whole.status == parse_status::done);
  if (outcome.status == parse_status::need_more) outcome = in_pieces.parse(bytes);
  require(outcome.status == whole.status);
  if (whole.status == parse_status::done) require(outcome.consumed == whole.consumed);
  return 0;
}
