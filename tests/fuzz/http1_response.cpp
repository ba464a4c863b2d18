// Any bytes, given whole and in two pieces: the parser must agree with itself, and what it takes must be well-formed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/http1_response_parser.hpp"

using namespace posthorn::net;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const response_head& head) {
  require(head.status >= 100 && head.status <= 999 && is_field_value(head.reason));
  for (const field& f : head.fields) require(is_token(f.name) && is_field_value(f.value));
  if (head.status < 200 || head.status == 204 || head.status == 304) require(head.framing == body_framing::none);
  if (head.framing == body_framing::until_close) require(!head.keep_alive);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  response_parser parser;
  const parse_outcome whole = parser.parse(bytes);
  if (whole.status == parse_status::done) {
    require(whole.consumed <= size);
    check(parser.head());
  }
  response_parser in_pieces;
  const std::size_t first = size == 0 ? 0 : data[size - 1] % (size + 1);
  const std::string part(bytes.substr(0, first));
  parse_outcome outcome = in_pieces.parse(part);
  if (outcome.status == parse_status::need_more) outcome = in_pieces.parse(bytes);
  require(outcome.status == whole.status);
  if (whole.status == parse_status::done) require(outcome.consumed == whole.consumed);
  return 0;
}
