#include "store/sqlite/writer.hpp"

#include <algorithm>
#include <utility>

#include "base/boundary.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

constexpr int retry_after_s = 1;

// Of what should not happen, as against what a caller may meet.
bool is_our_fault(base::fault code) noexcept {
  return code == base::fault::internal || code == base::fault::store_corrupt;
}

base::error stopping_error() {
  return {base::fault::shutting_down, "the server is stopping: send to it again in a moment", {}, retry_after_s};
}

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
  if (!accepting_) return refuse_all(stopping_error());
  if (queued_events_ + count > limits::ingest_queue_events_max ||
      queued_bytes_ + bytes > limits::ingest_queue_bytes_max) {
    return refuse_all({base::fault::queue_full,
                       "too many events wait to be committed: send again after Retry-After",
                       {},
                       retry_after_s});
  }
  bool stopping = false;
  std::string reason;
  {
    const std::lock_guard lock(mutex_);
    // The writer's last look at the inbox is under this lock: what comes behind it would never be answered.
    stopping = stopping_;
    if (!stopping && health_.can_accept) {
      inbox_.accepts.push_back({std::move(drafts), std::move(done), bytes, how_.clock->engine()});
      queued_events_ += count;
      queued_bytes_ += bytes;
      if (sleeping_) woken_.notify_one();
      return;
    }
    reason = health_.reason;
  }
  if (stopping) return refuse_all(stopping_error());
  const bool full = reason.starts_with("disk");
  refuse_all({full ? base::fault::disk_full : base::fault::store_unavailable, reason, {}, retry_after_s});
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
  for (bool more = true; more;) {
    inbox work;
    if (base::survive("a turn of the writer", [&] { more = turn(work); })) continue;
    give_up(work);
    const std::lock_guard lock(mutex_);
    more = !stopping_;
  }
  base::survive("closing the store", [this] { close_store(); });
  base::survive("refusing what is left", [this] { refuse_rest(); });
}

// Nothing, unless the last turn failed.
void writer::refuse_rest() {
  inbox left;
  {
    const std::lock_guard lock(mutex_);
    std::swap(left, inbox_);
  }
  do {
    left.accepts = intake_.next_group(std::move(left.accepts), known_, how_.clock->engine(), true);
    refuse(left, stopping_error());
    left = {};
  } while (!intake_.empty());
}

bool writer::turn(inbox& work) {
  wait_for_work(work);
  base::survive("a look at the lanes", [this] { look_around(); });
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ && work.empty() && inbox_.empty() && intake_.empty()) return false;
  }
  for (const model::endpoint_id endpoint : work.rooms) {
    if (lane_state* lane = known_.lane(endpoint)) lane->full = false;
    next_load_at_ = 0;
  }
  if (fallen_ && !rise()) {
    std::move(work.reports.begin(), work.reports.end(), std::back_inserter(retained_));
    work.reports.clear();
    refuse(work, {base::fault::store_unavailable, health().reason, {}, retry_after_s});
    return true;
  }
  check_disk();
  commit(work);
  if (!fallen_) load_backlog();
  return true;
}

// What the next start has to read is what is above the watermark: leave as little as possible.
void writer::close_store() {
  if (fallen_) return;
  house_kept_at_ = 0;
  session_->traffic.hurry();
  inbox nothing;
  commit(nothing);
  if (!fallen_) session_->on.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

void writer::wait_for_work(inbox& taken) {
  const base::epoch_ms now = how_.clock->engine();
  base::epoch_ms until = reopen_at_;
  // A fallen writer may have no connection.
  if (!fallen_) {
    const base::epoch_ms look_again_ms = house_needs_keeping(now) ? house_interval_ms : limits::engine_survey_ms;
    until = std::min({next_load_at_, intake_.next_at(), now + look_again_ms});
  }
  // Under load a little patience makes groups larger, and a commit costs as much as many rows.
  const bool linger = last_group_items_ >= limits::commit_linger_items_min &&
                      last_group_items_ <= limits::commit_linger_items_max && !fallen_;
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
}

// Until it has returned, what it was about is in no lane for certain.
void writer::offer(commit_group& group) {
  if (group.offers.empty()) return;
  offering_.clear();
  for (const owed_delivery& each : group.offers) offering_.push_back(each.id);
  sink_->offer(std::move(group.offers));
  group.offers.clear();
  offering_.clear();
}

void writer::load_backlog() {
  const base::epoch_ms now = how_.clock->engine();
  if (now < next_load_at_) return;
  commit_group group = new_group();
  const bool loaded = base::survive("loading the backlog", [&] {
    next_load_at_ = session_->due.load_due(group);
    offer(group);
  });
  if (loaded) return;
  inbox nothing;
  group.lose("loading the backlog failed: all is read anew");
  fall(nothing, group, SQLITE_ABORT);
}

void writer::answer(accept_work& work, std::vector<accept_result> results) noexcept {
  if (!work.done) return;
  queued_events_ -= work.drafts.size();
  queued_bytes_ -= work.bytes;
  accept_done done = std::exchange(work.done, nullptr);
  base::survive("answering who sent events", [&] { done(std::move(results)); });
}

void writer::answer(unit_work& unit, base::result<void> outcome) noexcept {
  if (std::exchange(unit.answered, true)) return;
  base::survive("answering who waits for a unit of work", [&] { unit.done.set_value(std::move(outcome)); });
}

void writer::refuse(inbox& work, const base::error& why) noexcept {
  for (accept_work& each : work.accepts) {
    const base::error& own = each.failure ? *each.failure : why;
    base::survive("refusing events",
                  [&] { answer(each, std::vector<accept_result>(each.drafts.size(), std::unexpected(own))); });
  }
  for (unit_work& unit : work.units) {
    // What failed by itself is told so; what met it in its group may come again.
    const bool own = !unit.outcome && is_our_fault(unit.outcome.error().code);
    base::survive("refusing a unit of work",
                  [&] { answer(unit, own ? std::move(unit.outcome) : base::result<void>(std::unexpected(why))); });
  }
}

}  // namespace posthorn::store::sqlite
