#include "cli/simulate.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "cli/progress.hpp"
#include "cli/server_address.hpp"
#include "cli/simulation.hpp"

namespace posthorn::cli {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

struct tempo {
  int haste = 1;
  int answers_together_max = 1;
};
constexpr tempo real_pace{};
constexpr tempo fast_pace{.haste = 500, .answers_together_max = 16};

constexpr auto first_answer_patience = std::chrono::seconds(10);  // for a server that is about to start
constexpr auto stopping_ms_max = std::chrono::seconds(3);

struct plan {
  server_address server;
  simulation_options options;
};

std::unexpected<base::error> refuse(std::string detail) {
  return base::fail(fault::invalid_configuration, std::move(detail));
}

bool is_plain(std::string_view text, bool digits_only) {
  return std::ranges::all_of(text, [digits_only](char c) {
    if (c >= '0' && c <= '9') return true;
    return !digits_only && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-');
  });
}

base::result<void> check(const simulate_flags& flags) {
  if (flags.integration_id.empty() || !is_plain(flags.integration_id, true)) {
    return refuse("--integration-id must be the decimal digits that the deployment's environment shows");
  }
  if (!is_plain(flags.uid_prefix, false) || flags.uid_prefix.size() > limits::simulated_uid_prefix_chars_max) {
    return refuse(fmt::format("--uid-prefix must be at most {} characters of A-Z, a-z, 0-9 and '-'",
                              limits::simulated_uid_prefix_chars_max));
  }
  return {};
}

base::result<plan> plan_of(const simulate_flags& flags) {
  if (auto good = check(flags); !good) return std::unexpected(std::move(good.error()));
  auto key = read_api_key(flags.key);
  if (!key) return std::unexpected(std::move(key.error()));
  auto server = find_server(flags.url, flags.ca_file);
  if (!server) return std::unexpected(std::move(server.error()));
  const tempo pace = flags.pace == "real" ? real_pace : fast_pace;
  const auto random_seed = static_cast<std::uint64_t>(base::random_unit() * 1e9);
  return plan{.server = *std::move(server),
              .options = {.people = flags.users,
                          .at_once = flags.at_once,
                          .profile = find_profile(flags.profile),
                          .seed = flags.seed.value_or(random_seed),
                          .haste = pace.haste,
                          .answers_together_max = pace.answers_together_max,
                          .uid_prefix = flags.uid_prefix.empty() ? "sim-" + base::random_text(6) : flags.uid_prefix,
                          .api_key = *std::move(key),
                          .integration_id = flags.integration_id}};
}

std::string platform_in(const std::string& integration) {
  const auto whole = base::parse_json(integration);
  boost::system::error_code absent;
  const json::value* found = whole ? whole->find_pointer("/assessment/platform", absent) : nullptr;
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

// One run, from the first look at the integration to the table.
class run {
 public:
  explicit run(plan with)
      : with_(std::move(with)),
        calls_(io_, with_.server.url, with_.server.tls),
        people_(io_, calls_, with_.options),
        progress_(io_, people_.so_far(), with_.options.people, calls_),
        signals_(io_, SIGINT, SIGTERM),
        timer_(io_) {}

  simulate_outcome to_the_end(const std::string& json_file) {
    wait_for_signal();
    asio::co_spawn(io_, begin(), asio::detached);
    io_.run();
    if (!refused_.empty()) {
      fmt::print(stderr, "posthorn: {}\n", refused_);
      return simulate_outcome::otherwise;
    }
    progress_.end();
    if (!write(json_file)) return simulate_outcome::otherwise;
    const tally& told = people_.so_far();
    return told.unplanned() == 0 && told.all() == with_.options.people ? simulate_outcome::as_planned
                                                                       : simulate_outcome::otherwise;
  }

 private:
  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
      if (!cancelled) stop();
    });
  }

  // Journeys end at their next step; a server that does not answer is not waited for any longer than this.
  void stop() {
    people_.stop();
    timer_.expires_after(stopping_ms_max);
    timer_.async_wait([this](const boost::system::error_code&) { io_.stop(); });
  }

  asio::awaitable<void> begin() {
    refused_ = co_await look_at_integration();
    if (!refused_.empty()) {
      io_.stop();
      co_return;
    }
    progress_.begin(fmt::format("{} people of profile {}, seed {}, uids {} to {}", with_.options.people,
                                with_.options.profile->name, with_.options.seed, uid_of(with_.options.uid_prefix, 1),
                                uid_of(with_.options.uid_prefix, static_cast<std::size_t>(with_.options.people))));
    people_.start([this] { io_.stop(); });
  }

  // Wrong keys, addresses and platforms are one message, not one for each person.
  asio::awaitable<std::string> look_at_integration() {
    const std::string path = "/v1/integrations/" + with_.options.integration_id;
    const std::string credential = "api-key: " + with_.options.api_key;
    const reply got = co_await calls_.call({"GET", path}, credential, {}, timer_, first_answer_patience);
    if (!got.failure.empty()) co_return got.failure;
    const std::string_view wanted = with_.options.profile->platform;
    const std::string platform = platform_in(got.body);
    if (wanted.empty() || wanted == platform) co_return std::string();
    co_return fmt::format(
        "profile {} needs an integration whose platform is {}; this one's is {}. "
        R"(PATCH {} with {{"assessment":{{"platform":"{}"}}}} changes it)",
        with_.options.profile->name, wanted, platform, path, wanted);
  }

  bool write(const std::string& file) const {
    if (file.empty()) return true;
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << to_json(people_.results(), with_.options.profile->name, with_.options.seed) << "\n";
    out.flush();
    if (out) return true;
    fmt::print(stderr, "posthorn: {} cannot be written\n", file);
    return false;
  }

  const plan with_;
  asio::io_context io_{1};
  patient_caller calls_;
  simulation people_;
  progress progress_;
  asio::signal_set signals_;
  asio::steady_timer timer_;
  std::string refused_;  // by the first look; "" if the journeys began
};

}  // namespace

simulate_outcome simulate(const simulate_flags& flags) {
  auto with = plan_of(flags);
  if (!with) {
    fmt::print(stderr, "posthorn: {}\n", with.error().detail);
    return simulate_outcome::unusable;
  }
  return run(*std::move(with)).to_the_end(flags.json_file);
}

}  // namespace posthorn::cli
