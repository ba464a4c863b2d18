// What the demo prints: aligned within 100 columns, coloured on a terminal only.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace demo {

struct attempt_line {
  std::chrono::milliseconds at{};  // since the demo began to send
  std::string event;
  std::string uid;
  std::string delivery;
  long number = 0;
  long status = 0;  // 0: the receiver closed the connection without an answer
  bool verified = false;
  bool duplicate = false;
};

struct outcome_line {
  std::string event;
  std::string uid;
  std::string state;
  long attempts = 0;
  bool intact = false;  // what the API keeps is what the receiver verified
};

class screen {
 public:
  screen();

  void title(std::string_view text) const;
  void fact(std::string_view name, std::string_view value) const;
  void attempts_head() const;
  void attempt(const attempt_line& line) const;
  void outcomes_head() const;
  void outcome(const outcome_line& line) const;
  void verdict(bool good, std::string_view text) const;
  void note(std::string_view text) const;

 private:
  [[nodiscard]] std::string paint(std::string_view colour, std::string_view text) const;

  bool coloured_;
};

}  // namespace demo
