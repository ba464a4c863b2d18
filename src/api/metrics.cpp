#include "api/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <sstream>

#include "api/routes.hpp"

namespace posthorn::api {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

template <class Number>
double number(Number value) {
  return static_cast<double>(value);
}

void add(std::vector<MetricFamily>& families, const reading& value) {
  const std::string name = "posthorn_" + value.name;
  const bool counter = name.ends_with("_total");
  if (families.empty() || families.back().name != name) {
    families.push_back({name, value.help, counter ? MetricType::Counter : MetricType::Gauge, {}});
  }
  ClientMetric metric;
  for (const auto& [label, text] : value.labels) metric.label.push_back({label, text});
  (counter ? metric.counter.value : metric.gauge.value) = value.value;
  families.back().metric.push_back(std::move(metric));
}

ClientMetric histogram_of(const base::tally& counts, double unit) {
  ClientMetric metric;
  std::uint64_t up_to = 0;
  for (std::size_t bucket = 0; bucket < counts.counts.size(); ++bucket) {
    up_to += counts.counts[bucket];
    if (bucket < counts.bounds.size()) metric.histogram.bucket.push_back({up_to, number(counts.bounds[bucket]) * unit});
  }
  metric.histogram.sample_count = up_to;
  metric.histogram.sample_sum = number(counts.sum) * unit;
  return metric;
}

void add(std::vector<MetricFamily>& families, const distribution& value) {
  families.push_back(
      {"posthorn_" + value.name, value.help, MetricType::Histogram, {histogram_of(value.counts, value.unit)}});
}

readings store_readings(const store::health_source& health) {
  const store::store_stats stats = health.stats();
  const store::health_report report = health.health();
  return {
      .numbers =
          {{"events_accepted_total", "Events made durable.", number(stats.events_accepted)},
           {"deliveries_delivered_total", "Deliveries that ended delivered.", number(stats.deliveries_delivered)},
           {"deliveries_failed_total", "Deliveries that ended failed, or were cancelled on their way.",
            number(stats.deliveries_failed)},
           {"retries_planned_total", "Attempts that failed and will be made again.", number(stats.retries_planned)},
           {"deliveries_pending", "Deliveries with a pending row: retrying, waiting, parked or in a lane.",
            number(stats.pending_rows)},
           {"deliveries_parked", "Of the pending ones, those whose endpoint is not active.", number(stats.parked_rows)},
           {"deliveries_direct", "Deliveries in lanes on their first way out.", number(stats.direct_outstanding)},
           {"lane_depth_max", "Deliveries in memory of the lane that has the most.", number(stats.deepest_lane)},
           {"oldest_due_seconds", "How long the oldest delivery that is due and sendable has waited.",
            number(stats.oldest_due_ms) / 1000},
           {"stalled_seconds", "How long the lane that stands still for longest, without a reason, has done so.",
            number(stats.stalled_ms) / 1000},
           {"index_lag_events", "Events that the search index has yet to take.", number(stats.index_lag_events)},
           {"store_can_accept", "1 while events can be made durable.", report.can_accept ? 1.0 : 0.0},
           {"store_can_record", "1 while outcomes can be recorded.", report.can_record ? 1.0 : 0.0}},
      .distributions = {
          {"store_commit_seconds", "Time of a group's commit, fsync included.", stats.commit_us, 1e-6},
          {"store_commit_items", "Events and reports that one commit made durable.", stats.commit_items, 1}}};
}

std::string label_of(std::size_t place) {
  const auto table = routes();
  if (place >= table.size()) return "unknown";
  return std::string(table[place].method) + " " + std::string(table[place].pattern);
}

MetricFamily counts_by_class(const std::deque<request_meter>& meters, std::size_t places) {
  MetricFamily family{
      "posthorn_requests_total", "Requests answered, by route and class of status.", MetricType::Counter, {}};
  for (std::size_t place = 0; place < places; ++place) {
    for (std::size_t status = 0; status < 5; ++status) {
      std::uint64_t sum = 0;
      for (const request_meter& each : meters) {
        sum += each.routes[place].by_class[status].load(std::memory_order_relaxed);
      }
      if (sum == 0) continue;
      ClientMetric metric;
      metric.label = {{"route", label_of(place)}, {"status", std::to_string(status + 1) + "xx"}};
      metric.counter.value = number(sum);
      family.metric.push_back(std::move(metric));
    }
  }
  return family;
}

MetricFamily latencies(const std::deque<request_meter>& meters, std::size_t places) {
  MetricFamily family{
      "posthorn_request_seconds", "From the whole request to its answer, by route.", MetricType::Histogram, {}};
  for (std::size_t place = 0; place < places; ++place) {
    base::tally all;
    for (const request_meter& each : meters) each.routes[place].took.add_to(all);
    if (std::ranges::all_of(all.counts, [](std::uint64_t count) { return count == 0; })) continue;
    family.metric.push_back(histogram_of(all, 1e-6));
    family.metric.back().label = {{"route", label_of(place)}};
  }
  return family;
}

MetricFamily unreadable(const std::deque<request_meter>& meters) {
  MetricFamily family{"posthorn_requests_unreadable_total",
                      "Requests refused before they could be read, by the error's name.",
                      MetricType::Counter,
                      {}};
  for (const base::fault_text& each : base::all_fault_texts()) {
    std::uint64_t sum = 0;
    for (const request_meter& meter : meters) {
      sum += meter.unreadable[static_cast<std::size_t>(each.code)].load(std::memory_order_relaxed);
    }
    if (sum == 0) continue;
    ClientMetric metric;
    metric.label = {{"error", std::string(each.slug)}};
    metric.counter.value = number(sum);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

}  // namespace

void route_counts::count(int status, std::int64_t took_us) noexcept {
  base::count_up(by_class[static_cast<std::size_t>(status / 100 - 1)]);
  took.note(took_us);
}

request_meter& metrics::new_meter() {
  const std::lock_guard lock(guard_);
  return meters_.emplace_back(routes().size() + 1);
}

void metrics::add_source(source more) {
  const std::lock_guard lock(guard_);
  sources_.push_back(std::move(more));
}

std::string metrics::text(const store::health_source& health) {
  const std::lock_guard lock(guard_);
  std::vector<MetricFamily> families;
  const auto add_all = [&families](const readings& from) {
    for (const reading& each : from.numbers) add(families, each);
    for (const distribution& each : from.distributions) add(families, each);
  };
  add_all(store_readings(health));
  for (source& more : sources_) add_all(more());
  families.push_back(counts_by_class(meters_, routes().size() + 1));
  families.push_back(latencies(meters_, routes().size() + 1));
  families.push_back(unreadable(meters_));
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return std::move(out).str();
}

}  // namespace posthorn::api
