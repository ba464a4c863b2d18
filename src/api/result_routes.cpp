// What ended sessions came to: as a list, as CSV, and one in all its detail.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "api/assessment_json.hpp"
#include "api/csv.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "assessment/answers.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "model/score.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

constexpr std::string_view tag = "res";

// The member of a kept score; null where there is no score, or it has none of that name.
json::value member(const json::object& score, std::string_view name) {
  const json::value* found = score.if_contains(name);
  return found == nullptr ? json::value() : *found;
}

json::object score_of(const store::session_record& of) {
  return of.score.empty() ? json::object() : base::own_json(of.score).as_object();
}

base::result<store::session_filter> filter_of(const call& from, model::integration_no integration) {
  store::session_filter filter{.integration = integration, .uid = from.query("uid")};
  if (const auto state = from.query("state")) {
    filter.state = model::session_state_from(*state);
    if (!filter.state || model::is_live(*filter.state)) {
      return base::fail(fault::invalid_field, "state must be complete, incomplete, cancelled, expired or scored");
    }
  }
  const auto band = from.query("risk_band");
  if (band && !model::risk_band_from(*band)) {
    return base::fail(fault::invalid_field, "risk_band must be LOW, MEDIUM or HIGH");
  }
  const auto since = time_parameter(from, "since");
  if (!since) return std::unexpected(since.error());
  const auto until = time_parameter(from, "until");
  if (!until) return std::unexpected(until.error());
  filter.wanted = [band, since = *since, until = *until](const store::session_record& one) {
    const model::session& of = one.value;
    return !model::is_live(of.state) && of.ended_at >= since && (until == 0 || of.ended_at < until) &&
           (!band || member(score_of(one), "risk_band") == json::value(*band));
  };
  return filter;
}

json::object result_json(const store::session_record& of) {
  const model::session& one = of.value;
  const json::object score = score_of(of);
  return {{"session_id", base::format_id(base::session_prefix, one.id)},
          {"uid", one.uid},
          {"platform", model::to_string(one.platform)},
          {"state", model::to_string(one.state)},
          {"outcome", text_or_null(outcome_of(one))},
          {"started_at", base::to_rfc3339(one.created_at)},
          {"ended_at", time_or_null(one.ended_at)},
          {"scored_at", time_or_null(one.scored_at)},
          {"score", member(score, "score")},
          {"risk_band", member(score, "risk_band")},
          {"score_confidence", member(score, "score_confidence")},
          {"flags", member(score, "flags")}};
}

std::string cell_text(const json::value& of) {
  if (of.is_null()) return {};
  if (const json::string* text = of.if_string()) return std::string(*text);
  const json::array* list = of.if_array();
  if (list == nullptr) return json::serialize(of);
  std::string joined;
  for (const json::value& each : *list) joined += (joined.empty() ? "" : " ") + cell_text(each);
  return joined;
}

net::response csv_answer(const json::array& rows, std::int64_t next) {
  std::string text =
      "session_id,uid,platform,state,outcome,started_at,ended_at,scored_at,score,risk_band,score_confidence,flags\r\n";
  for (const json::value& row : rows) {
    for (const auto& cell : row.as_object()) add_cell(text, cell_text(cell.value()));
    text += "\r\n";
  }
  net::response answer{.content_type = "text/csv; charset=utf-8; header=present", .body = std::move(text)};
  answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"results.csv\"");
  if (next != 0) answer.headers.emplace_back("Next-Cursor", cursor_text(tag, next));
  return answer;
}

json::value number_or_null(std::int64_t of) {
  if (of == 0) return nullptr;
  return of;
}

// Empty for a device's session, and before anything is given.
assessment::answer_sheet sheet_of(const store::session_record& of) {
  if (of.value.platform != model::platform::web || of.given.empty()) return {};
  return assessment::read_sheet(of.given).value_or(assessment::answer_sheet());
}

