// FILTER LF PAYLOAD, any bytes: what is refused names its place, and what is accepted judges as the contrary of its
// "not".
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy/payload_filter.hpp"

using posthorn::policy::payload_filter;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view text = input.substr(0, input.find('\n'));
  const auto filter = payload_filter::parse(text);
  if (!filter) {
    require(filter.error().fields.size() == 1);
    return 0;
  }
  boost::json::error_code failed;
  const std::string_view rest = text.size() < input.size() ? input.substr(text.size() + 1) : std::string_view();
  const auto payload = boost::json::parse(rest, failed);
  if (failed) return 0;
  const bool passes = filter->passes(payload);
  const auto contrary = payload_filter::parse(R"({"not":)" + std::string(text) + "}");
  if (contrary) require(contrary->passes(payload) != passes);
  return 0;
}
