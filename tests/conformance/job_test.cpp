// Jobs: many deliveries sent again in small steps, once each, whatever ends the process in between.
#include <set>

#include "base/limits.hpp"
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

namespace limits = base::limits;
using model::job_state;
using model::replay_choice;
using store::verdict;

class job_conformance : public store_conformance {
 protected:
  // `count` deliveries of new events, ended as `decided`, in order.
  std::vector<store::owed_delivery> ended(std::size_t count, model::endpoint_id to, verdict decided,
                                          const std::string& type = "application.complete") {
    std::vector<store::event_draft> drafts;
    for (std::size_t i = 0; i < count; ++i) {
      drafts.push_back(draft({to}));
      drafts.back().type = type;
    }
    for (const auto& result : accept(std::move(drafts))) EXPECT_TRUE(result);
    std::vector<store::owed_delivery> owed;
    std::vector<store::attempt_report> reports;
    for (std::size_t i = 0; i < count; ++i) {
      owed.push_back(sink_->take());
      reports.push_back(report(owed.back(), decided));
    }
    store_.log->record(std::move(reports));
    settle();
    return owed;
  }

  model::job start(model::replay_filter filter, model::job_kind kind = model::job_kind::replay) {
    model::job wanted;
    wanted.integration = integration_;
    wanted.kind = kind;
    wanted.filter = std::move(filter);
    auto made = store_.replays->start_job(wanted);
    EXPECT_TRUE(made) << made.error().detail;
    return made.value_or(model::job{});
  }
  model::job find(model::job_id id) {
    auto found = store_.replays->find_job(integration_, id);
    EXPECT_TRUE(found) << found.error().detail;
    return found.value_or(model::job{});
  }
  // One turn of the housekeeping, with one step of a job.
  void step() {
    clock_.advance(100);
    settle();
  }
  model::job run(model::job_id id) {
    for (int i = 0; i < 1'000; ++i) {
      if (const auto now = find(id); now.state != job_state::running) return now;
      step();
    }
    ADD_FAILURE() << "the job does not end";
    return find(id);
  }
  std::multiset<model::delivery_id> taken(std::size_t count) {
    std::multiset<model::delivery_id> ids;
    for (std::size_t i = 0; i < count; ++i) ids.insert(sink_->take().id);
    settle();
    EXPECT_EQ(sink_->waiting(), 0u);
    return ids;
  }
};

std::multiset<model::delivery_id> ids_of(const std::vector<store::owed_delivery>& of) {
  std::multiset<model::delivery_id> ids;
  for (const auto& each : of) ids.insert(each.id);
  return ids;
}

TEST_P(job_conformance, requeues_what_failed_and_nothing_else) {
  const auto to = endpoint(model::order_rule::none);
  const auto other = endpoint(model::order_rule::none);
  ended(3, to, verdict::delivered);
  const auto failed = ended(5, to, verdict::failed);
  const auto elsewhere = ended(2, other, verdict::failed);
  const auto job = start({.choice = replay_choice::failed, .endpoint = to}, model::job_kind::retry);
  EXPECT_EQ(job.state, job_state::running);
  EXPECT_EQ(job.total, 5);
  const auto done = run(job.id);
  EXPECT_EQ(done.state, job_state::done);
  EXPECT_EQ(done.requeued, 5);
  EXPECT_EQ(done.skipped, 0);
  EXPECT_GE(done.finished_at, done.created_at);
  EXPECT_EQ(taken(5), ids_of(failed));
  const auto all = start({.choice = replay_choice::failed});
  EXPECT_EQ(run(all.id).requeued, 2);
  EXPECT_EQ(taken(2), ids_of(elsewhere));
}

TEST_P(job_conformance, sends_the_oldest_first) {
  const auto to = endpoint(model::order_rule::none);
  const auto failed = ended(20, to, verdict::failed);
  run(start({.endpoint = to}).id);
  for (const auto& each : failed) EXPECT_EQ(sink_->take().id, each.id);
}

