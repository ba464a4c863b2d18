#include "net/subnet.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace posthorn::net {
namespace {

namespace ip = boost::asio::ip;

std::array<std::uint8_t, 16> bytes_of(const ip::address& address) noexcept {
  if (address.is_v6()) return address.to_v6().to_bytes();
  std::array<std::uint8_t, 16> out{};
  std::ranges::copy(address.to_v4().to_bytes(), out.begin());
  return out;
}

bool same_prefix(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b, unsigned bits) noexcept {
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
  return bits % 8 == 0 || ((a[whole] ^ b[whole]) >> (8 - bits % 8)) == 0;
}

}  // namespace

subnet::subnet(const ip::address& first, unsigned bits) : bytes_(bytes_of(first)), bits_(bits), v4_(first.is_v4()) {}

bool subnet::contains(const ip::address& address) const noexcept {
  return address.is_v4() == v4_ && same_prefix(bytes_of(address), bytes_, bits_);
}

bool subnet::contains(const subnet& inner) const noexcept {
  return inner.v4_ == v4_ && inner.bits_ >= bits_ && same_prefix(inner.bytes_, bytes_, bits_);
}

base::result<subnet> subnet::parse(std::string_view text) {
  const auto broken = [text](std::string_view rule) {
    return base::fail(base::fault::invalid_configuration, "'" + std::string(text) + "': " + std::string(rule));
  };
  const std::size_t slash = text.find('/');
  boost::system::error_code failed;
  const ip::address first = ip::make_address(std::string(text.substr(0, slash)), failed);
  if (failed || text.find('%') != std::string_view::npos) {
    return broken("is neither an IP address nor a block such as 10.0.0.0/8");
  }
  const unsigned bits_max = first.is_v4() ? 32 : 128;
  unsigned bits = bits_max;
  if (slash != std::string_view::npos) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
    if (error != std::errc() || stop != end || bits > bits_max) return broken("the prefix length is out of range");
  }
  std::array<std::uint8_t, 16> beyond = bytes_of(first);
  for (unsigned bit = 0; bit < bits; ++bit) beyond[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  if (std::ranges::any_of(beyond, [](std::uint8_t byte) { return byte != 0; })) {
    return broken("address bits beyond the prefix length must be zero");
  }
  return subnet(first, bits);
}

}  // namespace posthorn::net
