// Drives many people through their journeys at once, over one server's API.
// Everything runs on the io_context's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/patient_caller.hpp"
#include "cli/person.hpp"
#include "cli/profile.hpp"
#include "cli/tally.hpp"

namespace posthorn::cli {

struct simulation_options {
  int people = 0;
  int at_once = 1;
  const cli::profile* profile = nullptr;
  std::uint64_t seed = 0;
  int haste = 1;                 // thinking times are divided by this
  int answers_together_max = 1;  // of one report
  std::string uid_prefix;
  std::string api_key;
  std::string integration_id;
};

// PREFIX-NNNNNN, from 1.
[[nodiscard]] std::string uid_of(const std::string& prefix, std::size_t place);

class simulation {
 public:
  // `calls` outlives it, and the coroutines of the io_context.
  simulation(boost::asio::io_context& io, patient_caller& calls, simulation_options with);

  // `finished` is called once, when the last journey has ended or, after stop(), was given up.
  void start(std::function<void()> finished);
  // People stop where they are: no further call, and what was under way is not in results().
  void stop();

  [[nodiscard]] const tally& so_far() const noexcept { return tally_; }
  [[nodiscard]] const std::vector<journey_result>& results() const noexcept { return results_; }  // as they ended

 private:
  struct walker {
    explicit walker(boost::asio::io_context& io) : timer(io) {}
    boost::asio::steady_timer timer;
    std::string token;
  };

  boost::asio::awaitable<void> walk_on(walker& as);
  boost::asio::awaitable<journey_result> walk(walker& as, std::size_t place);
  // What keeps the journey from going on; "" if it goes on.
  boost::asio::awaitable<std::string> perform(walker& as, const std::string& uid, const act& what, journey_view& seen);
  boost::asio::awaitable<void> think(walker& as, std::int64_t ms);
  void keep(journey_result&& one);

  boost::asio::io_context& io_;
  patient_caller& calls_;
  const simulation_options with_;
  std::vector<std::unique_ptr<walker>> walkers_;
  std::size_t walking_ = 0;
  std::size_t next_place_ = 1;
  bool stopped_ = false;
  tally tally_;
  std::vector<journey_result> results_;
  std::function<void()> finished_;
};

}  // namespace posthorn::cli
