#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "base/clock.hpp"
#include "base/json_text.hpp"
#include "base/log_queue.hpp"

namespace posthorn::base {
namespace {

constexpr std::array levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err,
                            spdlog::level::off};
constexpr std::array<std::string_view, 5> level_names{"debug", "info", "warn", "error", "off"};

std::string begin_line(log_level level, std::string_view event) {
  std::string line = fmt::format(R"({{"at":"{}","level":"{}","event":)", to_rfc3339(system_clock().wall()),
                                 level_names[static_cast<std::size_t>(level)]);
  append_json_string(line, event);
  return line;
}

std::string loss_text(std::uint64_t lines) {
  return begin_line(log_level::warn, "log_lines_dropped") + fmt::format(R"(,"lines":{}}})", lines);
}

// Never destroyed: other threads may log until the process ends.
log_queue& queue() {
  static log_queue* const instance = [] {
    auto made = std::make_unique<log_queue>(STDERR_FILENO, limits::log_queue_bytes_max, loss_text);
    std::atexit([] { flush_log(); });
    return made.release();
  }();
  return *instance;
}

class queue_sink final : public spdlog::sinks::sink {
 public:
  void log(const spdlog::details::log_msg& message) override {
    queue().push({message.payload.data(), message.payload.size()});
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}
};

spdlog::logger& logger() {
  // Never destroyed, as the queue.
  static auto* const instance = new spdlog::logger("posthorn", std::make_shared<queue_sink>());
  return *instance;
}

struct append_value {
  std::string& out;
  void operator()(const std::string& text) const { append_json_string(out, text); }
  void operator()(std::int64_t number) const { fmt::format_to(std::back_inserter(out), "{}", number); }
  void operator()(double number) const { fmt::format_to(std::back_inserter(out), "{}", number); }
  void operator()(bool truth) const { out += truth ? "true" : "false"; }
};

}  // namespace

void set_log_level(log_level level) noexcept { logger().set_level(levels[static_cast<std::size_t>(level)]); }

bool log_enabled(log_level level) noexcept { return logger().should_log(levels[static_cast<std::size_t>(level)]); }

void log_line(log_level level, std::string_view event, std::initializer_list<log_field> fields) {
  if (!log_enabled(level)) return;
  std::string line = begin_line(level, event);
  for (const log_field& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    std::visit(append_value{line}, field.value);
  }
  line += '}';
  logger().log(levels[static_cast<std::size_t>(level)], spdlog::string_view_t(line));
}

std::uint64_t log_lines_dropped() { return queue().dropped(); }

bool flush_log(std::chrono::milliseconds bound) { return queue().flush(bound); }

}  // namespace posthorn::base
