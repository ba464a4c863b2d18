#include "screen.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace demo {
namespace {

constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view plain = "\x1b[0m";

// Lines appear as they are printed, through a pipe too.
void print(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

}  // namespace

screen::screen() : coloured_(isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr) {}

std::string screen::paint(std::string_view colour, std::string_view text) const {
  if (!coloured_) return std::string(text);
  return fmt::format("{}{}{}", colour, text, plain);
}

void screen::title(std::string_view text) const { print("\n" + paint(bold, text)); }

void screen::fact(std::string_view name, std::string_view value) const {
  print(fmt::format("  {} {}", paint(dim, fmt::format("{:<16}", name)), value));
}

void screen::attempts_head() const {
  print(paint(dim, fmt::format("  {:>8}   {:<28}{:<13}{:<20}{:>3}  {}", "time", "event", "uid", "delivery", "try",
                               "the receiver")));
}

void screen::attempt(const attempt_line& line) const {
  std::string answer = paint(green, "✓ 200 verified, kept");
  if (line.status == 0) {
    answer = paint(yellow, "✗ hung up");
  } else if (!line.verified) {
    answer = paint(red, fmt::format("✗ {} not verified", line.status));
  } else if (line.status != 200) {
    answer = paint(yellow, fmt::format("✗ {} refused", line.status));
  } else if (line.duplicate) {
    answer = paint(dim, "= 200 seen before");
  }
  print(fmt::format("  {:>6.2f} s   {:<28.27}{:<13.12}{:<20}{:>3}  {}", static_cast<double>(line.at.count()) / 1000,
                    line.event, line.uid, line.delivery, line.number, answer));
}

void screen::outcomes_head() const {
  print(paint(dim, fmt::format("  {:<31}{:<13}{:>5}  {:<12}{}", "event", "uid", "tries", "state", "payload")));
}

void screen::outcome(const outcome_line& line) const {
  const bool good = line.state == "delivered";
  print(fmt::format("  {:<31}{:<13}{:>5}  {}{}", line.event, line.uid, line.attempts,
                    paint(good ? green : red, fmt::format("{:<12}", line.state)),
                    line.intact ? paint(green, "verified") : paint(red, "never verified")));
}

void screen::verdict(bool good, std::string_view text) const {
  print("\n" + paint(good ? green : red, fmt::format("{} {}", good ? "✓" : "✗", text)));
}

void screen::note(std::string_view text) const { print(fmt::format("  {}", text)); }

}  // namespace demo
