#include "store/sqlite/index_builder.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include "base/boundary.hpp"
#include "base/log.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr int background_nice = 10;
// Beyond it, the lag at start is not counted exactly: counting reads every event.
constexpr std::uint64_t counted_behind_max = 100'000;

}  // namespace

base::result<std::unique_ptr<index_builder>> index_builder::open(options how) {
  std::unique_ptr<index_builder> made(new index_builder(std::move(how)));
  auto writer = index_writer::open(made->how_.store_path, made->how_.index_path);
  if (!writer) return std::unexpected(std::move(writer.error()));
  made->writer_ = std::move(*writer);
  made->position_ = made->writer_->position();
  return made;
}

index_builder::~index_builder() { stop(); }

void index_builder::start() {
  committed_ += writer_->count_behind(counted_behind_max);
  thread_ = std::thread([this] { run(); });
}

void index_builder::stop() {
  stopping_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  for (wish& each : wishes_) each.done.set_value(base::fail(base::fault::shutting_down, "the server is stopping"));
  wishes_.clear();
}

base::result<void> index_builder::forget_uid(std::int64_t uid_key, model::event_id up_to) {
  std::future<base::result<void>> done;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return base::fail(base::fault::shutting_down, "the server is stopping");
    wishes_.push_back({uid_key, up_to, {}});
    done = wishes_.back().done.get_future();
    woken_.notify_one();
  }
  return done.get();
}

void index_builder::serve_wishes() {
  std::vector<wish> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(wishes_);
  }
  for (wish& each : taken) {
    auto done = base::contain("forgetting a uid", {}, [&] { return writer_->forget_uid(each.uid_key, each.up_to); });
    const bool damaged = !done && done.error().code == base::fault::store_corrupt;
    if (damaged) handle(done.error());
    // An index that is made anew knows nothing of what the store has no longer.
    each.done.set_value(damaged ? base::result<void>() : std::move(done));
  }
}

void index_builder::wake() noexcept {
  const std::lock_guard lock(mutex_);
  woken_.notify_one();
}

void index_builder::note_committed(std::uint64_t events) noexcept {
  committed_.fetch_add(events);
  if (sleeping_.load()) wake();
}

void index_builder::report_damage() noexcept {
  damaged_ = true;
  wake();
}

void index_builder::request_retention_pass() noexcept {
  pass_requested_ = true;
  wake();
}

std::uint64_t index_builder::lag_events() const noexcept {
  const std::uint64_t indexed = indexed_.load();
  const std::uint64_t committed = committed_.load();
  if (committed > indexed) return committed - indexed;
  return behind_ ? 1 : 0;
}

bool index_builder::wait_until_caught_up(int timeout_ms) {
  wake();
  std::unique_lock lock(mutex_);
  return caught_up_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                             [this] { return !damaged_ && lag_events() == 0; });
}

bool index_builder::wait_for_retention_pass(int timeout_ms) {
  std::unique_lock lock(mutex_);
  return caught_up_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] { return passes_ > 0; });
}

void index_builder::run() {
  // On Linux a nice value is a thread's own.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), background_nice);
  next_pass_us_ = base::steady_us() + std::int64_t{how_.retention_pass_ms} * 1000;
  while (!stopping_) {
    failing_ = false;
    const bool whole = base::survive("a step of the index", [this] {
      if (damaged_) handle(base::error{base::fault::store_corrupt, "a reader met damage", {}, {}});
      serve_wishes();
      advance();
      if (!failing_ && !behind_) step_retention();
    });
    if (!whole) {
      failing_ = true;
      pass_.reset();
    }
    if (!behind_ || failing_) rest();
  }
}

void index_builder::advance() {
  // Read before the batch: commits that come meanwhile are counted for the next one.
  const std::uint64_t committed = committed_.load();
  const auto done = writer_->advance();
  behind_ = false;
  if (!done) {
    handle(done.error());
    return;
  }
  behind_ = done->more;
  position_.store(writer_->position(), std::memory_order_release);
  {
    const std::lock_guard lock(mutex_);
    // A batch that was not full has reached the end, whatever was counted.
    indexed_ = behind_ ? indexed_ + done->events : committed;
  }
  caught_up_.notify_all();
}

