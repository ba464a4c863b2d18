#include "store/sqlite/person_gateway.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <unordered_set>

#include "base/id.hpp"
#include "base/limits.hpp"
#include "model/operational_event.hpp"
#include "store/sqlite/event_eraser.hpp"
#include "store/sqlite/index_file.hpp"
#include "store/sqlite/lists.hpp"
#include "store/sqlite/person_tables.hpp"
#include "store/sqlite/slack_scrubber.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;
constexpr page_number pages_a_step = limits::erasure_step_bytes / 4'096;
using base::fault;

// In meta: 1 from the first row that an erasure takes away until scrub_file() has been through the file, over crashes.
constexpr std::string_view scrub_owed_key = "scrub_owed";

base::result<bool> owes_scrub(const connection& on) {
  statement owed(on, "SELECT 1 FROM meta WHERE key=?1 AND value=1");
  owed.bind_text(1, scrub_owed_key);
  return next_row(on, owed, "reading what an erasure left to do");
}

bool took_anything(const erasure_report& of) noexcept {
  return of.sessions + of.links + of.certificates + of.lessons + of.requests > 0;
}

// The event that a notice of a failed delivery is about, as it is printed; "" if it tells of none.
std::string_view event_named_in(std::string_view notice) {
  constexpr std::string_view member = R"("event_id":")";
  const std::size_t at = notice.find(member);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = notice.substr(at + member.size());
  return rest.substr(0, rest.find('"'));
}

base::error still_owed(const std::vector<model::event_id>& events) {
  const std::string first = base::format_id(base::event_prefix, events.front());
  return base::fail(fault::not_acceptable_now,
                    fmt::format("{} of the person's events {} not delivered yet (pending, retrying or parked), such as "
                                "{}: wait until they are, or cancel their deliveries with POST "
                                "/v1/deliveries/{{id}}/cancel, then repeat the call; nothing has been erased",
                                events.size(), events.size() == 1 ? "is" : "are", first))
      .error();
}

}  // namespace

