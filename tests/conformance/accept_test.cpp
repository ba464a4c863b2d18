// Idempotency-Key and ids.
#include <set>

#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

class accept_conformance : public store_conformance {
 protected:
  store::event_draft keyed(std::uint8_t key, std::uint8_t body) {
    store::event_draft made = draft({});
    made.idempotent = store::idempotency{};
    made.idempotent->key[0] = key;
    made.idempotent->body[0] = body;
    return made;
  }
};

TEST_P(accept_conformance, answers_a_repeated_key_with_the_same_event) {
  const auto first = accept_one(keyed(1, 1));
  const auto again = accept_one(keyed(1, 1));
  EXPECT_EQ(first.id, again.id);
  EXPECT_FALSE(first.repeated);
  EXPECT_TRUE(again.repeated);
  reopen();
  EXPECT_EQ(accept_one(keyed(1, 1)).id, first.id);
}

TEST_P(accept_conformance, refuses_a_key_with_another_body) {
  accept_one(keyed(1, 1));
  std::vector<store::event_draft> drafts;
  drafts.push_back(keyed(1, 2));
  const auto results = accept(std::move(drafts));
  ASSERT_FALSE(results.at(0));
  EXPECT_EQ(results.at(0).error().code, base::fault::idempotency_mismatch);
}

TEST_P(accept_conformance, repeats_within_one_batch) {
  std::vector<store::event_draft> drafts;
  drafts.push_back(keyed(7, 1));
  drafts.push_back(keyed(7, 1));
  const auto results = accept(std::move(drafts));
  EXPECT_EQ(results.at(0)->id, results.at(1)->id);
}

TEST_P(accept_conformance, forgets_a_key_after_24_hours) {
  const auto first = accept_one(keyed(1, 1));
  clock_.advance(24LL * 3600 * 1000 + 1);
  EXPECT_NE(accept_one(keyed(1, 1)).id, first.id);
}

// Lists find a span of time by ids, so time must not fall while ids grow.
TEST_P(accept_conformance, dates_no_event_before_an_earlier_one_when_the_clock_is_set_back_a_little) {
  const base::epoch_ms start = clock_.wall();
  const auto accepted_at = [&](model::event_id id) {
    return store_.queries->find_event(integration_, id)->accepted_at;
  };
  const auto first = accept_one(draft({}));
  clock_.advance(-60'000);
  const auto during = accept_one(draft({}));
  EXPECT_EQ(accepted_at(during.id), start);
  clock_.advance(60'000 + 10);
  const auto after = accept_one(draft({}));
  EXPECT_EQ(accepted_at(after.id), start + 10);
  const auto found = [&](base::epoch_ms since, base::epoch_ms until) {
    return store_.queries->list_events({.integration = integration_, .since = since, .until = until}, 0, 10)->rows;
  };
  EXPECT_EQ(found(start, start + 1).size(), 2u);
  EXPECT_EQ(found(start + 1, 0).size(), 1u);
  EXPECT_EQ(found(0, start).size(), 0u);
  // A clock that was far ahead is not followed for days.
  clock_.advance(-3'600'000);
  EXPECT_EQ(accepted_at(accept_one(draft({})).id), start + 10 - 3'600'000);
  EXPECT_EQ(accepted_at(first.id), start);
}

TEST_P(accept_conformance, gives_growing_ids_that_a_restart_does_not_repeat) {
  const auto to = endpoint(model::order_rule::none);
  std::set<model::event_id> seen;
  model::event_id last = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) {
      const auto event = accept_one(draft({to, to}));
      EXPECT_GT(event.id, last);
      last = event.id + 2;
      EXPECT_TRUE(seen.insert(event.id).second);
    }
    reopen();
  }
}

INSTANTIATE_TEST_SUITE_P(every_store, accept_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace posthorn::conformance
