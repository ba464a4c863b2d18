// store::session_store: what is put comes back, one live session a uid, changes and their events together or not at
// all, and the end that comes next.
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using base::fault;
using model::session_state;
using store::session_changes;
using store::session_record;

class session_conformance : public store_conformance {
 protected:
  session_record fresh(const std::string& uid, base::epoch_ms expires_in = 60'000) {
    session_record made;
    made.value.integration = integration_;
    made.value.uid = uid;
    made.value.created_at = clock_.engine();
    made.value.expires_at = clock_.engine() + expires_in;
    made.value.made = {.done = 0, .required = 48};
    return made;
  }

  session_record put(session_record one) {
    const auto done = store_.sessions->change_sessions([&](session_changes& in) -> base::result<void> {
      in.put(one);
      return {};
    });
    EXPECT_TRUE(done) << done.error().detail;
    return one;
  }
  session_record put_ended(const std::string& uid, session_state state = session_state::cancelled) {
    session_record one = fresh(uid);
    one.value.state = state;
    return put(one);
  }

  std::optional<session_record> latest(const std::string& uid) {
    std::optional<session_record> found;
    EXPECT_TRUE(store_.sessions->change_sessions([&](session_changes& in) -> base::result<void> {
      found = in.find_latest(integration_, uid);
      return {};
    }));
    return found;
  }
  std::vector<std::string> overdue(std::size_t limit = 100) {
    std::vector<std::string> uids;
    EXPECT_TRUE(store_.sessions->change_sessions([&](session_changes& in) -> base::result<void> {
      for (const session_record& each : in.overdue(clock_.engine(), limit)) uids.push_back(each.value.uid);
      return {};
    }));
    return uids;
  }
  base::epoch_ms next_end() { return store_.sessions->next_session_end().value(); }
};

TEST_P(session_conformance, gives_back_what_was_put_over_a_restart) {
  session_record every = fresh("anna-1");
  every.value.platform = model::platform::ios;
  every.value.state = session_state::incomplete;
  every.value.opened_at = 1;
  every.value.consented_at = 2;
  every.value.last_response_at = 3;
  every.value.ended_at = 4;
  every.value.scored_at = 5;
  every.value.made = {.done = 6, .required = 7, .permissions_missing = 1};
  every.value.end_reasons = {"Missing data", "Missing \"permissions\""};
  every.questionnaire = {"other", 3};
  every.scorecard = {"another", 4};
  every.given = R"({"items":{}})";
  every.score = R"({"score":1})";
  every.scoring = {.due_at = 6, .tries = 7, .last_error = "no \"score\""};
  const session_record made = put(every);
  EXPECT_GT(made.value.id, 0);
  reopen();
  EXPECT_EQ(store_.sessions->find_session(integration_, made.value.id).value(), made);
  EXPECT_EQ(latest("anna-1"), made);
  EXPECT_EQ(store_.sessions->find_session(integration_ + 1, made.value.id).error().code, fault::not_found);
  EXPECT_EQ(store_.sessions->find_session(integration_, made.value.id + 1).error().code, fault::not_found);
}

TEST_P(session_conformance, replaces_by_id_and_finds_the_newest_of_a_uid) {
  const session_record old = put_ended("anna-1");
  session_record live = put(fresh("anna-1"));
  EXPECT_GT(live.value.id, old.value.id);
  EXPECT_EQ(latest("anna-1"), live);
  live.value.state = session_state::consented;
  put(live);
  EXPECT_EQ(latest("anna-1"), live);
  EXPECT_EQ(latest("ben-1"), std::nullopt);
}

TEST_P(session_conformance, has_one_live_session_a_uid) {
  put(fresh("anna-1"));
  session_record second = fresh("anna-1");
  const auto refused = store_.sessions->change_sessions([&](session_changes& in) -> base::result<void> {
    in.put(second);
    return {};
  });
  EXPECT_FALSE(refused);
  put(fresh("ben-1"));  // and the store goes on
  session_record elsewhere = fresh("anna-1");
  elsewhere.value.integration = integration_ + 1;
  put(elsewhere);
}

