#include "store/sqlite/writer.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/sqlite/condition.hpp"
#include "store/sqlite/intake.hpp"
#include "store/sqlite/load_directory.hpp"
#include "store/sqlite/placement.hpp"
#include "store/sqlite/recorder.hpp"
#include "store/sqlite/secure_deletes.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

constexpr base::epoch_ms house_interval_ms = 100;
constexpr base::epoch_ms reopen_interval_ms = 250;  // after a fault
constexpr int retry_after_s = 1;

}  // namespace

writer::writer(options how, connection on, directory initial)
    : how_(std::move(how)), session_(std::make_unique<session>(std::move(on))), idempotency_(how_.older_keys) {
  initial.version = directory_version_;
  current_ = std::make_shared<const directory>(std::move(initial));
  how_.publish(current_);
}

writer::~writer() { stop(); }

base::result<void> writer::start(delivery_sink& sink) {
  sink_ = &sink;
  if (auto recovered = recover_all(); !recovered) return recovered;
  accepting_ = true;
  thread_ = std::thread([this] { loop(); });
  return {};
}

void writer::stop() {
  accepting_ = false;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    woken_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void writer::accept(std::vector<event_draft> drafts, accept_done done) {
  std::size_t bytes = 0;
  for (const event_draft& draft : drafts) bytes += draft.payload.size();
  const std::size_t count = drafts.size();
  const auto refuse_all = [&](base::error why) {
    done(std::vector<accept_result>(count, std::unexpected(std::move(why))));
  };
  if (!accepting_) {
    return refuse_all(
        {base::fault::shutting_down, "the server is stopping: send to it again in a moment", {}, retry_after_s});
  }
  if (queued_events_ + count > limits::ingest_queue_events_max ||
      queued_bytes_ + bytes > limits::ingest_queue_bytes_max) {
    return refuse_all({base::fault::queue_full,
                       "too many events wait to be committed: send again after Retry-After",
                       {},
                       retry_after_s});
  }
  {
    const std::lock_guard lock(mutex_);
    if (health_.can_accept) {
      queued_events_ += count;
      queued_bytes_ += bytes;
      inbox_.accepts.push_back({std::move(drafts), std::move(done), bytes, how_.clock->engine()});
      if (sleeping_) woken_.notify_one();
      return;
    }
  }
  const health_report now = health();
  const bool full = now.reason.starts_with("disk");
  refuse_all({full ? base::fault::disk_full : base::fault::store_unavailable, now.reason, {}, retry_after_s});
}

void writer::record(std::vector<attempt_report> reports) {
  const std::lock_guard lock(mutex_);
  if (inbox_.reports.empty()) {
    inbox_.reports = std::move(reports);
  } else {
    std::move(reports.begin(), reports.end(), std::back_inserter(inbox_.reports));
  }
  if (sleeping_) woken_.notify_one();
}

void writer::lane_has_room(model::endpoint_id endpoint) {
  const std::lock_guard lock(mutex_);
  inbox_.rooms.push_back(endpoint);
  if (sleeping_) woken_.notify_one();
}

base::result<void> writer::run(unit_of_work unit) {
  return wait_for({.run = std::move(unit), .done = {}, .outcome = {}, .behalf = acting::current()});
}

base::result<void> writer::fold_journal(with_file then) {
  const auto nothing = [](unit_context&) -> base::result<void> { return {}; };
  return wait_for(
      {.run = nothing, .done = {}, .outcome = {}, .behalf = nullptr, .folds = true, .then = std::move(then)});
}

base::result<void> writer::fold_now(const with_file& then) {
  sqlite3* const on = session_->on.handle();
  sqlite3_busy_timeout(on, limits::journal_fold_wait_ms);
  const int code = sqlite3_wal_checkpoint_v2(on, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_timeout(on, busy_timeout_ms);
  if (code != SQLITE_OK) return session_->on.failed("emptying the journal", code);
  return then ? then(session_->on) : base::result<void>();
}

base::result<void> writer::wait_for(unit_work work) {
  audit_note* const behalf = work.behalf;
  auto done = work.done.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return base::fail_later(base::fault::shutting_down, "the server is stopping", retry_after_s);
    inbox_.units.push_back(std::move(work));
    if (sleeping_) woken_.notify_one();
  }
  if (!thread_.joinable()) {
    // Not started yet: the composition root sets up on its own thread.
    inbox now;
    now.units.swap(inbox_.units);
    commit(now);
  }
  base::result<void> outcome = done.get();
  if (outcome && behalf) behalf->written = true;
  return outcome;
}

health_report writer::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void writer::set_health(bool can_accept, bool can_record, std::string reason) {
  const std::lock_guard lock(mutex_);
  health_ = {can_accept, can_record, std::move(reason)};
}

void writer::loop() {
  for (;;) {
    inbox work = wait_for_work();
    look_around();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ && work.empty() && inbox_.empty() && intake_.empty()) break;
    }
    for (const model::endpoint_id endpoint : work.rooms) {
      if (lane_state* lane = known_.lane(endpoint)) lane->full = false;
      next_load_at_ = 0;
    }
    if (fallen_ && !rise()) {
      std::move(work.reports.begin(), work.reports.end(), std::back_inserter(retained_));
      work.reports.clear();
      refuse(work, {base::fault::store_unavailable, health().reason, {}, retry_after_s});
      continue;
    }
    check_disk();
    commit(work);
    if (!fallen_) load_backlog();
  }
  // What the next start has to read is what is above the watermark: leave as little as possible.
  if (!fallen_) {
    house_kept_at_ = 0;
    session_->traffic.hurry();
    inbox nothing;
    commit(nothing);
    session_->on.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
}