base::result<person_traces> person_gateway::find_traces(const person& of) {
  base::result<person_traces> made;
  auto read = reads_.with([&](const read_view& view) { made = read_traces(view.store.on(), of); });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

base::result<erasure_report> person_gateway::erase(const person& of) {
  const std::unique_lock alone(erasing_, std::try_to_lock);
  if (!alone) {
    return base::fail_later(fault::too_many_requests,
                            "another erasure is at work, and each reads the whole store: repeat the call",
                            limits::erasure_retry_after_s);
  }
  erasure_report done;
  bool to_scrub = false;
  const auto last = last_event();
  if (!last) return std::unexpected(last.error());
  const auto found = find_events(of, *last);
  if (!found) return std::unexpected(found.error());
  if (!found->unfinished.empty()) return std::unexpected(still_owed(found->unfinished));

  const auto records = [&](unit_context& context) -> base::result<void> {
    const auto named = is_in_unmade_batch(context.on, of);
    if (!named) return std::unexpected(named.error());
    if (*named) {
      return base::fail(fault::not_acceptable_now,
                        "a batch of links that is being made has one for the person: repeat the call when it is made; "
                        "nothing has been erased");
    }
    // What was refused a moment ago is not a row yet.
    if (auto written = write_requests(context.on, journal_.take()); !written) return written;
    done = {};
    if (auto erased = erase_records(context.on, of, done); !erased) return erased;
    const auto owed = owes_scrub(context.on);
    if (!owed) return std::unexpected(owed.error());
    to_scrub = *owed || took_anything(done) || !found->list.empty();
    if (to_scrub) context.group.sql.set_meta(scrub_owed_key, 1);
    context.change.object = "erased";
    context.change.after =
        fmt::format(R"({{"events":{},"sessions":{},"links":{},"certificates":{},"lesson_completions":{}}})",
                    found->list.size(), done.sessions, done.links, done.certificates, done.lessons);
    return {};
  };
  if (auto erased = writer_.run(records); !erased) return std::unexpected(std::move(erased.error()));
  if (auto erased = erase_changes(of, done); !erased) return std::unexpected(std::move(erased.error()));
  if (auto erased = erase_events(found->list, done); !erased) return std::unexpected(std::move(erased.error()));
  if (auto forgotten = index_.forget_uid(uid_key(of.integration, of.uid), *last); !forgotten) {
    return std::unexpected(std::move(forgotten.error()));
  }
  if (!to_scrub && done.changes == 0) return done;
  if (auto scrubbed = scrub_file(); !scrubbed) return std::unexpected(std::move(scrubbed.error()));
  return done;
}

base::result<model::event_id> person_gateway::last_event() {
  model::event_id last = 0;
  auto read = read_rows(reads_, "reading the last event", [&](connection& on) {
    statement query(on, "SELECT max(id) FROM event");
    const int code = query.step();
    if (code == SQLITE_ROW) last = query.integer(0);
    return code;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return last;
}

base::result<void> person_gateway::each_event(const event_filter& filter, model::event_id up_to,
                                              const std::function<void(const event_view&)>& call) {
  for (std::int64_t cursor = up_to + 1; cursor != 0;) {
    page<event_view> found;
    auto read =
        reads_.with([&](const read_view& view) { found = list_events(view, filter, cursor, limits::page_rows_max); });
    if (!read) return read;
    for (const event_view& each : found.rows) call(each);
    cursor = found.next_cursor;
  }
  return {};
}

base::result<person_gateway::found_events> person_gateway::find_events(const person& of, model::event_id up_to) {
  found_events made;
  std::vector<event_to_erase> own;
  std::unordered_set<std::string> printed;
  base::epoch_ms since = 0;
  const auto take = [&made](std::vector<event_to_erase>& to, const event_view& each) {
    to.push_back({each.id, each.payload_bytes});
    if (each.state == model::event_state::pending) made.unfinished.push_back(each.id);
  };
  auto read = each_event({.integration = of.integration, .uid = of.uid}, up_to, [&](const event_view& each) {
    take(own, each);
    since = each.accepted_at;  // newest first
    if (!each.deliveries.empty()) printed.insert(base::format_id(base::event_prefix, each.id));
  });
  if (!read) return std::unexpected(std::move(read.error()));

  // Notices of failed deliveries name the uid, too. They are found by the person's events, so they go first: an erasure
  // that is cut off and repeated still finds what is left.
  std::vector<event_view> notices;
  if (!printed.empty()) {
    const event_filter failed{
        .integration = of.integration, .type = std::string(model::news::delivery_failed), .since = since};
    read = each_event(failed, up_to, [&notices](const event_view& each) { notices.push_back(each); });
    if (!read) return std::unexpected(std::move(read.error()));
  }
  for (const event_view& notice : notices) {
    std::optional<std::string> payload;
    read = reads_.with([&](const read_view& view) { payload = view.store.payload(of.integration, notice.id); });
    if (!read) return std::unexpected(std::move(read.error()));
    if (payload && printed.contains(std::string(event_named_in(*payload)))) take(made.list, notice);
  }
  made.list.insert(made.list.end(), own.begin(), own.end());
  return made;
}

base::result<void> person_gateway::erase_changes(const person& of, erasure_report& done) {
  std::int64_t after = 0;
  do {
    erasure_report counted;
    const std::int64_t from = after;
    auto step = writer_.run([&](unit_context& context) -> base::result<void> {
      counted = {};
      const auto last = erase_from_changes(context.on, of, from, counted);
      if (!last) return std::unexpected(last.error());
      after = *last;
      if (counted.changes > 0) context.group.sql.set_meta(scrub_owed_key, 1);
      return {};
    });
    if (!step) return step;
    done.changes += counted.changes;
  } while (after != 0);
  return {};
}

base::result<void> person_gateway::erase_events(const std::vector<event_to_erase>& events, erasure_report& done) {
  for (std::size_t at = 0; at < events.size();) {
    std::size_t end = at;
    for (std::uint64_t bytes = 0;
         end < events.size() && end - at < limits::erasure_step_events && bytes < limits::erasure_step_bytes; ++end) {
      bytes += events[end].bytes;
    }
    std::uint64_t erased = 0;
    auto step = writer_.run([&](unit_context& context) -> base::result<void> {
      erased = 0;
      event_eraser eraser(context.on);
      for (std::size_t i = at; i < end; ++i) {
        const auto one = eraser.erase(events[i].id);
        if (!one) return std::unexpected(one.error());
        if (*one) ++erased;
      }
      context.effects.emplace_back([&keys = context.keys, gone = std::move(eraser.forgotten_keys())] {
        for (const auto& key : gone) keys.forget(key);
      });
      return {};
    });
    if (!step) return step;
    done.events += erased;
    at = end;
  }
  return {};
}

// A reader may hold the journal for as long as its read takes: a few of them pass, a backup does not.
base::result<void> person_gateway::fold_journal(const writer::with_file& then) {
  base::result<void> folded;
  for (int tried = 0; tried < limits::journal_fold_tries; ++tried) {
    folded = writer_.fold_journal(then);
    if (folded || folded.error().code != fault::store_unavailable) return folded;
    std::this_thread::sleep_for(std::chrono::milliseconds(limits::journal_fold_pause_ms));
  }
  return base::fail_later(fault::store_unavailable,
                          "the person is erased, but the journal of the store still has copies, as something reads it "
                          "(a backup?): repeat the call when that has ended",
                          limits::journal_fold_retry_after_s);
}

// Rows that SQLite moved from page to page may have left copies of themselves behind.
base::result<void> person_gateway::scrub_file() {
  if (auto folded = fold_journal(); !folded) return folded;
  dirty_pages found;
  for (page_number first = 1; !found.end; first += pages_a_step) {
    base::result<dirty_pages> looked;
    auto read = reads_.with([&](const read_view& view) { looked = find_dirty(view.store.on(), first, pages_a_step); });
    if (!read) return read;
    if (!looked) return std::unexpected(std::move(looked.error()));
    found = *std::move(looked);
    if (found.list.empty()) continue;
    if (auto done = fold_journal([&found](connection& on) { return scrub(on, found.list); }); !done) return done;
  }
  return writer_.run([](unit_context& context) -> base::result<void> {
    context.group.sql.set_meta(scrub_owed_key, 0);
    return {};
  });
}

}  // namespace posthorn::store::sqlite
