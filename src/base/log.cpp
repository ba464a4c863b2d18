#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>

#include "base/clock.hpp"
#include "base/json_text.hpp"

namespace posthorn::base {
namespace {

constexpr std::array levels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err,
                            spdlog::level::off};
constexpr std::array<std::string_view, 5> level_names{"debug", "info", "warn", "error", "off"};

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = std::make_shared<spdlog::logger>("posthorn", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::warn);
    return made;
  }();
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
  std::string line = fmt::format(R"({{"at":"{}","level":"{}","event":)", to_rfc3339(system_clock().wall()),
                                 level_names[static_cast<std::size_t>(level)]);
  append_json_string(line, event);
  for (const log_field& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    std::visit(append_value{line}, field.value);
  }
  line += '}';
  logger().log(levels[static_cast<std::size_t>(level)], spdlog::string_view_t(line));
}

}  // namespace posthorn::base