void index_builder::handle(const base::error& why) {
  failing_ = true;
  if (why.code != base::fault::store_corrupt) {
    base::log_warn("index_failed", {{"why", why.detail}});
    return;
  }
  base::log_warn("index_rebuilt", {{"why", why.detail}});
  pass_.reset();
  position_.store(0, std::memory_order_release);
  const auto rebuilt = writer_->rebuild();
  generation_.fetch_add(1);
  if (!rebuilt) {
    damaged_ = true;  // tried again after a rest
    base::log_error("index_not_rebuilt", {{"why", rebuilt.error().detail}});
    return;
  }
  failing_ = false;
  committed_ = indexed_ + writer_->count_behind(counted_behind_max);
  damaged_ = false;
}

// Those of `events` that the store let go.
base::result<std::vector<model::event_id>> index_builder::purge(std::vector<model::event_id> events) {
  std::vector<model::event_id> purged;
  do {
    const auto answer = how_.purge(events);
    if (!answer) return std::unexpected(answer.error());
    trimming_ = answer->more_to_trim;
    purged_ += answer->purged.size();
    purged.insert(purged.end(), answer->purged.begin(), answer->purged.end());
    events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(answer->looked_at));
  } while (!events.empty());
  return purged;
}

void index_builder::step_retention() {
  if (!how_.purge) return;
  if (!pass_) {
    const std::int64_t now = base::steady_us();
    if (!pass_requested_.exchange(false) && now < next_pass_us_) return;
    auto begun = retention_pass::begin(*writer_, how_.clock->wall());
    if (!begun) return handle(begun.error());
    pass_ = std::make_unique<retention_pass>(std::move(*begun));
    next_pass_us_ = now + std::int64_t{how_.retention_pass_ms} * 1000;
    trimming_ = true;
  }
  auto chunk = pass_->next();
  if (!chunk) return handle(chunk.error());
  if (!chunk->expired.empty() || trimming_) {
    std::vector<model::event_id> ids;
    for (const indexed_event& each : chunk->expired) ids.push_back(each.id);
    const auto purged = purge(std::move(ids));
    if (!purged) {
      // The writer cannot write now: what is left is for the next pass.
      pass_.reset();
      return;
    }
    std::erase_if(chunk->expired, [&](const indexed_event& each) {
      return !std::binary_search(purged->begin(), purged->end(), each.id);
    });
  }
  chunk->expired.insert(chunk->expired.end(), std::make_move_iterator(chunk->dangling.begin()),
                        std::make_move_iterator(chunk->dangling.end()));
  if (!chunk->expired.empty()) {
    if (auto done = writer_->forget(chunk->expired); !done) return handle(done.error());
  }
  if (!pass_->done() || trimming_) return;
  pass_.reset();
  if (auto done = writer_->forget_old_keys(); !done) return handle(done.error());
  const std::lock_guard lock(mutex_);
  ++passes_;
  caught_up_.notify_all();
}

// Between two batches: at least wake_ms_min, then until something was committed or a pass is due.
void index_builder::rest() {
  using std::chrono::milliseconds;
  std::unique_lock lock(mutex_);
  const auto urgent = [this] { return stopping_ || pass_requested_ || !wishes_.empty(); };
  if (failing_) {
    woken_.wait_for(lock, milliseconds(base::limits::index_retry_ms), [this] { return stopping_.load(); });
  } else if (pass_) {
    woken_.wait_for(lock, milliseconds(base::limits::retention_pause_ms), [this] { return stopping_.load(); });
  } else if (!woken_.wait_for(lock, milliseconds(how_.wake_ms_min), urgent)) {
    sleeping_ = true;
    const std::int64_t left_ms = std::max<std::int64_t>((next_pass_us_ - base::steady_us()) / 1000, 0);
    woken_.wait_for(lock, milliseconds(left_ms), [&] { return urgent() || damaged_ || committed_ != indexed_; });
    sleeping_ = false;
  }
}

}  // namespace posthorn::store::sqlite
