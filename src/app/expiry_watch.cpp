#include "app/expiry_watch.hpp"

#include <chrono>

#include "base/boundary.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace posthorn::app {

expiry_watch::expiry_watch(const base::clock& time, std::vector<source> sources)
    : time_(time), sources_(std::move(sources)), failing_(sources_.size()), thread_([this] { loop(); }) {}

expiry_watch::~expiry_watch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void expiry_watch::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    for (std::size_t place = 0; place < sources_.size(); ++place) {
      base::survive("a look at what has ended", [&] { look_at(place); });
    }
    lock.lock();
    woken_.wait_for(lock, std::chrono::milliseconds(base::limits::expiry_look_ms), [this] { return stopping_; });
  }
}

void expiry_watch::look_at(std::size_t place) {
  const source& of = sources_[place];
  const auto next = of.next_end();
  base::result<std::size_t> ended = next ? base::result<std::size_t>(0) : std::unexpected(next.error());
  if (next && *next != 0 && *next <= time_.wall()) {
    do {
      ended = of.end_overdue();
    } while (ended && *ended > 0);
  }
  // A store that is down says so itself; once is enough here.
  if (!ended && !failing_[place]) {
    base::log_warn("expiry_failed", {{"source", of.name}, {"detail", ended.error().detail}});
  }
  failing_[place] = !ended;
}

}  // namespace posthorn::app
