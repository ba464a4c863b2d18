#include "assessment/assessment_service.hpp"

#include <fmt/format.h>

#include "assessment/session_start.hpp"
#include "base/limits.hpp"
#include "store/decided.hpp"

namespace posthorn::assessment {
namespace {

using base::fault;
using model::session_state;
using store::session_changes;
using store::session_record;

// What `decide` makes, once it is durable.
template <class Made, class Decide>
base::result<Made> changed(store::session_store& in, Decide decide) {
  return store::decided<Made, session_changes>([&](const auto& decision) { return in.change_sessions(decision); },
                                               std::move(decide));
}

base::result<session_record> new_session(const document_catalogue& known, const model::integration& of,
                                         std::string_view uid, base::epoch_ms now) {
  const model::assessment_settings& settings = of.assessment;
  session_record made;
  made.value.integration = of.number;
  made.value.uid = uid;
  made.value.platform = settings.platform;
  made.questionnaire = settings.questionnaire;
  made.scorecard = settings.scorecard;
  const auto progress = progress_at_start(known, made);
  if (!progress) return std::unexpected(progress.error());
  made.value.made = *progress;
  made.value = begin(std::move(made.value), settings.time_limit_s, now);
  return made;
}

}  // namespace

base::result<void> assessment_service::emit(session_changes& into, const model::session& about,
                                            const journey_event& event) const {
  const store::shared_directory now = directory_.current();
  const auto found = now->integrations.find(about.integration);
  if (found == now->integrations.end()) return {};  // its deployment was deleted: nobody is left to tell
  auto draft = events_.draft(*found->second, ingest_body(event, about.uid), {});
  if (!draft) return std::unexpected(std::move(draft.error()));
  into.emit(*std::move(draft));
  return {};
}

base::result<journey_outcome> assessment_service::advance(session_changes& in, session_record&& from,
                                                          const journey_step& step, base::epoch_ms now) const {
  step_outcome taken = take(from.value, step, now);
  journey_outcome made{std::move(from), taken.refused, {}};
  made.record.value = std::move(taken.session);
  if (taken.changed) in.put(made.record);
  if (taken.emit) {
    if (auto told = emit(in, made.record.value, *taken.emit); !told) return std::unexpected(std::move(told.error()));
  }
  return made;
}

base::result<session_record> assessment_service::start(model::integration_no integration, std::string_view uid) {
  const store::shared_directory directory = directory_.current();
  const auto of = directory->integrations.find(integration);
  if (of == directory->integrations.end()) return base::fail(fault::not_found, "there is no such integration");
  admission how = admission::create;
  auto made = changed<session_record>(store_, [&](session_changes& in) -> base::result<session_record> {
    auto latest = in.find_latest(integration, uid);
    const base::epoch_ms now = clock_.engine();
    how = admit(latest ? std::optional(latest->value) : std::nullopt, now);
    if (how == admission::resume) return *std::move(latest);
    if (how == admission::refuse) {
      auto ended = advance(in, *std::move(latest), limit_passed{}, now);
      if (!ended) return std::unexpected(std::move(ended.error()));
      return std::move(ended->record);
    }
    auto fresh = new_session(documents_, of->second->value, uid, now);
    if (fresh) in.put(*fresh);
    return fresh;
  });
  if (made && how == admission::refuse) {
    return base::fail_at(fault::invalid_field, "/uid",
                         fmt::format("this uid's session has ended and is {}: a uid is used once per assessment",
                                     model::to_string(made->value.state)));
  }
  return made;
}

base::result<session_record> assessment_service::settle(session_changes& in, session_record of,
                                                        base::epoch_ms now) const {
  auto ended = advance(in, std::move(of), limit_passed{}, now);
  if (!ended) return std::unexpected(std::move(ended.error()));
  return std::move(ended->record);
}

base::result<session_record> assessment_service::begin_until(session_changes& in, const model::integration& of,
                                                             std::string_view uid, base::epoch_ms now,
                                                             base::epoch_ms ends_at) const {
  auto fresh = new_session(documents_, of, uid, now);
  if (!fresh) return fresh;
  fresh->value.expires_at = ends_at;
  in.put(*fresh);
  return fresh;
}

base::result<session_record> assessment_service::look(model::integration_no integration, model::session_id id) {
  auto found = store_.find_session(integration, id);
  if (found) found->value = take(found->value, limit_passed{}, clock_.engine()).session;
  return found;
}

base::result<journey_outcome> assessment_service::change(model::integration_no integration, model::session_id id,
                                                         const decide_on& decide) {
  return changed<journey_outcome>(store_, [&](session_changes& in) -> base::result<journey_outcome> {
    auto found = in.find(integration, id);
    if (!found) return base::fail(fault::not_found, "there is no such session");
    return decide(in, *std::move(found));
  });
}

base::result<journey_outcome> assessment_service::take_step(model::integration_no integration, model::session_id id,
                                                            const journey_step& step) {
  return change(integration, id, [&](session_changes& in, session_record&& from) {
    return advance(in, std::move(from), step, clock_.engine());
  });
}

base::result<journey_outcome> assessment_service::open(model::integration_no integration, model::session_id id) {
  return take_step(integration, id, opened{});
}

base::result<journey_outcome> assessment_service::consent(model::integration_no integration, model::session_id id,
                                                          bool accepted) {
  if (accepted) return take_step(integration, id, policy_accepted{});
  return take_step(integration, id, policy_rejected{});
}

base::result<journey_outcome> assessment_service::exit(model::integration_no integration, model::session_id id) {
  return take_step(integration, id, exited{});
}

base::result<journey_outcome> assessment_service::take_report(model::integration_no integration, model::session_id id,
                                                              std::string_view report, take_report_of take_it) {
  return change(integration, id, [&](session_changes& in, session_record&& from) -> base::result<journey_outcome> {
    // How it stands with the session comes before what is wrong with the report.
    const base::epoch_ms now = clock_.engine();
    const auto allowed = take(from.value, responded{from.value.made}, now);
    if (allowed.refused) return advance(in, std::move(from), responded{from.value.made}, now);
    auto taken = take_it(documents_, from, report);
    if (!taken) return std::unexpected(std::move(taken.error()));
    from.given = std::move(taken->given);
    if (taken->is_response) return advance(in, std::move(from), responded{taken->made}, now);
    in.put(from);
    return journey_outcome{std::move(from), {}, {}};
  });
}

base::result<journey_outcome> assessment_service::answer(model::integration_no integration, model::session_id id,
                                                         std::string_view report) {
  return take_report(integration, id, report, take_answers);
}

base::result<journey_outcome> assessment_service::give_device_data(model::integration_no integration,
                                                                   model::session_id id, std::string_view report) {
  return take_report(integration, id, report, take_device_data);
}

base::result<journey_outcome> assessment_service::submit(model::integration_no integration, model::session_id id,
                                                         bool anyway) {
  return change(integration, id, [&](session_changes& in, session_record&& from) -> base::result<journey_outcome> {
    const base::epoch_ms now = clock_.engine();
    const auto foreseen = take(from.value, submitted{}, now);
    if (!anyway && foreseen.session.state == session_state::incomplete && foreseen.changed) {
      auto missing = missing_of(documents_, from);
      if (!missing) return std::unexpected(std::move(missing.error()));
      return journey_outcome{std::move(from), {}, *std::move(missing)};
    }
    auto made = advance(in, std::move(from), submitted{}, now);
    if (!made || !foreseen.changed || made->record.value.state != session_state::complete) return made;
    if (!is_scored_elsewhere(integration)) return score_in(in, std::move(made->record), now);
    made->record.scoring.due_at = now;
    in.put(made->record);
    return made;
  });
}

base::result<std::size_t> assessment_service::expire_overdue() {
  return changed<std::size_t>(store_, [&](session_changes& in) -> base::result<std::size_t> {
    const base::epoch_ms now = clock_.engine();
    auto over = in.overdue(now, base::limits::expiries_per_transaction_max);
    for (session_record& each : over) {
      if (auto ended = advance(in, std::move(each), limit_passed{}, now); !ended) {
        return std::unexpected(std::move(ended.error()));
      }
    }
    return over.size();
  });
}

}  // namespace posthorn::assessment
