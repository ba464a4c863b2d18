#include "store/sqlite/news.hpp"

#include "base/hash.hpp"
#include "base/id.hpp"
#include "model/event_pattern.hpp"
#include "model/operational_event.hpp"
#include "store/sqlite/intake.hpp"

namespace posthorn::store::sqlite {
namespace {

const news_desk* desk_of(commit_group& group, model::integration_no integration) {
  const auto found = group.known.news_desks().find(integration);
  return found == group.known.news_desks().end() ? nullptr : &found->second;
}

std::vector<model::endpoint_id> readers_of(const news_desk& desk, std::string_view type) {
  std::vector<model::endpoint_id> readers;
  for (const auto& endpoint : desk.endpoints) {
    const bool wants = std::ranges::any_of(
        endpoint->event_types, [type](const std::string& pattern) { return model::pattern_matches(pattern, type); });
    if (wants) readers.push_back(endpoint->id);
  }
  return readers;
}

// The uid is the endpoint's id: where order matters, the news of one endpoint come in theirs.
void publish(commit_group& group, model::integration_no integration, std::string_view type, model::endpoint_id endpoint,
             std::vector<model::endpoint_id> readers, std::string payload) {
  event_draft draft;
  draft.integration = integration;
  draft.type = type;
  draft.uid = base::format_id(base::endpoint_prefix, endpoint);
  draft.uid_hash = base::stable_hash(draft.uid);
  draft.payload = std::move(payload);
  draft.targets = std::move(readers);
  make_event(group, draft);
}

// Engine time as wall time, for people.
base::epoch_ms shown(const commit_group& group, base::epoch_ms at) { return at == 0 ? 0 : at - group.now + group.wall; }

}  // namespace

void announce_state(commit_group& group, model::integration_no integration, std::string_view type,
                    model::endpoint_id endpoint, model::endpoint_state state, std::string_view reason,
                    base::epoch_ms failing_since, base::epoch_ms probe_at) {
  const news_desk* desk = desk_of(group, integration);
  if (!desk) return;
  auto readers = readers_of(*desk, type);
  if (readers.empty()) return;
  publish(group, integration, type, endpoint, std::move(readers),
          model::payload_of(model::endpoint_news{.type = type,
                                                 .at = group.wall,
                                                 .integration_id = desk->integration_id,
                                                 .endpoint = endpoint,
                                                 .state = state,
                                                 .reason = reason,
                                                 .failing_since = shown(group, failing_since),
                                                 .next_probe_at = shown(group, probe_at)}));
}

void announce_word(commit_group& group, model::endpoint_state before, const model::endpoint& after) {
  using enum model::endpoint_state;
  if (after.state == before || after.state == paused || after.kind == model::endpoint_kind::operational) return;
  announce_state(group, after.integration,
                 after.state == active ? model::news::endpoint_enabled : model::news::endpoint_disabled, after.id,
                 after.state, after.state_reason, 0, 0);
}

void announce_failure(commit_group& group, const lane_state& lane, const attempt_report& report, model::event_id event,
                      std::int32_t attempts) {
  if (lane.operational) return;
  const news_desk* desk = desk_of(group, lane.integration);
  if (!desk) return;
  auto readers = readers_of(*desk, model::news::delivery_failed);
  if (readers.empty()) return;
  const auto heading = group.sql.heading_of(event);
  if (!heading) return;
  publish(group, lane.integration, model::news::delivery_failed, report.endpoint, std::move(readers),
          model::payload_of(model::failed_delivery_news{.at = group.wall,
                                                        .integration_id = desk->integration_id,
                                                        .delivery = report.delivery,
                                                        .event = event,
                                                        .event_type = heading->type,
                                                        .uid = heading->uid,
                                                        .endpoint = report.endpoint,
                                                        .attempts = attempts,
                                                        .last_status = report.evidence.status,
                                                        .last_error = report.evidence.error}));
}

}  // namespace posthorn::store::sqlite