writer::inbox writer::wait_for_work() {
  const base::epoch_ms now = how_.clock->engine();
  const base::epoch_ms look_again_ms = house_needs_keeping(now) ? house_interval_ms : limits::engine_survey_ms;
  base::epoch_ms until = std::min({next_load_at_, intake_.next_at(), now + look_again_ms});
  if (fallen_) until = now + reopen_interval_ms;
  // Under load a little patience makes groups larger, and a commit costs as much as many rows.
  const bool linger = last_group_items_ >= limits::commit_linger_items_min &&
                      last_group_items_ <= limits::commit_linger_items_max && !fallen_;
  inbox taken;
  std::unique_lock lock(mutex_);
  if (inbox_.empty() && !stopping_ && until > now) {
    sleeping_ = true;
    woken_.wait_for(lock, std::chrono::milliseconds(until - now), [this] { return !inbox_.empty() || stopping_; });
    sleeping_ = false;
  }
  if (linger) {
    lock.unlock();
    std::this_thread::sleep_for(std::chrono::microseconds(limits::commit_linger_us));
    lock.lock();
  }
  std::swap(taken, inbox_);
  const bool all_lanes = stopping_ || fallen_;
  lock.unlock();
  if (!taken.accepts.empty() || !intake_.empty()) {
    taken.accepts = intake_.next_group(std::move(taken.accepts), known_, how_.clock->engine(), all_lanes);
  }
  return taken;
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
  answers.reserve(work.accepts.size());
  shared_directory changed;
  int code = session_->on.exec("BEGIN IMMEDIATE");
  if (code == SQLITE_OK) {
    {
      const commits_held until_all_is_done(session_->on);
      apply(work, group, answers);
      if (house_due && !is_lost(group)) keep_house(group);
    }
    if (!is_lost(group) && group.configuration_changed) {
      auto loaded = load_directory(session_->on, *how_.secrets, group.wall, current_.get());
      if (loaded) {
        loaded->version = ++directory_version_;
        changed = std::make_shared<const directory>(std::move(*loaded));
        control::adopt(group, *changed);
        next_load_at_ = 0;
        steps_left_ = true;
      } else {
        base::log_error("directory_unreadable", {{"detail", loaded.error().detail}});
        code = SQLITE_CORRUPT;
      }
    }
    if (code == SQLITE_OK && is_lost(group)) code = group.sql.failure();
    if (code == SQLITE_OK) {
      const std::int64_t begun = base::steady_us();
      code = session_->on.exec("COMMIT");
      counters_.commit_us.note(base::steady_us() - begun);
    }
  }
  if (code != SQLITE_OK) {
    fall(work, group, code);
    return;
  }
  finish(work, group, answers, std::move(changed));
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
  for (const attempt_report& report : work.reports) record_report(group, report);
  if (!work.reports.empty()) traffic_counted_ = true;
  if (!work.units.empty() && !is_lost(group)) {
    const secure_deletes overwriting(session_->on);
    for (unit_work& unit : work.units) {
      apply_unit(unit, group);
      if (is_lost(group)) return;
    }
  }
  for (accept_work& each : work.accepts) answers.push_back(accept_drafts(group, idempotency_, each.drafts));
  if (const std::int64_t minute = group.wall / 60'000; ids_.last() != before && minute != last_tick_minute_) {
    group.sql.insert_tick(minute, before + 1);
    last_tick_minute_ = minute;
  }
}