TEST_P(job_conformance, chooses_by_type_and_time) {
  const auto to = endpoint(model::order_rule::none);
  const auto early = ended(2, to, verdict::failed, "a.one");
  clock_.advance(3'600'000);
  const base::epoch_ms noon = clock_.wall();
  const auto wanted = ended(2, to, verdict::failed, "a.two");
  ended(2, to, verdict::failed, "b.one");
  clock_.advance(3'600'000);
  const base::epoch_ms evening = clock_.wall();
  ended(2, to, verdict::failed, "a.three");
  EXPECT_EQ(run(start({.type = "a.*", .since = noon, .until = evening}).id).requeued, 2);
  EXPECT_EQ(taken(2), ids_of(wanted));
  EXPECT_EQ(run(start({.type = "a.one"}).id).requeued, 2);
  EXPECT_EQ(taken(2), ids_of(early));
  EXPECT_EQ(run(start({.until = noon}).id).requeued, 0);
}

TEST_P(job_conformance, replays_what_arrived_and_what_was_cancelled) {
  const auto to = endpoint(model::order_rule::none);
  const auto arrived = ended(3, to, verdict::delivered);
  const auto failed = ended(2, to, verdict::failed);
  accept_one(draft({to}));
  const auto pending = sink_->take();
  accept_one(draft({to}));
  const auto dropped = sink_->take();
  record(report(dropped, verdict::retry, clock_.engine() + 3'600'000));
  ASSERT_TRUE(store_.config->cancel_delivery(dropped.id));

  EXPECT_EQ(run(start({.choice = replay_choice::cancelled}).id).requeued, 1);
  EXPECT_EQ(taken(1), std::multiset{dropped.id});
  const auto job = start({.choice = replay_choice::delivered, .endpoint = to});
  EXPECT_FALSE(job.total);
  EXPECT_EQ(run(job.id).requeued, 3);
  EXPECT_EQ(taken(3), ids_of(arrived));
  EXPECT_EQ(run(start({.choice = replay_choice::finished}).id).requeued, 2);
  EXPECT_EQ(taken(2), ids_of(failed));
  record(report(pending, verdict::delivered));
}

TEST_P(job_conformance, gives_an_endpoint_the_events_that_it_never_got) {
  const auto old = endpoint(model::order_rule::none);
  const auto routed = ended(2, old, verdict::delivered);
  const auto stray = accept_one(draft({}));
  const auto later = endpoint(model::order_rule::none);
  EXPECT_EQ(run(start({.choice = replay_choice::unrouted, .endpoint = later}).id).requeued, 1);
  const auto first = sink_->take();
  EXPECT_EQ(first.event->id, stray.id);
  EXPECT_EQ(first.endpoint, later);
  EXPECT_EQ(run(start({.choice = replay_choice::missing, .endpoint = later}).id).requeued, 2);
  EXPECT_EQ(sink_->take().event->id, routed[0].event->id);
  EXPECT_EQ(sink_->take().event->id, routed[1].event->id);
  EXPECT_EQ(run(start({.choice = replay_choice::missing, .endpoint = later}).id).requeued, 0);
  EXPECT_EQ(run(start({.choice = replay_choice::unrouted, .endpoint = later}).id).requeued, 0);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
}

// Also the deliveries that replays have made are found by later jobs.
TEST_P(job_conformance, finds_extra_deliveries) {
  const auto stray = accept_one(draft({}));
  const auto to = endpoint(model::order_rule::none);
  ASSERT_TRUE(store_.replays->replay_event(stray.id, {to}));
  const auto extra = sink_->take();
  record(report(extra, verdict::failed));
  EXPECT_EQ(run(start({.choice = replay_choice::failed, .type = "application.complete"}).id).requeued, 1);
  const auto again = sink_->take();
  EXPECT_EQ(again.id, extra.id);
  record(report(again, verdict::delivered));
  EXPECT_EQ(run(start({.choice = replay_choice::delivered}).id).requeued, 1);
  EXPECT_EQ(sink_->take().id, extra.id);
}

TEST_P(job_conformance, recovers_an_endpoint_that_was_disabled) {
  const auto to = endpoint(model::order_rule::none);
  const auto before = ended(2, to, verdict::failed);
  clock_.advance(3'600'000);
  const base::epoch_ms since = clock_.wall();
  const auto failed = ended(3, to, verdict::failed);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::disabled, "by a test"));
  const auto parked = accept_one(draft({to}));
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  const auto job = start({.endpoint = to, .ended_since = since}, model::job_kind::recover);
  EXPECT_EQ(job.total, 3);
  EXPECT_EQ(store_.directory->current()->endpoints.at(to)->state, model::endpoint_state::active);
  EXPECT_EQ(sink_->take().id, parked.id + 1);
  EXPECT_EQ(run(job.id).requeued, 3);
  EXPECT_EQ(taken(3), ids_of(failed));
  EXPECT_EQ(state_of(before[0].id), model::delivery_state::failed);
}

