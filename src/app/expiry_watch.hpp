// Ends what has a time to end (certificates, sessions) when that time has come, and works off what is due in pieces
// (links): one look at each source's next end every limits::expiry_look_ms, and only then at what is over. What ended
// while the server was down ends at its start.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace posthorn::app {

class expiry_watch {
 public:
  struct source {
    std::string_view name;                                   // for the log
    std::function<base::result<base::epoch_ms>()> next_end;  // wall time; 0: nothing ends
    std::function<base::result<std::size_t>()> end_overdue;  // ends some; 0: nothing was left to end
  };

  // Starts its thread, on which the sources are called. `time` outlives it.
  expiry_watch(const base::clock& time, std::vector<source> sources);
  expiry_watch(const expiry_watch&) = delete;
  expiry_watch& operator=(const expiry_watch&) = delete;
  // Ends the thread after the call that it is in.
  ~expiry_watch();

 private:
  void loop();
  void look_at(std::size_t place);

  const base::clock& time_;
  const std::vector<source> sources_;
  std::vector<bool> failing_;  // its failure has been logged

  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;  // guarded
  std::thread thread_;
};

}  // namespace posthorn::app