bool writer::is_lost(commit_group& group) const noexcept {
  if (!session_->on.in_transaction()) group.sql.note_failure(session_->on.last_failure());
  return group.sql.failure() != SQLITE_OK;
}

void writer::apply_unit(unit_work& unit, commit_group& group) {
  if (const int code = session_->on.exec("SAVEPOINT unit"); code != SQLITE_OK) return group.sql.note_failure(code);
  const bool changed_before = group.configuration_changed;
  unit_context context{session_->on, group, session_->deliveries, idempotency_};
  unit.outcome = unit.run(context);
  if (is_lost(group)) return;
  if (unit.outcome && unit.behalf && !unit.behalf->written) {
    unit.outcome = write_audit(session_->on, unit.behalf->entry, context.change, group.wall);
  }
  if (!unit.outcome) {
    session_->on.exec("ROLLBACK TO unit");
    group.configuration_changed = changed_before;
  }
  session_->on.exec("RELEASE unit");
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
  committed_id_ = ids_.last();
  next_load_at_ = std::min(next_load_at_, group.soonest_due);
  // Deliveries first: their way is the longer one.
  if (!group.offers.empty()) sink_->offer(std::move(group.offers));
  for (std::size_t i = 0; i < work.accepts.size(); ++i) {
    accept_work& each = work.accepts[i];
    queued_events_ -= each.drafts.size();
    queued_bytes_ -= each.bytes;
    each.done(std::move(answers[i]));
  }
  for (unit_work& unit : work.units) {
    if (unit.folds && unit.outcome) unit.outcome = fold_now(unit.then);
    unit.done.set_value(std::move(unit.outcome));
  }
  counters_.commit_items.note(static_cast<std::int64_t>(accepted + work.reports.size()));
  if (accepted > 0) how_.committed(accepted);
}

void writer::load_backlog() {
  const base::epoch_ms now = how_.clock->engine();
  if (now < next_load_at_) return;
  commit_group group = new_group();
  next_load_at_ = session_->due.load_due(group);
  if (!group.offers.empty()) sink_->offer(std::move(group.offers));
}

void writer::refuse(inbox& work, const base::error& why) {
  for (accept_work& each : work.accepts) {
    queued_events_ -= each.drafts.size();
    queued_bytes_ -= each.bytes;
    each.done(std::vector<accept_result>(each.drafts.size(), std::unexpected(why)));
  }
  for (unit_work& unit : work.units) unit.done.set_value(std::unexpected(why));
}

}  // namespace posthorn::store::sqlite
