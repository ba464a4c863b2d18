// The troubleshooting checklist (contract 2.10), and all that support needs to go on from it.
#include <algorithm>
#include <boost/json/value_from.hpp>

#include "api/assessment_json.hpp"
#include "api/event_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "diagnose/checklist.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::result;

store::shared_integration sibling_of(const store::directory& now, const model::integration& of) {
  for (const auto& [number, each] : now.integrations) {
    if (number != of.number && each->value.deployment == of.deployment) return each;
  }
  return nullptr;
}

result<std::vector<store::request_log_entry>> read_refusals(const services& with, const diagnose::facts& of) {
  auto page =
      with.queries.list_requests({.integration_id = of.of->value.integration_id}, 0, limits::diagnosed_requests_max);
  if (!page) return std::unexpected(std::move(page.error()));
  const base::epoch_ms since = with.clock.wall() - limits::diagnosed_requests_ms;
  std::erase_if(page->rows, [&](const store::request_log_entry& each) {
    return each.at < since || (!of.uid.empty() && each.uid != of.uid);
  });
  return std::move(page->rows);
}

result<std::vector<store::session_record>> read_sessions(const services& with, model::integration_no of,
                                                         const std::string& uid) {
  store::session_filter filter{.integration = of};
  if (!uid.empty()) filter.uid = uid;
  auto page = with.assessments.store().list_sessions(filter, 0, limits::diagnosed_rows_max);
  if (!page) return std::unexpected(std::move(page.error()));
  return std::move(page->rows);
}

// Attempts of those alone that are not through.
result<std::vector<store::event_view>> read_events(const services& with, const diagnose::facts& of) {
  store::event_filter filter{.integration = of.of->value.number};
  if (!of.uid.empty()) filter.uid = of.uid;
  auto page = with.queries.list_events(filter, 0, limits::diagnosed_rows_max);
  if (!page) return std::unexpected(std::move(page.error()));
  for (store::event_view& each : page->rows) {
    if (each.state == model::event_state::delivered || each.state == model::event_state::unrouted) continue;
    auto whole = with.queries.find_event(each.integration, each.id);
    if (whole) each = *std::move(whole);
  }
  return std::move(page->rows);
}

result<diagnose::facts> gather(const services& with, const store::shared_integration& of, std::string uid) {
  diagnose::facts known;
  known.of = of;
  known.uid = std::move(uid);
  known.sibling = sibling_of(*with.directory.current(), of->value);
  known.backlog = with.traffic.backlog();
  known.index_lag_events = with.health.stats().index_lag_events;
  auto refusals = read_refusals(with, known);
  if (!refusals) return std::unexpected(std::move(refusals.error()));
  known.refusals = *std::move(refusals);
  auto sessions = read_sessions(with, of->value.number, known.uid);
  if (!sessions) return std::unexpected(std::move(sessions.error()));
  known.sessions = *std::move(sessions);
  if (known.sibling && !known.uid.empty() && known.sessions.empty()) {
    const auto there = read_sessions(with, known.sibling->value.number, known.uid);
    if (!there) return std::unexpected(there.error());
    known.lives_in_sibling = !there->empty();
  }
  auto events = read_events(with, known);
  if (!events) return std::unexpected(std::move(events.error()));
  known.events = *std::move(events);
  return known;
}

json::object check_json(const diagnose::check& of) {
  json::value mend = nullptr;
  if (of.mend) mend = json::object{{"label", of.mend->label}, {"method", of.mend->method}, {"path", of.mend->path}};
  return {{"component", diagnose::to_string(of.of)},
          {"title", of.title},
          {"finding", diagnose::to_string(of.found)},
          {"evidence", json::value_from(of.evidence)},
          {"fix", text_or_null(of.fix)},
          {"action", std::move(mend)}};
}

json::object checklist_json(const services& with, const diagnose::facts& known) {
  json::value failing = nullptr;
  json::array checks;
  for (const diagnose::check& each : diagnose::run_checklist(known)) {
    if (each.found == diagnose::finding::fail && failing.is_null()) failing = json::value(diagnose::to_string(each.of));
    checks.push_back(check_json(each));
  }
  return {{"integration_id", known.of->value.integration_id},
          {"environment", model::to_string(known.of->value.env)},
          {"uid", text_or_null(known.uid)},
          {"at", base::to_rfc3339(with.clock.wall())},
          {"failing_component", std::move(failing)},
          {"checks", std::move(checks)}};
}

template <class Show>
handled answer_with(call& from, Show show) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  from.uid = from.query("uid").value_or("");
  const auto work = [&] { return gather(from.with, *of, from.uid); };
  const auto known = co_await off_thread(from, work);
  if (!known) co_return std::unexpected(known.error());
  co_return show(from.with, *known);
}

net::response show_checklist(const services& with, const diagnose::facts& known) {
  return json_answer(200, checklist_json(with, known));
}

net::response show_bundle(const services& with, const diagnose::facts& known) {
  json::object whole = checklist_json(with, known);
  json::array sessions;
  for (const store::session_record& each : known.sessions) sessions.push_back(to_json(each));
  json::array events;
  for (const store::event_view& each : known.events) {
    events.push_back(to_json(each, true, known.of->value.integration_id, with.clock));
  }
  json::array refusals;
  for (const store::request_log_entry& each : known.refusals) refusals.push_back(to_json(each));
  whole["sessions"] = std::move(sessions);
  whole["events"] = std::move(events);
  whole["refused_calls"] = std::move(refusals);
  net::response given = json_answer(200, whole);
  given.headers.emplace_back("Content-Disposition", "attachment; filename=\"posthorn-diagnosis.json\"");
  return given;
}

}  // namespace

handled get_diagnosis(call& from) { return answer_with(from, show_checklist); }
handled get_diagnosis_bundle(call& from) { return answer_with(from, show_bundle); }

}  // namespace posthorn::api
