#include "api/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <sstream>

#include "api/routes.hpp"

namespace posthorn::api {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// A single writer: a plain load and store, which is all that relaxed increments need here.
void add(std::atomic<std::uint64_t>& counter, std::uint64_t value) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
}

MetricFamily family_of(const reading& value) {
  MetricFamily family;
  family.name = "posthorn_" + value.name;
  family.help = value.help;
  ClientMetric metric;
  if (value.name.ends_with("_total")) {
    family.type = MetricType::Counter;
    metric.counter.value = value.value;
  } else {
    family.type = MetricType::Gauge;
    metric.gauge.value = value.value;
  }
  family.metric.push_back(std::move(metric));
  return family;
}

std::vector<reading> store_readings(const store::health_source& health) {
  const store::store_stats stats = health.stats();
  const store::health_report report = health.health();
  const auto number = [](auto value) { return static_cast<double>(value); };
  return {
      {"events_accepted_total", "Events made durable.", number(stats.events_accepted)},
      {"deliveries_delivered_total", "Deliveries that ended delivered.", number(stats.deliveries_delivered)},
      {"deliveries_failed_total", "Deliveries that ended failed.", number(stats.deliveries_failed)},
      {"retries_planned_total", "Attempts that failed and will be tried again.", number(stats.retries_planned)},
      {"deliveries_pending", "Deliveries with a pending row: retrying, waiting or parked.", number(stats.pending_rows)},
      {"deliveries_direct", "Deliveries in lanes on their first way out.", number(stats.direct_outstanding)},
      {"oldest_due_seconds", "How long the oldest due, sendable delivery has waited.",
       number(stats.oldest_due_ms) / 1000},
      {"index_lag_events", "Events that the search index has yet to take.", number(stats.index_lag_events)},
      {"store_commits_total", "Group commits.", number(stats.commits)},
      {"store_commit_seconds_total", "Time spent in commits, fsync included.", number(stats.commit_us_total) / 1e6},
      {"store_commit_units_total", "Events and reports over all groups; by commits, the mean group size.",
       number(stats.commit_events_total)},
      {"store_can_accept", "1 while events can be made durable.", report.can_accept ? 1.0 : 0.0},
      {"store_can_record", "1 while outcomes can be recorded.", report.can_record ? 1.0 : 0.0},
  };
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
      for (const request_meter& meter : meters) sum += meter[place].by_class[status].load(std::memory_order_relaxed);
      if (sum == 0) continue;
      ClientMetric metric;
      metric.label = {{"route", label_of(place)}, {"status", std::to_string(status + 1) + "xx"}};
      metric.counter.value = static_cast<double>(sum);
      family.metric.push_back(std::move(metric));
    }
  }
  return family;
}

MetricFamily latencies(const std::deque<request_meter>& meters, std::size_t places) {
  MetricFamily family{
      "posthorn_request_seconds", "From the whole request to its answer, by route.", MetricType::Histogram, {}};
  for (std::size_t place = 0; place < places; ++place) {
    ClientMetric metric;
    metric.label = {{"route", label_of(place)}};
    std::uint64_t count = 0;
    for (std::size_t bucket = 0; bucket <= latency_bounds_us.size(); ++bucket) {
      for (const request_meter& meter : meters)
        count += meter[place].by_latency[bucket].load(std::memory_order_relaxed);
      if (bucket < latency_bounds_us.size())
        metric.histogram.bucket.push_back({count, latency_bounds_us[bucket] / 1e6});
    }
    if (count == 0) continue;
    for (const request_meter& meter : meters) {
      metric.histogram.sample_sum += static_cast<double>(meter[place].us_total.load(std::memory_order_relaxed)) / 1e6;
    }
    metric.histogram.sample_count = count;
    family.metric.push_back(std::move(metric));
  }
  return family;
}

}  // namespace

void route_counts::count(int status, std::int64_t took_us) noexcept {
  std::size_t bucket = 0;
  while (bucket < latency_bounds_us.size() && took_us > latency_bounds_us[bucket]) ++bucket;
  add(by_class[static_cast<std::size_t>(status / 100 - 1)], 1);
  add(by_latency[bucket], 1);
  add(us_total, static_cast<std::uint64_t>(took_us));
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
  for (const reading& value : store_readings(health)) families.push_back(family_of(value));
  for (source& more : sources_) {
    for (const reading& value : more()) families.push_back(family_of(value));
  }
  families.push_back(counts_by_class(meters_, routes().size() + 1));
  families.push_back(latencies(meters_, routes().size() + 1));
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, families);
  return std::move(out).str();
}

}  // namespace posthorn::api
