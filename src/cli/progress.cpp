#include "cli/progress.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace posthorn::cli {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto redraw_every = 100ms;
constexpr auto line_every = 5s;
constexpr std::size_t columns_default = 80;
constexpr const char* clear_line = "\r\x1b[K";

std::size_t columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : columns_default;
}

}  // namespace

progress::progress(boost::asio::io_context& io, const tally& of, int people, const patient_caller& calls)
    : of_(of),
      people_(people),
      calls_(calls),
      on_terminal_(isatty(STDERR_FILENO) == 1),
      timer_(io),
      began_(steady::now()) {}

moment progress::now() const {
  return {.people = people_,
          .ran_ms = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - began_).count(),
          .requests = calls_.requests(),
          .repeated = calls_.repeated()};
}

void progress::begin(const std::string& headline) {
  fmt::print(stderr, "{}\n", headline);
  began_ = steady::now();
  arm();
}

void progress::arm() {
  timer_.expires_after(on_terminal_ ? std::chrono::milliseconds(redraw_every) : std::chrono::milliseconds(line_every));
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    show();
    arm();
  });
}

void progress::show() const {
  if (on_terminal_) {
    fmt::print(stderr, "{}{}", clear_line, bar_line(of_, now(), columns() - 1));
  } else {
    fmt::print(stderr, "{}\n", plain_line(of_, now()));
  }
}

void progress::end() {
  timer_.cancel();
  if (on_terminal_) fmt::print(stderr, "{}", clear_line);
  fmt::print("{}", table_text(of_, now()));
  std::fflush(stdout);
}

}  // namespace posthorn::cli
