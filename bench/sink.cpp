// A receiver that costs almost nothing: answers 200 to every POST and counts. GET /stats tells what came, GET /reset
// forgets it.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "sink_tally.hpp"
#include "wire.hpp"

namespace posthorn::bench {
namespace {

struct sink_options {
  std::uint16_t port = 9999;
  unsigned threads = 1;
  bool hang = false;
  int delay_ms = 0;
  tally_options tally;
};

std::string answer(std::string_view body) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(),
                     body);
}

// One thread: its own listener (SO_REUSEPORT), its own connections.
class sink_loop {
 public:
  sink_loop(const sink_options& options, tally& shared)
      : options_(options),
        tally_(shared),
        listener_(listen_on({htonl_loopback, options.port})),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    watch(listener_);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events{};
    while (true) {
      const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms());
      if (ready < 0 && errno != EINTR) fail("epoll_wait");
      for (int i = 0; i < ready; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == listener_) {
          accept_all();
        } else {
          read_from(fd);
        }
      }
      send_due();
    }
  }

 private:
  static constexpr std::uint32_t htonl_loopback = 0x0100007f;  // 127.0.0.1 in network order, on a little-endian machine
  static constexpr std::size_t read_bytes = 64 * 1024;

  struct connection {
    std::uint64_t serial;  // tells a connection from an older one with the same descriptor
    std::string in;
  };
  struct delayed {
    std::int64_t due_us;
    int fd;
    std::uint64_t serial;
  };

  void watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
  }

  void accept_all() {
    while (true) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      connections_[fd] = {++serial_, {}};
      watch(fd);
    }
  }

  void close_connection(int fd) {
    connections_.erase(fd);
    ::close(fd);
  }

  void read_from(int fd) {
    const auto received = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (received <= 0) return close_connection(fd);
    if (options_.hang) return;
    const std::string_view fresh(buffer_.data(), static_cast<std::size_t>(received));
    auto& held = connections_[fd];
    // Mostly a read is exactly one request: it is then answered without a copy.
    if (held.in.empty()) {
      const auto used = answer_all(fd, fresh);
      if (used < fresh.size()) held.in.assign(fresh.substr(used));
    } else {
      held.in.append(fresh);
      held.in.erase(0, answer_all(fd, held.in));
    }
  }

  // Returns the bytes used up.
  std::size_t answer_all(int fd, std::string_view bytes) {
    std::size_t used = 0;
    out_.clear();
    while (const auto request = next_message(bytes.substr(used))) {
      used += request->size;
      if (request->start_line.starts_with("GET ")) {
        out_ += control(request->start_line);
        continue;
      }
      tally_.add(*request);
      if (options_.delay_ms > 0) {
        delayed_.push_back({now_us() + options_.delay_ms * 1'000LL, fd, connections_[fd].serial});
      } else {
        out_ += ok_;
      }
    }
    if (!out_.empty()) send_to(fd, out_);
    return used;
  }

  std::string control(std::string_view start_line) {
    if (start_line.starts_with("GET /stats ")) return answer(tally_.json());
    if (start_line.starts_with("GET /reset ")) tally_.reset();
    return ok_;
  }

  // Answers are tiny: a peer whose window is too full for one is not worth waiting for.
  void send_to(int fd, std::string_view bytes) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(bytes.size())) ::shutdown(fd, SHUT_RDWR);
  }

  [[nodiscard]] int wait_ms() const {
    if (delayed_.empty()) return -1;
    return static_cast<int>(std::max<std::int64_t>(0, (delayed_.front().due_us - now_us() + 999) / 1'000));
  }

  void send_due() {
    while (!delayed_.empty() && delayed_.front().due_us <= now_us()) {
      const auto next = delayed_.front();
      delayed_.pop_front();
      const auto found = connections_.find(next.fd);
      if (found != connections_.end() && found->second.serial == next.serial) send_to(next.fd, ok_);
    }
  }

  const sink_options& options_;
  tally& tally_;
  const int listener_;
  const int epoll_;
  const std::string ok_ = answer(R"({"ok":true})");

  std::unordered_map<int, connection> connections_;
  std::deque<delayed> delayed_;  // one delay for all, so it is in order of time
  std::uint64_t serial_ = 0;
  std::vector<char> buffer_ = std::vector<char>(read_bytes);
  std::string out_;
};

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run_sink(const sink_options& options) {
  raise_descriptor_limit();
  tally shared(options.tally);
  std::vector<std::unique_ptr<sink_loop>> loops;
  loops.reserve(options.threads);
  for (unsigned i = 0; i < options.threads; ++i) loops.push_back(std::make_unique<sink_loop>(options, shared));
  fmt::print("listening on 127.0.0.1:{}\n", options.port);
  std::fflush(stdout);
  std::vector<std::jthread> threads;
  threads.reserve(options.threads);
  for (const auto& loop : loops) threads.emplace_back([running = loop.get()] { running->run(); });
  return 0;
}

}  // namespace
}  // namespace posthorn::bench

int main(int argc, char** argv) {
  posthorn::bench::sink_options options;
  CLI::App cli("Answers 200 to every POST and counts; GET /stats, GET /reset.", "posthorn-bench-sink");
  cli.add_option("--port", options.port, "on 127.0.0.1")->capture_default_str();
  cli.add_option("--threads", options.threads, "")->capture_default_str()->check(CLI::Range(1, 64));
  cli.add_flag("--hang", options.hang, "accept and read, never answer");
  cli.add_option("--delay-ms", options.delay_ms, "answer this much later")->check(CLI::Range(0, 60'000));
  cli.add_flag("--latency", options.tally.latency, "measure from the body's \"sent_us\"");
  cli.add_flag("--verify-unique", options.tally.verify_unique, "count repeats of a webhook-id on a path");
  cli.add_flag("--verify-order", options.tally.verify_order, "count steps back of \"seq\" within a uid");
  CLI11_PARSE(cli, argc, argv);
  return posthorn::bench::run_sink(options);
}
