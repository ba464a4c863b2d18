#include "store/sqlite/traffic_table.hpp"

#include <cstring>
#include <limits>

#include "base/limits.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;
using model::traffic_count;

constexpr std::size_t entry_bytes = 1 + sizeof(std::uint64_t);

traffic_count& gathered(lane_state& lane) {
  if (!lane.traffic) lane.traffic = std::make_unique<traffic_count>();
  return *lane.traffic;
}

std::string write_durations(const traffic_count& of) {
  std::string blob;
  for (std::size_t range = 0; range < of.took.size(); ++range) {
    if (of.took[range] == 0) continue;
    blob += static_cast<char>(range);
    blob.append(reinterpret_cast<const char*>(&of.took[range]), sizeof(std::uint64_t));
  }
  return blob;
}

// Columns from `first` on: attempts, delivered, failed, took.
void add_row(traffic_count& to, const statement& from, int first) {
  to.attempts += static_cast<std::uint64_t>(from.integer(first));
  to.delivered += static_cast<std::uint64_t>(from.integer(first + 1));
  to.failed += static_cast<std::uint64_t>(from.integer(first + 2));
  for (std::string_view blob = from.text(first + 3); blob.size() >= entry_bytes; blob.remove_prefix(entry_bytes)) {
    const auto range = static_cast<unsigned char>(blob.front());
    std::uint64_t count = 0;
    std::memcpy(&count, blob.data() + 1, sizeof count);
    if (range < to.took.size()) to.took[range] += count;
  }
}

}  // namespace

void count_attempt(lane_state& lane, const attempt_report& report) {
  gathered(lane).note_attempt(report.evidence.timing.total_us);
}

void count_end(lane_state& lane, outcome_result how) {
  if (how == outcome_result::delivered) ++gathered(lane).delivered;
  if (how == outcome_result::failed) ++gathered(lane).failed;
}

traffic_table::traffic_table(connection& on)
    : find_(on,
            "SELECT attempts,delivered,failed,took FROM traffic WHERE step_s=?1 AND integration=?2 AND start=?3 AND "
            "endpoint=?4"),
      put_(on,
           "REPLACE INTO traffic(step_s,integration,start,endpoint,attempts,delivered,failed,took) "
           "VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"),
      forget_(on, "DELETE FROM traffic WHERE step_s=?1 AND integration=?2 AND start<?3") {}

bool traffic_table::is_due(base::epoch_ms now) const noexcept { return !dirty_.empty() || now >= next_flush_; }

void traffic_table::hurry() noexcept {
  next_flush_ = 0;
  at_once_ = std::numeric_limits<std::size_t>::max();
}

bool traffic_table::step(commit_group& group) {
  if (dirty_.empty()) {
    next_flush_ = group.now + limits::traffic_flush_ms;
    for (const auto& [endpoint, lane] : group.known.lanes()) {
      if (lane.traffic) dirty_.push_back(endpoint);
    }
  }
  for (std::size_t left = at_once_; left > 0 && !dirty_.empty(); --left) {
    lane_state* const lane = group.known.lane(dirty_.back());
    if (lane != nullptr && lane->traffic) {
      add(group, dirty_.back(), *lane);
      lane->traffic.reset();
    }
    dirty_.pop_back();
  }
  return !dirty_.empty();
}

void traffic_table::add(commit_group& group, model::endpoint_id endpoint, const lane_state& lane) {
  const std::int64_t now_s = group.wall / 1000;
  for (const model::traffic_step& step : model::traffic_steps) {
    const std::int64_t start = now_s - now_s % step.seconds;
    traffic_count sum = *lane.traffic;
    find_.bind(1, step.seconds).bind(2, lane.integration).bind(3, start).bind(4, endpoint);
    const int found = find_.step();
    if (found == SQLITE_ROW) add_row(sum, find_, 0);
    find_.reset();
    group.sql.note_failure(found);
    const std::string durations = write_durations(sum);
    put_.bind(1, step.seconds).bind(2, lane.integration).bind(3, start).bind(4, endpoint);
    put_.bind(5, static_cast<std::int64_t>(sum.attempts)).bind(6, static_cast<std::int64_t>(sum.delivered));
    put_.bind(7, static_cast<std::int64_t>(sum.failed)).bind_blob(8, durations);
    group.sql.note_failure(put_.run());
    // A span's first row takes away what has become too old: as much as comes goes.
    if (found == SQLITE_DONE) {
      forget_.bind(1, step.seconds).bind(2, lane.integration).bind(3, start - step.kept_s);
      group.sql.note_failure(forget_.run());
    }
  }
}

int read_traffic(connection& on, const traffic_filter& filter, std::vector<traffic_row>& rows) {
  rows.clear();
  statement query(on,
                  "SELECT start,endpoint,attempts,delivered,failed,took FROM traffic WHERE step_s=?1 AND "
                  "integration=?2 AND start>=?3 AND endpoint BETWEEN ?4 AND ?5 ORDER BY start,endpoint");
  query.bind(1, filter.step_s).bind(2, filter.integration).bind(3, (filter.since + 999) / 1000);
  query.bind(4, filter.endpoint.value_or(0));
  query.bind(5, filter.endpoint.value_or(std::numeric_limits<std::int64_t>::max()));
  int code = query.step();
  for (; code == SQLITE_ROW; code = query.step()) {
    traffic_row& row = rows.emplace_back();
    row.start = query.integer(0) * 1000;
    row.endpoint = query.integer(1);
    add_row(row.count, query, 2);
  }
  return code;
}

}  // namespace posthorn::store::sqlite
