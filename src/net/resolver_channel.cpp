#include "net/resolver_channel.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstring>
#include <mutex>
#include <utility>

namespace posthorn::net {
namespace {

namespace asio = boost::asio;
namespace ip = boost::asio::ip;
namespace limits = base::limits;

void init_library_once() {
  static std::once_flag once;
  std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });
}

ip::address address_of(const sockaddr* from) {
  if (from->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, from, sizeof v4);
    return ip::address_v4(ntohl(v4.sin_addr.s_addr));
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, from, sizeof v6);
  ip::address_v6::bytes_type bytes;
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return ip::address_v6(bytes, v6.sin6_scope_id);
}

raw_answer to_answer(int status, const ares_addrinfo* found) {
  raw_answer out;
  for (const ares_addrinfo_node* node = found != nullptr ? found->nodes : nullptr; node != nullptr;
       node = node->ai_next) {
    if (node->ai_family != AF_INET && node->ai_family != AF_INET6) continue;
    out.ttl_s = out.answer.addresses.empty() ? node->ai_ttl : std::min(out.ttl_s, node->ai_ttl);
    const ip::address address = address_of(node->ai_addr);
    if (std::ranges::find(out.answer.addresses, address) != out.answer.addresses.end()) continue;
    if (out.answer.addresses.size() == limits::addresses_per_name_max) break;
    out.answer.addresses.push_back(address);
  }
  if (out.answer.addresses.empty()) {
    out.answer.failure = status == ARES_SUCCESS ? "the name has no address" : ares_strerror(status);
  }
  return out;
}

}  // namespace

// One c-ares socket. c-ares closes it, so the descriptor only borrows the number and lets go in time.
struct resolver_channel::watch {
  watch(asio::io_context& io, ares_socket_t number) : socket(io, number) {}
  asio::posix::stream_descriptor socket;
  std::array<bool, 2> wanted{};   // write, read
  std::array<bool, 2> waiting{};  // write, read
  bool gone = false;
};

resolver_channel::resolver_channel(asio::io_context& io, const resolver_options& options)
    : io_(io), timer_(io), alive_(std::make_shared<resolver_channel*>(this)) {
  init_library_once();
  std::string lookups = "fb";
  ares_options wish{};
  wish.flags = ARES_FLAG_NOSEARCH;
  wish.timeout = options.try_timeout_ms;
  wish.tries = 2;
  wish.ndomains = 0;
  wish.lookups = lookups.data();
  wish.sock_state_cb = on_socket_state;
  wish.sock_state_cb_data = this;
  const int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS |
                   ARES_OPT_SOCK_STATE_CB;
  if (ares_init_options(&channel_, &wish, mask) != ARES_SUCCESS) channel_ = nullptr;
  if (channel_ != nullptr && !options.servers.empty() &&
      ares_set_servers_ports_csv(channel_, options.servers.c_str()) != ARES_SUCCESS) {
    ares_destroy(std::exchange(channel_, nullptr));
  }
}

resolver_channel::~resolver_channel() {
  *alive_ = nullptr;
  if (channel_ != nullptr) ares_destroy(channel_);
}

void resolver_channel::ask(const std::string& host, callback done) {
  if (channel_ == nullptr) {
    done({{{}, "the DNS configuration cannot be used"}, 0});
    return;
  }
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  auto question = std::make_unique<callback>(std::move(done));
  ares_getaddrinfo(channel_, host.c_str(), nullptr, &hints, on_answer, question.release());
  arm_timer();
}

void resolver_channel::on_answer(void* question, int status, int, ares_addrinfo* found) {
  const std::unique_ptr<callback> done(static_cast<callback*>(question));
  raw_answer answer = to_answer(status, found);
  if (found != nullptr) ares_freeaddrinfo(found);
  (*done)(std::move(answer));
}

void resolver_channel::on_socket_state(void* self, ares_socket_t socket, int readable, int writable) {
  auto& channel = *static_cast<resolver_channel*>(self);
  const auto found = channel.watches_.find(socket);
  if (readable == 0 && writable == 0) {
    if (found == channel.watches_.end()) return;
    found->second->gone = true;
    found->second->socket.release();
    channel.watches_.erase(found);
    return;
  }
  std::shared_ptr<watch> on = found != channel.watches_.end() ? found->second : nullptr;
  if (!on) {
    on = std::make_shared<watch>(channel.io_, socket);
    channel.watches_.emplace(socket, on);
  }
  on->wanted = {writable != 0, readable != 0};
  arm(channel, on, false);
  arm(channel, on, true);
}

void resolver_channel::arm(resolver_channel& self, const std::shared_ptr<watch>& on, bool reading) {
  if (!on->wanted[reading] || on->waiting[reading]) return;
  on->waiting[reading] = true;
  const auto side = reading ? asio::posix::stream_descriptor::wait_read : asio::posix::stream_descriptor::wait_write;
  on->socket.async_wait(side, [&self, on, reading](const boost::system::error_code& failed) {
    on->waiting[reading] = false;
    if (failed || on->gone) return;
    const ares_socket_t number = on->socket.native_handle();
    ares_process_fd(self.channel_, reading ? number : ARES_SOCKET_BAD, reading ? ARES_SOCKET_BAD : number);
    if (on->gone) return;
    arm(self, on, reading);
    self.arm_timer();
  });
}

void resolver_channel::arm_timer() {
  timeval next{};
  if (ares_timeout(channel_, nullptr, &next) == nullptr) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::chrono::seconds(next.tv_sec) + std::chrono::microseconds(next.tv_usec) +
                       std::chrono::milliseconds(1));
  timer_.async_wait([alive = alive_](const boost::system::error_code& failed) {
    resolver_channel* const self = *alive;
    if (self == nullptr || failed) return;
    ares_process_fd(self->channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    self->arm_timer();
  });
}

}  // namespace posthorn::net
