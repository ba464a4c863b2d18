// A DNS server on loopback, for tests. All of it on the thread that runs the io_context.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::test {

// Knows IPv4 addresses only; a name without an entry does not exist, one with "" is never answered.
class name_server {
 public:
  explicit name_server(boost::asio::io_context& io) : socket_(io, {boost::asio::ip::address_v4::loopback(), 0}) {
    receive();
  }

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port()); }
  void stop() { socket_.close(); }

  std::map<std::string, std::string> names;
  std::map<std::string, int> questions;  // for A records
  std::uint16_t ttl_s = 60;

 private:
  void receive() {
    socket_.async_receive_from(boost::asio::buffer(query_), from_,
                               [this](const boost::system::error_code& error, std::size_t) {
                                 if (error) return;
                                 answer();
                                 receive();
                               });
  }

  void answer() {
    std::string name;
    std::size_t at = 12;
    for (; query_[at] != 0; at += query_[at] + std::size_t{1}) {
      if (!name.empty()) name += '.';
      name.append(reinterpret_cast<const char*>(&query_[at + 1]), query_[at]);
    }
    const bool wants_v4 = query_[at + 2] == 1;
    if (wants_v4) ++questions[name];
    const auto known = names.find(name);
    if (known != names.end() && known->second.empty()) return;
    std::vector<std::uint8_t> out(query_.begin(), query_.begin() + static_cast<std::ptrdiff_t>(at) + 5);
    out[2] = 0x81;
    out[3] = known == names.end() ? std::uint8_t{0x83} : std::uint8_t{0x80};
    out[10] = out[11] = 0;  // no OPT record
    const bool has_answer = known != names.end() && wants_v4;
    out[7] = static_cast<std::uint8_t>(has_answer);
    if (has_answer) {
      const auto bytes = boost::asio::ip::make_address_v4(known->second).to_bytes();
      for (const char byte : std::string_view("\xc0\x0c\0\1\0\1\0\0", 8))
        out.push_back(static_cast<std::uint8_t>(byte));
      out.push_back(static_cast<std::uint8_t>(ttl_s >> 8));
      out.push_back(static_cast<std::uint8_t>(ttl_s));
      out.push_back(0);
      out.push_back(4);
      out.insert(out.end(), bytes.begin(), bytes.end());
    }
    socket_.send_to(boost::asio::buffer(out), from_);
  }

  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint from_;
  std::array<std::uint8_t, 1500> query_{};
};

}  // namespace posthorn::test
