// c-ares on an io_context: its sockets as descriptors that are waited on, its timeouts as one timer. For resolver only.
#pragma once

#include <ares.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/resolver.hpp"

namespace posthorn::net {

struct raw_answer {
  resolution answer;
  int ttl_s = 0;  // the least of all records; 0 from /etc/hosts
};

// Single-threaded, like the resolver that owns it.
class resolver_channel {
 public:
  using callback = std::move_only_function<void(raw_answer)>;

  resolver_channel(boost::asio::io_context& io, const resolver_options& options);
  // Calls the callbacks of all questions that are open, with a failure.
  ~resolver_channel();
  resolver_channel(const resolver_channel&) = delete;
  resolver_channel& operator=(const resolver_channel&) = delete;

  // `done` may be called before this returns (hosts file, no usable configuration).
  void ask(const std::string& host, callback done);

 private:
  struct watch;

  static void on_socket_state(void* self, ares_socket_t socket, int readable, int writable);
  static void on_answer(void* question, int status, int timeouts, ares_addrinfo* found);
  static void arm(resolver_channel& self, const std::shared_ptr<watch>& on, bool reading);
  void arm_timer();

  boost::asio::io_context& io_;
  boost::asio::steady_timer timer_;
  std::shared_ptr<resolver_channel*> alive_;  // null behind it once this is gone; timer handlers look there first
  ares_channel channel_ = nullptr;
  std::unordered_map<ares_socket_t, std::shared_ptr<watch>> watches_;
};

}  // namespace posthorn::net
