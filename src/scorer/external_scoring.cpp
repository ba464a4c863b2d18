#include "scorer/external_scoring.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/boundary.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "net/run_loop.hpp"
#include "policy/retry_policy.hpp"
#include "scorer/score_answer.hpp"
#include "scorer/scorer_request.hpp"

namespace posthorn::scorer {

namespace asio = boost::asio;
namespace limits = base::limits;
using base::fault;

external_scoring::external_scoring(scoring_options options, assessment::assessment_service& sessions,
                                   const store::directory_source& directory, const base::clock& clock,
                                   const net::address_guard& guard)
    : options_(std::move(options)),
      sessions_(sessions),
      directory_(directory),
      clock_(clock),
      urls_{.allow_http = options_.allow_http, .guard = &guard},
      names_(io_, options_.names),
      client_(io_, names_, guard, options_.tls, options_.proxy ? &*options_.proxy : nullptr),
      next_look_(io_) {
  asio::co_spawn(io_, watch(), asio::detached);
  thread_ = std::thread([this] { net::run_loop(io_, "the thread of external scoring"); });
}

external_scoring::~external_scoring() {
  io_.stop();
  if (thread_.joinable()) thread_.join();
}

asio::awaitable<void> external_scoring::watch() {
  for (;;) {
    next_look_.expires_after(std::chrono::milliseconds(limits::expiry_look_ms));
    base::survive("a look at the scores that are due", [this] { look(); });
    boost::system::error_code woken;
    co_await next_look_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

void external_scoring::look() {
  const auto due = sessions_.store().due_scorings(clock_.engine(), limits::scorings_out_per_integration_max);
  // A store that is down says so itself; once is enough here.
  if (!due && !failing_) base::log_warn("scoring_failed", {{"detail", due.error().detail}});
  failing_ = !due;
  if (!due) return;
  for (const store::due_scoring& each : *due) {
    if (out_.size() == limits::scorings_out_max) return;  // whoever ends calls for the next look
    if (out_.insert(each.session).second) asio::co_spawn(io_, run_try(each), asio::detached);
  }
}

asio::awaitable<void> external_scoring::run_try(store::due_scoring one) {
  bool settled = false;
  try {
    settled = co_await try_once(one);
  } catch (...) {
    // As a store that failed: it is due still, and looked at again with all that is.
    base::log_contained("asking an external scorer", {}, base::error_of(std::current_exception()));
  }
  out_.erase(one.session);
  // Its place is free. Where the store failed, the same try would only begin anew.
  if (settled) next_look_.cancel();
}

asio::awaitable<bool> external_scoring::try_once(store::due_scoring one) {
  const auto found = sessions_.store().find_session(one.integration, one.session);
  if (!found) co_return false;
  const store::shared_directory now = directory_.current();
  const auto of = now->integrations.find(one.integration);
  if (of == now->integrations.end()) co_return note_failure(*found, "its deployment was deleted", false);
  if (!of->second->value.assessment.scorer) {
    const auto scored = sessions_.score_here(one.integration, one.session);
    co_return scored ? true : note_failure(*found, scored.error().detail, true);
  }
  const store::shared_integration entry = of->second;
  const auto score = co_await ask(*entry, *found);
  if (!score) co_return note_failure(*found, score.error().detail, true);
  const auto taken = sessions_.take_external_score(one.integration, one.session, *score);
  if (!taken) base::log_warn("score_not_taken", {{"detail", taken.error().detail}});
  co_return taken.has_value();
}

asio::awaitable<base::result<model::session_score>> external_scoring::ask(const store::integration_entry& of,
                                                                          const store::session_record& about) {
  const model::external_scorer& who = *of.value.assessment.scorer;
  const auto to = net::parse_endpoint_url(who.url, urls_);
  if (!to) co_return base::fail(fault::invalid_field, "the scorer's URL " + to.error().detail);
  const auto body = request_body(of.value, about);
  if (!body) co_return std::unexpected(body.error());
  const auto head = request_head(*to, options_.user_agent, of, about.value.id, *body, clock_.wall());
  if (!head) co_return std::unexpected(head.error());
  const auto route = client_.open_route({.tls = to->tls, .host = to->host, .port = to->port});
  const std::array<asio::const_buffer, 2> request{asio::buffer(*head), asio::buffer(*body)};
  const net::exchange_limits within{.timeout_ms = who.timeout_ms,
                                    .body_bytes_max = limits::scorer_answer_bytes_max,
                                    .evidence_body_bytes_max = limits::scorer_answer_bytes_max};
  const net::exchange_result answer = co_await client_.exchange(*route, request, within);
  if (answer.error != net::exchange_error::none) {
    co_return base::fail(fault::not_acceptable_now, fmt::format("{}: {}", net::to_string(answer.error), answer.detail));
  }
  if (answer.status != 200) {
    co_return base::fail(fault::not_acceptable_now,
                         fmt::format("the scorer answered {}; a score comes with 200", answer.status));
  }
  auto score = read_score(answer.response_body, about);
  if (!score) score.error().detail = "the scorer's answer is no valid score: " + score.error().detail;
  co_return score;
}

bool external_scoring::note_failure(const store::session_record& tried, std::string why, bool again) {
  const int tries = tried.scoring.tries + 1;
  const auto next = policy::next_due(model::retry_setting{}, tries, clock_.engine(), base::random_unit());
  const base::epoch_ms due = again && next ? *next : 0;
  base::log_info("scoring_try_failed", {{"session", base::format_id(base::session_prefix, tried.value.id)},
                                        {"try", tries},
                                        {"detail", why},
                                        {"next_try_at", due > 0 ? base::to_rfc3339(due) : std::string()}});
  return sessions_.note_failed_scoring(tried, std::move(why), due).has_value();
}

}  // namespace posthorn::scorer
