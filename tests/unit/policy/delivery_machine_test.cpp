#include "policy/delivery_machine.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace posthorn::policy {
namespace {

using model::delivery_state;
using model::error_class;
using model::retry_on;
using model::success_rule;

constexpr base::epoch_ms now = 1'700'000'000'000;

model::endpoint endpoint_with(success_rule success, retry_on on) {
  model::endpoint made;
  made.success = success;
  made.retry.on = on;
  return made;
}

TEST(decide, ends_a_delivery_whose_answer_is_a_success) {
  const auto to = endpoint_with(success_rule::any_2xx, retry_on::status);
  const auto decision = decide(to, {.status = 204, .tries_made = 1, .retry_after = 60'000}, now, 0.5);
  EXPECT_EQ(decision.end, attempt_end::delivered);
  EXPECT_EQ(decision.due, 0);
  EXPECT_EQ(decision.lane_rests_until, 0) << "a success asks for no rest";
  EXPECT_EQ(decision.disable_reason, "");
  // The last try counts as well as the first.
  EXPECT_EQ(decide(to, {.status = 200, .tries_made = 10, .retry_after = {}}, now, 0).end, attempt_end::delivered);
}

TEST(decide, takes_2xx_but_200_as_a_failure_where_only_200_is_success) {
  const auto strict = endpoint_with(success_rule::only_200, retry_on::any_failure);
  EXPECT_EQ(decide(strict, {.status = 204, .tries_made = 1, .retry_after = {}}, now, 0).end, attempt_end::retry);
  const auto strict_by_status = endpoint_with(success_rule::only_200, retry_on::status);
  EXPECT_EQ(decide(strict_by_status, {.status = 204, .tries_made = 1, .retry_after = {}}, now, 0).end,
            attempt_end::failed);
}

TEST(decide, takes_no_good_status_of_a_broken_exchange_for_success) {
  for (const retry_on on : {retry_on::any_failure, retry_on::status}) {
    const auto to = endpoint_with(success_rule::any_2xx, on);
    for (const error_class error :
         {error_class::timeout, error_class::connection, error_class::protocol, error_class::too_large}) {
      const auto decision = decide(to, {.status = 200, .error = error, .tries_made = 1, .retry_after = {}}, now, 0.0);
      EXPECT_EQ(decision.end, attempt_end::retry) << model::to_string(error);
      EXPECT_EQ(decision.due, now + 5'000);
    }
  }
}

TEST(decide, disables_an_endpoint_that_is_gone_under_status_only) {
  const auto by_status = decide(endpoint_with(success_rule::any_2xx, retry_on::status),
                                {.status = 410, .tries_made = 1, .retry_after = {}}, now, 0.0);
  EXPECT_EQ(by_status.end, attempt_end::failed);
  EXPECT_EQ(by_status.disable_reason, "the receiver answered 410 Gone");

  const auto any = endpoint_with(success_rule::any_2xx, retry_on::any_failure);
  const auto retried = decide(any, {.status = 410, .tries_made = 1, .retry_after = {}}, now, 0.0);
  EXPECT_EQ(retried.end, attempt_end::retry);
  EXPECT_EQ(retried.due, now + 5'000);
  EXPECT_EQ(retried.disable_reason, "");
  const auto used_up = decide(any, {.status = 410, .tries_made = 10, .retry_after = {}}, now, 0.0);
  EXPECT_EQ(used_up.end, attempt_end::failed);
  EXPECT_EQ(used_up.disable_reason, "") << "a person decides, not the status";
}

TEST(decide, fails_at_once_what_the_receiver_refuses_under_status) {
  const auto to = endpoint_with(success_rule::any_2xx, retry_on::status);
  for (const int status : {301, 302, 307, 400, 401, 403, 404, 422}) {
    const auto decision = decide(to, {.status = status, .tries_made = 1, .retry_after = {}}, now, 0.0);
    EXPECT_EQ(decision.end, attempt_end::failed) << status;
    EXPECT_EQ(decision.due, 0) << status;
    EXPECT_EQ(decision.disable_reason, "") << status;
  }
}

TEST(decide, retries_within_the_schedule_until_it_is_used_up) {
  const auto to = endpoint_with(success_rule::only_200, retry_on::any_failure);
  for (int tries = 1; tries < 10; ++tries) {
    const auto decision = decide(to, {.status = 500, .tries_made = tries, .retry_after = {}}, now, 0.0);
    EXPECT_EQ(decision.end, attempt_end::retry) << tries;
    EXPECT_EQ(decision.due, now + to.retry.schedule_s[static_cast<std::size_t>(tries)] * 1000LL) << tries;
  }
  EXPECT_EQ(decide(to, {.status = 500, .tries_made = 10, .retry_after = {}}, now, 0.0).end, attempt_end::failed);
  EXPECT_EQ(decide(to, {.error = error_class::connect, .tries_made = 10, .retry_after = {}}, now, 0.0).end,
            attempt_end::failed);
}

TEST(decide, rests_the_lane_for_429_and_503_that_say_how_long) {
  struct row {
    int status;
    std::optional<base::epoch_ms> asked;
    base::epoch_ms rests_until, due;
  };
  const row rows[] = {
      {429, 60'000, now + 60'000, now + 60'000},
      {503, 60'000, now + 60'000, now + 60'000},
      // Shorter than the schedule: the lane is open again before the delivery is due.
      {503, 1'000, now + 1'000, now + 5'000},
      {503, 0, 0, now + 5'000},
      {503, std::nullopt, 0, now + 5'000},
      {429, std::nullopt, 0, now + 5'000},
      {500, 60'000, 0, now + 5'000},
      {502, 60'000, 0, now + 5'000},
      {302, 60'000, 0, now + 5'000},
      {204, 60'000, 0, now + 5'000},
  };
  const auto to = endpoint_with(success_rule::only_200, retry_on::any_failure);
  for (const row& each : rows) {
    const auto decision = decide(to, {.status = each.status, .tries_made = 1, .retry_after = each.asked}, now, 0.0);
    EXPECT_EQ(decision.end, attempt_end::retry) << each.status;
    EXPECT_EQ(decision.lane_rests_until, each.rests_until) << each.status;
    EXPECT_EQ(decision.due, each.due) << each.status;
  }
}

TEST(decide, rests_the_lane_even_if_the_delivery_is_at_its_end) {
  const auto to = endpoint_with(success_rule::only_200, retry_on::status);
  const auto decision = decide(to, {.status = 503, .tries_made = 10, .retry_after = 60'000}, now, 0.0);
  EXPECT_EQ(decision.end, attempt_end::failed);
  EXPECT_EQ(decision.lane_rests_until, now + 60'000);
}

constexpr delivery_state every_state[] = {delivery_state::pending, delivery_state::retrying,
                                          delivery_state::parked,  delivery_state::delivered,
                                          delivery_state::failed,  delivery_state::cancelled};
constexpr delivery_event every_event[] = {delivery_event::attempt_delivered,
                                          delivery_event::attempt_failed_retryable,
                                          delivery_event::attempt_failed_finally,
                                          delivery_event::endpoint_stopped,
                                          delivery_event::endpoint_started,
                                          delivery_event::manual_retry,
                                          delivery_event::replay,
                                          delivery_event::cancel};

struct transition {
  delivery_state from;
  delivery_event on;
  std::optional<delivery_state> untried, tried;  // with 0 tries and with 1; nullopt: refused
};

using enum delivery_state;
using enum delivery_event;
constexpr std::nullopt_t refused = std::nullopt;

constexpr transition transitions[] = {
    {pending, attempt_delivered, delivered, delivered},
    {pending, attempt_failed_retryable, retrying, retrying},
    {pending, attempt_failed_finally, failed, failed},
    {pending, endpoint_stopped, parked, parked},
    {pending, endpoint_started, pending, pending},
    {pending, manual_retry, pending, pending},
    {pending, replay, pending, pending},
    {pending, cancel, cancelled, cancelled},

    {retrying, attempt_delivered, delivered, delivered},
    {retrying, attempt_failed_retryable, retrying, retrying},
    {retrying, attempt_failed_finally, failed, failed},
    {retrying, endpoint_stopped, parked, parked},
    {retrying, endpoint_started, retrying, retrying},
    {retrying, manual_retry, retrying, retrying},
    {retrying, replay, retrying, retrying},
    {retrying, cancel, cancelled, cancelled},

    // An attempt that was on the wire when its endpoint stopped still ends.
    {parked, attempt_delivered, delivered, delivered},
    {parked, attempt_failed_retryable, parked, parked},
    {parked, attempt_failed_finally, failed, failed},
    {parked, endpoint_stopped, parked, parked},
    {parked, endpoint_started, pending, retrying},
    {parked, manual_retry, parked, parked},
    {parked, replay, parked, parked},
    {parked, cancel, cancelled, cancelled},

    {delivered, attempt_delivered, refused, refused},
    {delivered, attempt_failed_retryable, refused, refused},
    {delivered, attempt_failed_finally, refused, refused},
    {delivered, endpoint_stopped, delivered, delivered},
    {delivered, endpoint_started, delivered, delivered},
    {delivered, manual_retry, refused, refused},
    {delivered, replay, pending, pending},
    {delivered, cancel, refused, refused},

    {failed, attempt_delivered, refused, refused},
    {failed, attempt_failed_retryable, refused, refused},
    {failed, attempt_failed_finally, refused, refused},
    {failed, endpoint_stopped, failed, failed},
    {failed, endpoint_started, failed, failed},
    {failed, manual_retry, pending, pending},
    {failed, replay, pending, pending},
    {failed, cancel, refused, refused},

    {cancelled, attempt_delivered, refused, refused},
    {cancelled, attempt_failed_retryable, refused, refused},
    {cancelled, attempt_failed_finally, refused, refused},
    {cancelled, endpoint_stopped, cancelled, cancelled},
    {cancelled, endpoint_started, cancelled, cancelled},
    {cancelled, manual_retry, pending, pending},
    {cancelled, replay, pending, pending},
    {cancelled, cancel, refused, refused},
};

TEST(delivery_machine, moves_as_the_table_says) {
  const auto name = [](std::optional<delivery_state> state) { return state ? model::to_string(*state) : "refused"; };
  for (const transition& each : transitions) {
    const auto on = static_cast<int>(each.on);
    EXPECT_EQ(name(next_state(each.from, each.on, 0)), name(each.untried)) << name(each.from) << " event " << on;
    EXPECT_EQ(name(next_state(each.from, each.on, 1)), name(each.tried)) << name(each.from) << " event " << on;
  }
}

TEST(delivery_machine, table_names_every_pair_once) {
  std::set<std::pair<delivery_state, delivery_event>> seen;
  for (const transition& each : transitions) EXPECT_TRUE(seen.emplace(each.from, each.on).second);
  for (const delivery_state from : every_state) {
    for (const delivery_event on : every_event) {
      EXPECT_TRUE(seen.contains({from, on})) << model::to_string(from) << " event " << static_cast<int>(on);
    }
  }
}

}  // namespace
}  // namespace posthorn::policy
