// What went out and what waits, as numbers for charts: the same cost whatever the store holds.
#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
using model::traffic_count;

struct stats_range {
  std::string_view name;
  int seconds;
  int counted_s;  // one of model::traffic_steps
  int shown_s;    // of one point in the chart
};
constexpr std::array<stats_range, 4> ranges{
    {{"1h", 3600, 60, 60}, {"24h", 86'400, 900, 900}, {"7d", 604'800, 7200, 7200}, {"30d", 2'592'000, 7200, 28'800}}};

struct stats_request {
  stats_range range;
  std::optional<model::endpoint_id> endpoint;
  base::epoch_ms first = 0;  // wall time: where the first point begins
};

struct stats_result {
  std::vector<traffic_count> points;
  std::map<model::endpoint_id, traffic_count> by_endpoint;
};

base::result<stats_request> read_request(const call& from) {
  stats_request asked{ranges[0], {}, 0};
  if (const auto name = from.query("range")) {
    const auto found = std::ranges::find(ranges, *name, &stats_range::name);
    if (found == ranges.end()) return base::fail(base::fault::invalid_field, "range must be 1h, 24h, 7d or 30d");
    asked.range = *found;
  }
  if (const auto endpoint = from.query("endpoint_id")) {
    asked.endpoint = base::parse_id(base::endpoint_prefix, *endpoint);
    if (!asked.endpoint) {
      return base::fail(base::fault::invalid_field, "endpoint_id must be an id of the form ep_…");
    }
  }
  // The last point is the span that has begun.
  const std::int64_t now_s = from.with.clock.wall() / 1000;
  asked.first = (now_s - now_s % asked.range.shown_s - asked.range.seconds + asked.range.shown_s) * 1000;
  return asked;
}

stats_result sum_up(const stats_request& asked, const std::vector<store::traffic_row>& rows) {
  stats_result sums;
  sums.points.resize(static_cast<std::size_t>(asked.range.seconds / asked.range.shown_s));
  for (const store::traffic_row& row : rows) {
    const auto place = static_cast<std::size_t>((row.start - asked.first) / 1000 / asked.range.shown_s);
    if (place < sums.points.size()) sums.points[place].add(row.count);
    sums.by_endpoint[row.endpoint].add(row.count);
  }
  return sums;
}

json::value milliseconds(const traffic_count& of, double part) {
  if (of.attempts == 0) return nullptr;
  return static_cast<double>(of.percentile_us(part)) / 1000;
}

json::object to_json(const traffic_count& of) {
  return {{"attempts", of.attempts},
          {"delivered", of.delivered},
          {"failed", of.failed},
          {"p50_ms", milliseconds(of, 0.5)},
          {"p95_ms", milliseconds(of, 0.95)}};
}

struct endpoint_numbers {
  store::shared_endpoint endpoint;
  traffic_count count;
  std::uint64_t waiting = 0;

  [[nodiscard]] bool is_active() const { return endpoint->state == model::endpoint_state::active; }
  // Who needs attention first: what is not active, then what fails, then what waits.
  [[nodiscard]] auto urgency() const { return std::tuple(!is_active(), count.failed, waiting, count.attempts); }
};

json::object to_json(const endpoint_numbers& of) {
  json::object shown = to_json(of.count);
  shown["id"] = base::format_id(base::endpoint_prefix, of.endpoint->id);
  shown["url"] = of.endpoint->url;
  shown["state"] = model::to_string(of.endpoint->state);
  shown["waiting"] = of.is_active() ? of.waiting : 0;
  shown["parked"] = of.is_active() ? 0 : of.waiting;
  return shown;
}

json::array endpoints_json(std::vector<endpoint_numbers> all) {
  std::ranges::sort(all,
                    [](const endpoint_numbers& a, const endpoint_numbers& b) { return a.urgency() > b.urgency(); });
  json::array shown;
  for (const endpoint_numbers& each : all) {
    if (shown.size() == base::limits::stats_endpoints_max) break;
    shown.push_back(to_json(each));
  }
  return shown;
}

json::object backlog_json(const std::vector<endpoint_numbers>& all, base::epoch_ms oldest_due,
                          const base::clock& clock) {
  std::uint64_t waiting = 0;
  std::uint64_t parked = 0;
  for (const endpoint_numbers& each : all) (each.is_active() ? waiting : parked) += each.waiting;
  return {{"waiting", waiting}, {"parked", parked}, {"oldest_due_at", engine_time_or_null(oldest_due, clock)}};
}

}  // namespace

handled get_stats(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto asked = read_request(from);
  if (!asked) co_return std::unexpected(asked.error());
  const auto read = [&] {
    return from.with.traffic.read_traffic({(*of)->value.number, asked->endpoint, asked->first, asked->range.counted_s});
  };
  const auto rows = co_await off_thread(from, read);
  if (!rows) co_return std::unexpected(rows.error());
  const stats_result sums = sum_up(*asked, *rows);

  traffic_count total;
  json::array points;
  for (std::size_t i = 0; i < sums.points.size(); ++i) {
    total.add(sums.points[i]);
    json::object point = to_json(sums.points[i]);
    point["start"] = base::to_rfc3339(asked->first + static_cast<std::int64_t>(i) * asked->range.shown_s * 1000);
    points.push_back(std::move(point));
  }
  const std::shared_ptr<const store::backlog_map> backlog = from.with.traffic.backlog();
  std::vector<endpoint_numbers> all;
  base::epoch_ms oldest_due = 0;
  for (const store::shared_endpoint& each : (*of)->endpoints) {
    if (asked->endpoint && each->id != *asked->endpoint) continue;
    endpoint_numbers& made = all.emplace_back(endpoint_numbers{each, {}, 0});
    if (const auto counted = sums.by_endpoint.find(each->id); counted != sums.by_endpoint.end()) {
      made.count = counted->second;
    }
    const auto waits = backlog->find(each->id);
    if (waits == backlog->end()) continue;
    made.waiting = waits->second.deliveries;
    const base::epoch_ms due = waits->second.oldest_due;
    // What is parked is due to nobody.
    if (made.is_active() && due > 0 && (oldest_due == 0 || due < oldest_due)) oldest_due = due;
  }
  json::object numbers{{"range", asked->range.name},
                       {"step_s", asked->range.shown_s},
                       {"total", to_json(total)},
                       {"points", std::move(points)},
                       {"now", backlog_json(all, oldest_due, from.with.clock)}};
  numbers["endpoints"] = endpoints_json(std::move(all));
  co_return json_answer(200, numbers);
}

}  // namespace posthorn::api