// Each delivery once, though the store is opened anew after every step.
TEST_P(job_conformance, goes_on_after_a_restart_at_every_step) {
  const auto to = endpoint(model::order_rule::none);
  const std::size_t count = limits::job_step_finds_max * 8 + 17;
  const auto failed = ended(count, to, verdict::failed);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::paused, "by a test"));
  const auto job = start({.endpoint = to});
  EXPECT_EQ(job.total, static_cast<std::int64_t>(count));
  std::int64_t requeued = 0;
  int steps = 0;
  for (; find(job.id).state == job_state::running && steps < 1'000; ++steps) {
    reopen();
    step();
    const auto now = find(job.id);
    EXPECT_GE(now.requeued, requeued);
    requeued = now.requeued;
  }
  EXPECT_GE(steps, 3);  // a stop and a start do a step each, too
  EXPECT_EQ(find(job.id).state, job_state::done);
  EXPECT_EQ(find(job.id).requeued, static_cast<std::int64_t>(count));
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::active, ""));
  std::multiset<model::delivery_id> seen;
  for (std::size_t i = 0; i < count; ++i) {
    const auto again = sink_->take();
    EXPECT_EQ(again.generation, 1);
    seen.insert(again.id);
    if (i % 100 == 99) {
      clock_.advance(1'000);  // what was parked goes out at a bounded rate
      settle();
    }
  }
  EXPECT_EQ(seen, ids_of(failed));
}

TEST_P(job_conformance, replays_each_arrived_delivery_once_over_restarts) {
  const auto a = endpoint(model::order_rule::none);
  const auto b = endpoint(model::order_rule::none);
  const std::size_t events = limits::job_step_finds_max;
  std::vector<store::event_draft> drafts;
  for (std::size_t i = 0; i < events; ++i) drafts.push_back(draft({a, b}));
  accept(std::move(drafts));
  std::vector<store::attempt_report> reports;
  for (std::size_t i = 0; i < events * 2; ++i) reports.push_back(report(sink_->take(), verdict::delivered));
  store_.log->record(std::move(reports));
  settle();
  const auto job = start({.choice = replay_choice::delivered});
  std::size_t sent = 0;
  std::set<model::delivery_id> seen;
  const auto deliver_one = [&] {
    const auto again = sink_->take();
    EXPECT_TRUE(seen.insert(again.id).second) << "twice";
    record(report(again, verdict::delivered));
    ++sent;
  };
  for (int i = 0; i < 1'000 && find(job.id).state == job_state::running; ++i) {
    step();
    settle();
    // What is sent arrives at once, and could be chosen again.
    while (sink_->waiting() > 0) deliver_one();
    reopen();
  }
  // The last steps may have been a stop's and a start's own.
  while (sent < events * 2 && !HasFailure()) deliver_one();
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  EXPECT_EQ(find(job.id).requeued, static_cast<std::int64_t>(events * 2));
  EXPECT_EQ(sent, events * 2);
}

TEST_P(job_conformance, stops_when_cancelled_and_keeps_what_it_did) {
  const auto to = endpoint(model::order_rule::none);
  ended(limits::job_step_finds_max * 3, to, verdict::failed);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::paused, "by a test"));
  const auto job = start({.endpoint = to});
  step();
  const auto cancelled = store_.replays->cancel_job(integration_, job.id);
  ASSERT_TRUE(cancelled) << cancelled.error().detail;
  EXPECT_EQ(cancelled->state, job_state::cancelled);
  const auto at = find(job.id);
  EXPECT_GT(at.requeued, 0);
  EXPECT_LT(at.requeued, *at.total);
  for (int i = 0; i < 5; ++i) step();
  reopen();
  step();
  EXPECT_EQ(find(job.id).requeued, at.requeued);
  const auto twice = store_.replays->cancel_job(integration_, job.id);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, base::fault::not_acceptable_now);
}

