// What is stored about one person (contract 6): exported, and erased.
#include <boost/json/array.hpp>

#include "api/assessment_json.hpp"
#include "api/certificate_json.hpp"
#include "api/event_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/query_string.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

constexpr std::string_view tag = "per";

// `from.reach()` comes first: the log of changes has the integration by it.
base::result<store::person> person_of(call& from) {
  const auto of = from.reach();
  if (!of) return std::unexpected(of.error());
  auto uid = decoded_segment(from.values.text[0]);
  if (!uid || uid->size() > 4 * limits::uid_chars_max) {
    return base::fail(fault::invalid_field,
                      "the uid in the address must be 1 to 256 characters, percent-encoded as UTF-8 where it has "
                      "others than letters, digits and hyphens");
  }
  return store::person{(*of)->value.number, (*of)->value.integration_id, *std::move(uid)};
}

base::result<json::array> sessions_of(services& with, const store::person& of) {
  store::session_store& in = with.assessments.store();
  json::array sessions;
  std::int64_t cursor = 0;
  do {
    const auto page = in.list_sessions({.integration = of.integration, .uid = of.uid}, cursor, limits::page_rows_max);
    if (!page) return std::unexpected(page.error());
    for (const store::session_record& each : page->rows) {
      const auto whole = in.find_session(of.integration, each.value.id);
      if (!whole) return std::unexpected(whole.error());
      json::object shown = to_json(*whole);
      shown["given"] = whole->given.empty() ? json::value() : base::own_json(whole->given);
      sessions.push_back(std::move(shown));
    }
    cursor = page->next_cursor;
  } while (cursor != 0);
  return sessions;
}

base::result<json::array> certificates_of(services& with, const store::person& of) {
  json::array certificates;
  std::int64_t cursor = 0;
  do {
    const auto page = with.certificates.store().list_certificates({.integration = of.integration, .user = of.uid},
                                                                  cursor, limits::page_rows_max);
    if (!page) return std::unexpected(page.error());
    for (const model::certificate& each : page->rows) certificates.push_back(to_json(each));
    cursor = page->next_cursor;
  } while (cursor != 0);
  return certificates;
}

// All but the events: of the first page.
base::result<json::object> records_of(services& with, const store::person& of) {
  auto sessions = sessions_of(with, of);
  if (!sessions) return std::unexpected(std::move(sessions.error()));
  auto certificates = certificates_of(with, of);
  if (!certificates) return std::unexpected(std::move(certificates.error()));
  const auto traces = with.persons.find_traces(of);
  if (!traces) return std::unexpected(traces.error());
  json::array links, lessons, requests;
  for (const store::link_record& each : traces->links) {
    links.push_back({{"id", base::format_id(base::link_prefix, each.id)},
                     {"created_at", engine_time_or_null(each.created_at, with.clock)},
                     {"expires_at", engine_time_or_null(each.expires_at, with.clock)},
                     {"opened", each.opened}});
  }
  for (const store::lesson_record& each : traces->lessons) {
    lessons.push_back({{"lesson_id", each.lesson}, {"completed_at", base::to_rfc3339(each.at)}});
  }
  for (const store::request_log_entry& each : traces->requests) requests.push_back(to_json(each));
  return json::object{{"sessions", *std::move(sessions)},
                      {"links", std::move(links)},
                      {"certificates", *std::move(certificates)},
                      {"lesson_completions", std::move(lessons)},
                      {"refused_requests", std::move(requests)}};
}

// A page of the person's events with payloads and attempts, and where the next one begins.
struct event_page {
  json::array events;
  std::int64_t next_cursor = 0;
};

base::result<event_page> events_of(services& with, const store::person& of, const page_request& want) {
  const auto found = with.queries.list_events({.integration = of.integration, .uid = of.uid}, want.after, want.limit);
  if (!found) return std::unexpected(found.error());
  event_page made{{}, found->next_cursor};
  std::uint64_t bytes = 0;
  for (const store::event_view& each : found->rows) {
    if (bytes > limits::export_bytes_max) {
      made.next_cursor = each.id + 1;  // a cursor is the last id seen, and ids end where the next ones begin
      break;
    }
    const auto whole = with.queries.find_event(of.integration, each.id);
    const auto payload = with.queries.find_payload(of.integration, each.id);
    if (!whole || !payload) continue;  // retention took it meanwhile
    json::object shown = to_json(*whole, true, of.integration_id, with.clock);
    shown["payload"] = *payload;
    made.events.push_back(std::move(shown));
    bytes += payload->size();
  }
  return made;
}

}  // namespace

handled export_person(call& from) {
  const auto of = person_of(from);
  if (!of) co_return std::unexpected(of.error());
  from.audit->entry.object = of->uid;
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto read = [&]() -> base::result<json::object> {
    auto whole = want->after == 0 ? records_of(from.with, *of) : json::object();
    if (!whole) return whole;
    auto page = events_of(from.with, *of, *want);
    if (!page) return std::unexpected(std::move(page.error()));
    (*whole)["uid"] = of->uid;
    (*whole)["integration_id"] = of->integration_id;
    (*whole)["exported_at"] = base::to_rfc3339(from.with.clock.wall());
    (*whole)["events"] = std::move(page->events);
    (*whole)["next_cursor"] = page->next_cursor == 0 ? json::value() : json::value(cursor_text(tag, page->next_cursor));
    return whole;
  };
  const auto whole = co_await off_thread(from, read);
  if (!whole) co_return std::unexpected(whole.error());
  co_return json_answer(200, *whole);
}

handled erase_person(call& from) {
  const auto of = person_of(from);
  // The entry of an erasure must not bring back what it erases.
  from.audit->entry.object.clear();
  if (!of) co_return std::unexpected(of.error());
  const auto work = [&] { return from.with.persons.erase(*of); };
  const auto done = co_await off_thread(from, work);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(200, json::object{{"erased",
                                           {{"events", done->events},
                                            {"sessions", done->sessions},
                                            {"links", done->links},
                                            {"certificates", done->certificates},
                                            {"lesson_completions", done->lessons},
                                            {"refused_requests", done->requests},
                                            {"audit_entries", done->changes}}}});
}

}  // namespace posthorn::api
