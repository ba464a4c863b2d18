#include "policy/endpoint_health.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace posthorn::policy {

namespace limits = base::limits;
using model::health_change;

bool breaker_opens(const model::health_setting& setting, const window_counts& window) noexcept {
  // Whoever asks for fewer failures than that cannot want more deliveries among them.
  const std::int32_t deliveries_min = std::min(setting.failures_min, limits::breaker_deliveries_min);
  return window.failures >= setting.failures_min && window.failing_deliveries >= deliveries_min &&
         window.failures * 100 >= window.attempts * setting.failure_percent_min;
}

base::epoch_ms next_probe_at(int probes_failed, base::epoch_ms now, double chance) noexcept {
  constexpr double jitter_share_max = 0.2;
  base::epoch_ms gap_ms = limits::probe_gap_s_min * 1000LL;
  for (int i = 0; i < probes_failed && gap_ms < limits::probe_gap_s_max * 1000LL; ++i) gap_ms *= 2;
  gap_ms = std::min<base::epoch_ms>(gap_ms, limits::probe_gap_s_max * 1000LL);
  return now + gap_ms + static_cast<base::epoch_ms>(static_cast<double>(gap_ms) * jitter_share_max * chance);
}

bool failing_too_long(const model::health_setting& setting, base::epoch_ms failing_since, base::epoch_ms now) noexcept {
  return setting.disable_after_s > 0 && failing_since > 0 && now - failing_since >= setting.disable_after_s * 1000LL;
}

health_decision decide_health(const model::health_setting& setting, const health_facts& facts, base::epoch_ms now,
                              double chance) noexcept {
  if (facts.success) return {facts.probe ? health_change::close : health_change::none};
  if (failing_too_long(setting, facts.failing_since, now)) return {health_change::disable};
  if (facts.probe) return {health_change::stay_open, next_probe_at(facts.probes_failed + 1, now, chance)};
  if (breaker_opens(setting, facts.window)) return {health_change::open, next_probe_at(0, now, chance)};
  return {};
}

}  // namespace posthorn::policy