TEST_P(job_conformance, fails_when_its_endpoint_is_deleted) {
  const auto to = endpoint(model::order_rule::none);
  ended(limits::job_step_finds_max + 1, to, verdict::failed);
  const auto job = start({.endpoint = to});
  ASSERT_TRUE(store_.config->delete_endpoint(to));
  const auto after = run(job.id);
  EXPECT_EQ(after.state, job_state::failed);
  EXPECT_FALSE(after.error.empty());
}

TEST_P(job_conformance, keeps_chains_ordered) {
  const auto to = endpoint(model::order_rule::per_uid);
  std::vector<model::delivery_id> failed;
  for (int i = 0; i < 6; ++i) {
    accept_one(draft({to}, "uid-a"));
    const auto owed = sink_->take();
    record(report(owed, verdict::failed));
    failed.push_back(owed.id);
  }
  accept_one(draft({to}, "uid-a"));
  const auto head = sink_->take();
  run(start({.endpoint = to}).id);
  const auto fresh = accept_one(draft({to}, "uid-a"));
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  record(report(head, verdict::delivered));
  for (const model::delivery_id id : failed) {
    const auto next = sink_->take();
    EXPECT_EQ(next.id, id);
    EXPECT_EQ(sink_->waiting(), 0u);
    record(report(next, verdict::delivered));
  }
  EXPECT_EQ(sink_->take().id, fresh.id + 1);
}

TEST_P(job_conformance, leaves_what_another_integration_owns) {
  auto other = store_.config->create_deployment(store_.directory->current()->companies.begin()->first, "other",
                                                model::preset::assessment);
  ASSERT_TRUE(other);
  const auto to = endpoint(model::order_rule::none);
  ended(2, to, verdict::failed);
  const auto job = start({});
  EXPECT_FALSE(store_.replays->find_job(other->test.value.number, job.id));
  EXPECT_FALSE(store_.replays->cancel_job(other->test.value.number, job.id));
  run(job.id);
  taken(2);
  model::job wanted;
  wanted.integration = other->test.value.number;
  wanted.filter.choice = replay_choice::finished;
  const auto theirs = store_.replays->start_job(wanted);
  ASSERT_TRUE(theirs);
  for (int i = 0; i < 3; ++i) step();
  const auto found = store_.replays->find_job(wanted.integration, theirs->id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, job_state::done);
  EXPECT_EQ(found->requeued, 0);
}

TEST_P(job_conformance, bounds_and_lists_the_jobs_of_an_integration) {
  std::vector<model::job_id> ids;
  for (std::size_t i = 0; i < limits::jobs_running_per_integration_max; ++i) ids.push_back(start({}).id);
  model::job wanted;
  wanted.integration = integration_;
  const auto refused = store_.replays->start_job(wanted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::fault::not_acceptable_now);
  // Nor does a recovery begin: nothing of it happens, and nobody is told.
  const auto to = endpoint(model::order_rule::none);
  auto desk = model::endpoint_from_preset(model::preset::standard);
  desk.integration = integration_;
  desk.url = "https://example.com/news";
  desk.kind = model::endpoint_kind::operational;
  ASSERT_TRUE(store_.config->create_endpoint(desk));
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::disabled, "by a test"));
  EXPECT_EQ(sink_->take().event->type, "endpoint.disabled");
  wanted.kind = model::job_kind::recover;
  wanted.filter.endpoint = to;
  EXPECT_FALSE(store_.replays->start_job(wanted));
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  EXPECT_EQ(store_.directory->current()->endpoints.at(to)->state, model::endpoint_state::disabled);
  for (const model::job_id id : ids) EXPECT_EQ(run(id).state, job_state::done);
  ids.push_back(start({}).id);
  const auto page = store_.replays->list_jobs(integration_, 0, 2);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->rows.size(), 2u);
  EXPECT_EQ(page->rows[0].id, ids.back());
  const auto rest = store_.replays->list_jobs(integration_, page->next_cursor, 10);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->rows.size(), ids.size() - 2);
  EXPECT_EQ(rest->next_cursor, 0);
  reopen();
  EXPECT_GT(start({}).id, ids.back());
}

INSTANTIATE_TEST_SUITE_P(every_store, job_conformance, testing::ValuesIn(implementations()),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace posthorn::conformance
