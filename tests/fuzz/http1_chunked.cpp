// Any bytes, decoded whole and byte by byte: same end, same body, same place of the end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/http1_chunked.hpp"

using namespace posthorn::net;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

struct decoded {
  chunk_status status;
  std::size_t consumed;
  std::string body;
  bool operator==(const decoded&) const = default;
};

decoded decode(std::string_view bytes, std::size_t piece) {
  chunked_decoder decoder;
  std::size_t at = 0;
  std::string body;
  while (true) {
    const std::string_view input = bytes.substr(at, piece);
    const chunk_step step = decoder.next(input);
    require(step.consumed <= input.size());
    at += step.consumed;
    if (step.status == chunk_status::data) {
      require(!step.data.empty() && step.consumed >= step.data.size());
      body += step.data;
    } else if (step.status != chunk_status::need_more || at == bytes.size()) {
      return {step.status, at, body};
    } else {
      require(step.consumed == input.size());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  require(decode(bytes, size + 1) == decode(bytes, 1));
  return 0;
}