TEST_P(session_conformance, writes_a_change_and_its_events_together_or_not_at_all) {
  const auto to = endpoint(model::order_rule::per_uid);
  session_record one = fresh("anna-1");
  const auto refused = store_.sessions->change_sessions([&](session_changes& in) -> base::result<void> {
    in.put(one);
    in.emit(draft({to}, "anna-1"));
    return base::fail(fault::conflict, "no");
  });
  EXPECT_EQ(refused.error().code, fault::conflict);
  EXPECT_EQ(latest("anna-1"), std::nullopt);
  EXPECT_EQ(sink_->waiting(), 0u);

  one = fresh("anna-1");
  ASSERT_TRUE(store_.sessions->change_sessions([&](session_changes& in) -> base::result<void> {
    in.put(one);
    store::event_draft first = draft({to}, "anna-1"), second = draft({to}, "anna-1");
    first.payload = "1";
    second.payload = "2";
    in.emit(std::move(first));
    in.emit(std::move(second));
    return {};
  }));
  EXPECT_TRUE(latest("anna-1"));
  const store::owed_delivery head = sink_->take();
  EXPECT_EQ(head.event->payload, "1") << "in the order of the calls";
  record(report(head, store::verdict::delivered));
  clock_.advance(1'000);
  settle();
  EXPECT_EQ(sink_->take().event->payload, "2");
}

TEST_P(session_conformance, knows_what_ends_next_among_the_live_ones) {
  EXPECT_EQ(next_end(), 0);
  put_ended("gone-1", session_state::expired);
  EXPECT_EQ(next_end(), 0) << "what has ended ends no more";
  put(fresh("late-1", 50'000));
  const session_record soon = put(fresh("soon-1", 10'000));
  EXPECT_EQ(next_end(), soon.value.expires_at);
  EXPECT_TRUE(overdue().empty());
  clock_.advance(9'999);
  EXPECT_TRUE(overdue().empty());
  clock_.advance(1);
  EXPECT_EQ(overdue(), std::vector<std::string>{"soon-1"});
  clock_.advance(60'000);
  reopen();
  EXPECT_EQ(overdue(), (std::vector<std::string>{"soon-1", "late-1"}));
  EXPECT_EQ(overdue(1), std::vector<std::string>{"soon-1"});
}

TEST_P(session_conformance, knows_which_scores_are_due_in_each_integration) {
  const auto due = [&](std::size_t per_integration = 100) {
    return store_.sessions->due_scorings(clock_.engine(), per_integration).value();
  };
  const auto put_waiting = [&](const std::string& uid, base::epoch_ms due_in, model::integration_no of) {
    session_record one = fresh(uid);
    one.value.integration = of;
    one.value.state = session_state::complete;
    one.scoring.due_at = clock_.engine() + due_in;
    return put(one);
  };
  put_ended("gone-1", session_state::complete);
  EXPECT_TRUE(due().empty()) << "none waits";
  const session_record late = put_waiting("late-1", 2'000, integration_);
  session_record soon = put_waiting("soon-1", 1'000, integration_);
  const session_record other = put_waiting("other-1", 1'000, integration_ + 1);
  EXPECT_TRUE(due().empty());
  clock_.advance(2'000);
  reopen();
  const store::due_scoring first{integration_, soon.value.id}, second{integration_, late.value.id},
      third{integration_ + 1, other.value.id};
  EXPECT_EQ(due(), (std::vector{first, second, third}));
  EXPECT_EQ(due(1), (std::vector{first, third})) << "none waits for another one's";
  soon.scoring = {.due_at = 0, .tries = 10, .last_error = "no"};
  put(soon);
  EXPECT_EQ(due(), (std::vector{second, third}));
}

TEST_P(session_conformance, lists_newest_first_by_uid_and_state) {
  for (int i = 0; i < 5; ++i) put_ended("anna-1", i % 2 == 0 ? session_state::cancelled : session_state::expired);
  session_record live = fresh("ben-1");
  live.given = "secret";
  put(live);
  const auto uids = [&](const store::session_filter& filter, std::size_t limit) {
    std::vector<std::string> found;
    model::session_id cursor = 0;
    do {
      const auto page = store_.sessions->list_sessions(filter, cursor, limit).value();
      EXPECT_LE(page.rows.size(), limit);
      for (const session_record& each : page.rows) {
        found.push_back(each.value.uid);
        EXPECT_EQ(each.given, "") << "too large for lists";
      }
      cursor = page.next_cursor;
    } while (cursor != 0);
    return found;
  };
  const store::session_filter all{.integration = integration_};
  const std::vector<std::string> every{"ben-1", "anna-1", "anna-1", "anna-1", "anna-1", "anna-1"};
  EXPECT_EQ(uids(all, 100), every);
  EXPECT_EQ(uids(all, 1), every);
  EXPECT_EQ(uids({.integration = integration_, .uid = "anna-1"}, 2).size(), 5u);
  EXPECT_EQ(uids({.integration = integration_, .state = session_state::expired}, 2).size(), 2u);
  EXPECT_EQ(uids({.integration = integration_, .uid = "ben-1", .state = session_state::expired}, 2).size(), 0u);
  EXPECT_EQ(uids({.integration = integration_ + 1}, 2).size(), 0u);
}

INSTANTIATE_TEST_SUITE_P(every_store, session_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace posthorn::conformance
