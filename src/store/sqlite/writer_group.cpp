// One transaction of the writer: what is applied in it, in which order, and what follows its commit.
#include <algorithm>

#include "base/boundary.hpp"
#include "base/log.hpp"
#include "store/sqlite/intake.hpp"
#include "store/sqlite/load_directory.hpp"
#include "store/sqlite/recorder.hpp"
#include "store/sqlite/secure_deletes.hpp"
#include "store/sqlite/unit_boundary.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

void unit_context::make_events_last(std::vector<event_draft> drafts) {
  if (drafts.empty()) return;
  effects.emplace_back([&to = group, drafts = std::move(drafts)]() mutable {
    for (event_draft& each : drafts) make_event(to, each);
  });
}

commit_group writer::new_group() {
  session_->sql.forget_failure();
  return {session_->sql, known_, ids_, *sink_, counters_, how_.clock->engine(), ids_.unfalling(how_.clock->wall())};
}

void writer::commit(inbox& work) {
  const base::epoch_ms now = how_.clock->engine();
  const bool house_due = now - house_kept_at_ >= house_interval_ms;
  if (work.accepts.empty() && work.reports.empty() && work.units.empty() && retained_.empty() &&
      !(house_due && house_needs_keeping(now))) {
    if (house_due) house_kept_at_ = now;
    return;
  }
  last_group_items_ = work.accepts.size() + work.reports.size();
  commit_group group = new_group();
  std::vector<std::vector<accept_result>> answers;
  shared_directory changed;
  int code = SQLITE_ABORT;
  bool durable = false;
  const bool whole = base::survive("a group of the writer", [&] {
    code = transact(work, group, answers, changed, house_due);
    durable = code == SQLITE_OK;
    if (durable) finish(work, group, answers, std::move(changed));
  });
  if (!whole) {
    group.lose("a group of the writer failed: all is read anew");
    code = SQLITE_ABORT;
    if (durable) answer_durable(work, answers);
  }
  if (code != SQLITE_OK) fall(work, group, code);
}

// What is committed is neither recorded again nor refused, whatever failed after it.
void writer::answer_durable(inbox& work, std::vector<std::vector<accept_result>>& answers) noexcept {
  work.reports.clear();
  for (std::size_t i = 0; i < work.accepts.size(); ++i) answer(work.accepts[i], std::move(answers[i]));
  for (unit_work& unit : work.units) answer(unit, std::move(unit.outcome));
}

int writer::transact(inbox& work, commit_group& group, std::vector<std::vector<accept_result>>& answers,
                     shared_directory& changed, bool house_due) {
  answers.reserve(work.accepts.size());
  if (const int code = session_->on.exec("BEGIN IMMEDIATE"); code != SQLITE_OK) return code;
  {
    const commits_held until_all_is_done(session_->on);
    apply(work, group, answers);
    if (house_due && !is_lost(group)) keep_house(group);
  }
  if (!is_lost(group) && group.configuration_changed) {
    if (const int code = load_changes(group, changed); code != SQLITE_OK) return code;
  }
  if (is_lost(group)) return group.sql.failure();
  const std::int64_t begun = base::steady_us();
  const int code = session_->on.exec("COMMIT");
  counters_.commit_us.note(base::steady_us() - begun);
  return code;
}

int writer::load_changes(commit_group& group, shared_directory& changed) {
  auto loaded = load_directory(session_->on, *how_.secrets, group.wall, current_.get());
  if (!loaded) {
    base::log_error("directory_unreadable", {{"detail", loaded.error().detail}});
    return SQLITE_CORRUPT;
  }
  loaded->version = ++directory_version_;
  changed = std::make_shared<const directory>(std::move(*loaded));
  control::adopt(group, *changed);
  next_load_at_ = 0;
  steps_left_ = true;
  return SQLITE_OK;
}

