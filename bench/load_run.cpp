#include "load_run.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <iterator>
#include <limits>
#include <utility>

namespace posthorn::bench {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t come_back_us = 5'000;  // after 429 or 503: the server's Retry-After is whole seconds
constexpr std::int64_t answer_wait_us = 60 * second_us;
constexpr std::uint64_t refusals_max = 100;  // beyond: the request is wrong, and sending more of it measures nothing

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 500)) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

int status_of(std::string_view start_line) {
  int status = 0;
  if (start_line.size() >= 12) std::from_chars(start_line.data() + 9, start_line.data() + 12, status);
  return status;
}

}  // namespace

std::string load_report::json() const {
  std::string by_status;
  for (const auto& [status, times] : statuses) {
    fmt::format_to(std::back_inserter(by_status), R"({}"{}":{})", by_status.empty() ? "" : ",", status, times);
  }
  const auto took_s = static_cast<double>(ended_us - started_us) / static_cast<double>(second_us);
  const auto rate = took_s > 0 ? static_cast<double>(accepted) / took_s : 0.0;
  return fmt::format(
      R"({{"requests":{},"accepted":{},"broken":{},"seconds":{:.3f},"rate":{:.1f},"started_us":{},"ended_us":{},)"
      R"("statuses":{{{}}},"latency_us":{},"first_refusal":"{}"}})",
      requests, accepted, broken, took_s, rate, started_us, ended_us, by_status, latency.json(),
      escaped(first_refusal));
}

load_run::load_run(load_options options, target where, request_maker& requests)
    : options_(options),
      where_(std::move(where)),
      requests_(requests),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(options.connections) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    open(i);
    idle_.push_back(i);
  }
}

load_run::~load_run() {
  for (const auto& each : connections_) ::close(each.fd);
  ::close(epoll_);
}

void load_run::open(std::size_t index) {
  connections_[index] = {connect_to(where_.where), 0, {}};
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = index;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[index].fd, &event) != 0) fail("epoll_ctl");
}

void load_run::replace(std::size_t index) {
  ::close(connections_[index].fd);
  open(index);
}

bool load_run::may_send(std::int64_t now) const {
  if (refusals_ >= refusals_max) return false;
  if (options_.count > 0) return report_.accepted + in_flight_ * options_.batch < options_.count;
  return static_cast<double>(now - report_.started_us) < options_.seconds * static_cast<double>(second_us);
}

std::int64_t load_run::next_due_us() const {
  return report_.started_us +
         static_cast<std::int64_t>(static_cast<double>(scheduled_) * static_cast<double>(second_us) / options_.rate);
}

void load_run::send(std::size_t index, std::int64_t due_us) {
  auto& to = connections_[index];
  to.due_us = due_us;
  auto bytes = requests_.next(index, due_us);
  while (!bytes.empty()) {  // a blocking socket: a request is small beside its buffer, batches aside
    const auto sent = ::send(to.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) break;  // the answer's read will find the connection ended
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  ++in_flight_;
  ++report_.requests;
}

void load_run::send_what_is_due() {
  auto now = now_us();
  while (!paused_.empty() && paused_.top().until_us <= now) {
    idle_.push_back(paused_.top().connection);
    paused_.pop();
  }
  while (!idle_.empty() && may_send(now)) {
    auto due = now;
    if (options_.rate > 0) {
      due = next_due_us();
      if (due > now) return;
      ++scheduled_;
    }
    const auto index = idle_.front();
    idle_.pop_front();
    send(index, due);
    now = now_us();
  }
}

void load_run::take_answer(std::size_t index, const message& answer) {
  const auto now = now_us();
  const auto status = status_of(answer.start_line);
  --in_flight_;
  ++report_.statuses[status];
  report_.ended_us = now;
  report_.latency.add(now - connections_[index].due_us);
  if (status / 100 == 2) {
    report_.accepted += options_.batch;
  } else if (report_.first_refusal.empty()) {
    report_.first_refusal = fmt::format("{} {}", answer.start_line, answer.body);
  }
  if (status == 429 || status == 503) {
    paused_.push({now + come_back_us, index});
  } else {
    idle_.push_back(index);
    if (status / 100 != 2) ++refusals_;
  }
}

void load_run::receive(std::size_t index) {
  std::array<char, 64 * 1024> buffer;
  auto& from = connections_[index];
  const auto received = ::recv(from.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (received <= 0) {
    const bool was_waiting = from.due_us != 0;
    replace(index);
    if (was_waiting) {
      ++report_.broken;
      --in_flight_;
      paused_.push({now_us() + come_back_us, index});
    }
    return;
  }
  from.in.append(buffer.data(), static_cast<std::size_t>(received));
  const auto answer = next_message(from.in);
  if (!answer) return;
  const bool closing = header(answer->head, "connection") == "close";
  take_answer(index, *answer);
  from.in.clear();  // one request at a time, so nothing follows its answer
  from.due_us = 0;
  if (closing) replace(index);
}

void load_run::wait() {
  const auto now = now_us();
  auto until = now + answer_wait_us;
  if (!paused_.empty()) until = std::min(until, paused_.top().until_us);
  if (options_.rate > 0 && !idle_.empty() && may_send(now)) until = std::min(until, next_due_us());
  const auto wait_us = std::max<std::int64_t>(0, until - now);
  const timespec timeout{wait_us / second_us, (wait_us % second_us) * 1'000};
  std::array<epoll_event, 256> events{};
  const int ready = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  if (ready < 0 && errno != EINTR) fail("epoll_pwait2");
  if (ready == 0 && wait_us == answer_wait_us) fail("no answer for a minute");
  for (int i = 0; i < ready; ++i) receive(events[static_cast<std::size_t>(i)].data.u64);
}

load_report load_run::run() {
  report_.started_us = now_us();
  report_.ended_us = report_.started_us;
  while (true) {
    send_what_is_due();
    if (in_flight_ == 0 && !may_send(now_us())) return report_;
    wait();
  }
}

}  // namespace posthorn::bench