json::array timeline_of(const model::session& of) {
  json::array steps;
  const auto add = [&steps](std::string_view step, base::epoch_ms at) {
    if (at != 0) steps.push_back({{"step", step}, {"at", base::to_rfc3339(at)}});
  };
  add("created", of.created_at);
  add("opened", of.opened_at);
  add("consented", of.consented_at);
  add("first_response", of.first_response_at);
  add("last_response", of.last_response_at);
  add("ended", of.ended_at);
  add("scored", of.scored_at);
  return steps;
}

void add_detail(json::object& to, const store::session_record& of) {
  const json::object score = score_of(of);
  const assessment::answer_sheet sheet = sheet_of(of);
  json::array answers, visits;
  for (const auto& [item, choice] : sheet.answers) {
    const auto seen = sheet.behaviour.items.find(item);
    const auto how = seen == sheet.behaviour.items.end() ? assessment::item_behaviour() : seen->second;
    answers.push_back(
        {{"item", item}, {"choice", choice}, {"time_ms", number_or_null(how.time_ms)}, {"changes", how.changes}});
  }
  for (const auto& [name, visit] : sheet.behaviour.visits) {
    visits.push_back({{"focus_lost", visit.focus_lost}, {"away_ms", visit.away_ms}});
  }
  for (const char* name : {"traits", "quality", "permissions_granted", "permissions_denied"}) {
    to[name] = member(score, name);
  }
  to["progress"] = {{"done", of.value.made.done}, {"required", of.value.made.required}};
  to["reasons"] = json::value_from(of.value.end_reasons);
  to["answers"] = std::move(answers);
  to["visits"] = std::move(visits);
  to["timeline"] = timeline_of(of.value);
}

// The types of the events that the session's journey has made, in their order.
std::vector<std::string> types_of(const model::session& of) {
  if (model::is_live(of.state)) return {};
  std::vector<std::string> types{"application." + std::string(outcome_of(of))};
  if (of.state == model::session_state::scored) {
    types.emplace_back(of.platform == model::platform::web       ? "psychometric_score.complete"
                       : of.platform == model::platform::android ? "android_score.complete"
                                                                 : "ios_score.complete");
  }
  return types;
}

// Ids of sessions and events grow together: the session's event of a type is the first above its own id.
base::result<json::array> events_of(store::queries& in, const model::session& of) {
  json::array events;
  for (const std::string& type : types_of(of)) {
    const store::event_filter filter{.integration = of.integration, .uid = of.uid, .type = type};
    std::optional<store::event_view> first;
    std::int64_t cursor = 0;
    do {
      const auto page = in.list_events(filter, cursor, limits::page_rows_max);
      if (!page) return std::unexpected(page.error());
      for (const store::event_view& one : page->rows) {
        if (one.id > of.id) first = one;
      }
      cursor = page->next_cursor;
    } while (cursor > of.id);
    if (!first) continue;
    events.push_back({{"id", base::format_id(base::event_prefix, first->id)},
                      {"type", first->type},
                      {"accepted_at", base::to_rfc3339(first->accepted_at)},
                      {"state", model::to_string(first->state)}});
  }
  return events;
}

}  // namespace

handled list_results(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto want = listing_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto filter = filter_of(from, (*of)->value.number);
  if (!filter) co_return std::unexpected(filter.error());
  const auto read = [&] {
    return from.with.assessments.store().list_sessions(*filter, want->page.after, want->page.limit);
  };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  json::array data;
  for (const store::session_record& one : page->rows) data.push_back(result_json(one));
  if (want->csv) co_return csv_answer(data, page->next_cursor);
  co_return page_answer(std::move(data), tag, page->next_cursor);
}

handled get_result(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::session_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto read = [&] { return from.with.assessments.look((*of)->value.number, *id); };
  const auto found = co_await off_thread(from, read);
  if (!found) co_return std::unexpected(found.error());
  const auto search = [&] { return events_of(from.with.queries, found->value); };
  auto events = co_await off_thread(from, search);
  if (!events) co_return std::unexpected(events.error());
  json::object whole = result_json(*found);
  add_detail(whole, *found);
  whole["events"] = *std::move(events);
  co_return json_answer(200, whole);
}

}  // namespace posthorn::api