void writer::apply(inbox& work, commit_group& group, std::vector<std::vector<accept_result>>& answers) {
  if (!retained_.empty()) {
    work.reports.insert(work.reports.begin(), std::make_move_iterator(retained_.begin()),
                        std::make_move_iterator(retained_.end()));
    retained_.clear();
  }
  const std::int64_t before = ids_.last();
  // Outcomes append to their table in id order.
  std::ranges::sort(work.reports, {}, [](const attempt_report& of) { return std::pair(of.delivery, of.generation); });
  apply_reports(work.reports, group);
  if (!work.units.empty() && !is_lost(group)) {
    const secure_deletes overwriting(session_->on);
    for (unit_work& unit : work.units) {
      apply_unit(unit, group);
      if (is_lost(group)) return;
    }
  }
  for (accept_work& each : work.accepts) {
    auto done = base::contain("accepting events", {}, [&]() -> base::result<void> {
      answers.push_back(accept_drafts(group, idempotency_, each.drafts));
      return {};
    });
    if (done) continue;
    each.failure = std::move(done.error());
    return group.lose("accepting events failed: all is read anew");
  }
  if (const std::int64_t minute = group.wall / 60'000; ids_.last() != before && minute != last_tick_minute_) {
    group.sql.insert_tick(minute, before + 1);
    last_tick_minute_ = minute;
  }
}

void writer::apply_reports(const std::vector<attempt_report>& reports, commit_group& group) {
  for (const attempt_report& report : reports) {
    const auto done = base::contain("recording an attempt", {}, [&]() -> base::result<void> {
      record_report(group, report);
      return {};
    });
    if (done) continue;
    broken_report_ = report.delivery;
    return group.lose("recording an attempt failed: all is read anew");
  }
  if (!reports.empty()) traffic_counted_ = true;
}

bool writer::is_lost(commit_group& group) const noexcept {
  if (!session_->on.in_transaction()) group.sql.note_failure(session_->on.last_failure());
  return group.sql.failure() != SQLITE_OK;
}

void writer::apply_unit(unit_work& unit, commit_group& group) {
  const unit_label label{"a unit of work", unit.behalf ? std::string_view(unit.behalf->entry.request_id) : ""};
  unit.outcome = run_unit(session_->on, group, label, [&]() -> base::result<void> {
    unit_context context{session_->on, group, session_->deliveries, idempotency_};
    if (auto done = unit.run(context); !done || is_lost(group)) return done;
    if (unit.behalf && !unit.behalf->written) {
      auto told = write_audit(session_->on, unit.behalf->entry, context.change, group.wall);
      if (!told) return told;
    }
    for (auto& effect : context.effects) effect();
    return {};
  });
}

void writer::finish(inbox& work, commit_group& group, std::vector<std::vector<accept_result>>& answers,
                    shared_directory changed) {
  if (changed) {
    current_ = std::move(changed);
    how_.publish(current_);
  }
  if (group.steps_begun) steps_left_ = true;
  std::uint64_t accepted = group.events_made;
  for (const auto& results : answers) {
    for (const accept_result& result : results) accepted += result && !result->repeated ? 1 : 0;
  }
  // Whoever has its answer may ask for the count.
  counters_.events_accepted.fetch_add(accepted, std::memory_order_relaxed);
  report_faults_.clear();
  next_load_at_ = std::min(next_load_at_, group.soonest_due);
  // Deliveries first: their way is the longer one.
  offer(group);
  committed_id_ = ids_.last();
  for (std::size_t i = 0; i < work.accepts.size(); ++i) answer(work.accepts[i], std::move(answers[i]));
  for (unit_work& unit : work.units) {
    if (unit.folds && unit.outcome) {
      unit.outcome = base::contain("after emptying the journal", {}, [&] { return fold_now(unit.then); });
    }
    answer(unit, std::move(unit.outcome));
  }
  counters_.commit_items.note(static_cast<std::int64_t>(accepted + work.reports.size()));
  if (accepted > 0) how_.committed(accepted);
}

}  // namespace posthorn::store::sqlite
