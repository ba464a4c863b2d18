// docs/limits.md against the program: every row names a limit by its constant, with the value that the program has, and
// only metrics that docs/metrics.md lists; every limit below has its row.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "base/limits.hpp"
#include "base/log_queue.hpp"
#include "support/paths.hpp"

namespace posthorn::app {
namespace {

namespace limits = base::limits;

std::string count(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string bytes(std::uint64_t number) {
  if (number % limits::mib == 0) return count(number / limits::mib) + " MiB";
  if (number % limits::kib == 0) return count(number / limits::kib) + " KiB";
  return count(number) + " bytes";
}

std::string duration(std::uint64_t ms) {
  constexpr std::uint64_t second = 1'000;
  constexpr std::uint64_t hour = 3'600 * second;
  if (ms % hour == 0) return count(ms / hour) + " h";
  if (ms % second == 0) return count(ms / second) + " s";
  return count(ms) + " ms";
}

// One line each, so that two who add rows do not meet. In the order of the page.
// clang-format off
std::map<std::string, std::string> program_limits() {
  return {
      {"payload_bytes_max", bytes(limits::payload_bytes_max)},
      {"batch_lines_max", count(limits::batch_lines_max)},
      {"batch_bytes_max", bytes(limits::batch_bytes_max)},
      {"json_depth_max", count(limits::json_depth_max)},
      {"request_target_bytes_max", bytes(limits::request_target_bytes_max)},
      {"request_head_bytes_max", bytes(limits::request_head_bytes_max)},
      {"request_head_timeout_ms", duration(limits::request_head_timeout_ms)},
      {"request_body_timeout_ms", duration(limits::request_body_timeout_ms)},
      {"ingest_queue_events_max", count(limits::ingest_queue_events_max)},
      {"ingest_queue_bytes_max", bytes(limits::ingest_queue_bytes_max)},
      {"filter_bytes_max", bytes(limits::filter_bytes_max)},
      {"filter_nodes_max", count(limits::filter_nodes_max)},
      {"filter_depth_max", count(limits::filter_depth_max)},
      {"event_types_per_company_max", count(limits::event_types_per_company_max)},
      {"schema_bytes_max", bytes(limits::schema_bytes_max)},
      {"example_bytes_max", bytes(limits::example_bytes_max)},
      {"schema_patterns_max", count(limits::schema_patterns_max)},
      {"schema_pattern_bytes_max", bytes(limits::schema_pattern_bytes_max)},
      {"auth_failures_burst", count(limits::auth_failures_burst)},
      {"log_queue_bytes_max", bytes(limits::log_queue_bytes_max)},
      {"log_exit_ms_max", duration(limits::log_exit_ms_max)},
  };
}
// clang-format on

struct row {
  std::string value;
  std::set<std::string> metrics;
};

std::string page(const std::string& name) {
  std::ifstream file(test::tree_path("docs/" + name));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::map<std::string, row> documented_limits() {
  const std::regex form(R"re(\| `([a-z0-9_]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|)re");
  const std::regex metric(R"re(`(posthorn_\w+)`)re");
  std::map<std::string, row> rows;
  std::istringstream lines(page("limits.md"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    std::smatch parts;
    if (!std::regex_match(line, parts, form)) {
      ADD_FAILURE() << "a row has five columns, name, default, range, beyond it, metric: " << line;
      continue;
    }
    const std::string metrics = parts[5];
    row one{.value = parts[2], .metrics = {}};
    for (std::sregex_iterator at(metrics.begin(), metrics.end(), metric), end; at != end; ++at) {
      one.metrics.insert((*at)[1]);
    }
    EXPECT_TRUE(rows.emplace(parts[1], one).second) << parts[1] << " has two rows";
  }
  return rows;
}

TEST(limits_page, has_a_row_for_every_limit_with_the_programs_value) {
  std::map<std::string, std::string> values;
  for (const auto& [name, one] : documented_limits()) values[name] = one.value;
  EXPECT_EQ(values, program_limits());
}

TEST(limits_page, names_only_metrics_that_there_are) {
  const std::string metrics = page("metrics.md");
  for (const auto& [name, one] : documented_limits()) {
    for (const std::string& metric : one.metrics) {
      EXPECT_NE(metrics.find("| `" + metric + "` |"), std::string::npos) << name << ": " << metric;
    }
  }
}

}  // namespace
}  // namespace posthorn::app
