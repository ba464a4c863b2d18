// What a failing unit of work leaves behind in a whole store: nothing, in memory either.
#include "store/sqlite/unit_boundary.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "store/sqlite/store.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {
namespace {

class counting_sink final : public delivery_sink {
 public:
  std::atomic<int> reserved{0}, offered{0};
  bool reserve(model::endpoint_id, std::uint64_t, std::size_t) override { return ++reserved > 0; }
  void release(model::endpoint_id, std::uint64_t, std::size_t) override { --reserved; }
  void offer(std::vector<owed_delivery> deliveries) override { offered += static_cast<int>(deliveries.size()); }
  void allow_sending(bool) override {}
};

class unit_boundary : public testing::Test {
 protected:
  void open(event_taker takes = {}) {
    store_.reset();
    store_ = embedded_store::open({.data_directory = files_.directory(),
                                   .master_key = std::string(32, 'k'),
                                   .disk_free_low_water_bytes = 0,
                                   .takes = std::move(takes)},
                                  base::system_clock())
                 .value();
    store_->start(sink_).value();
  }
  void make_endpoint() {
    const auto company = store_->current()->companies.begin()->first;
    integration_ =
        store_->config().create_deployment(company, "loans", model::preset::standard).value().test.value.number;
    model::endpoint wanted = model::endpoint_from_preset(model::preset::standard);
    wanted.integration = integration_;
    wanted.url = "https://example.com/hook";
    endpoint_ = store_->config().create_endpoint(wanted).value().id;
  }
  event_draft draft(std::vector<model::endpoint_id> targets) {
    event_draft made;
    made.integration = integration_;
    made.type = "a.b";
    made.payload = "{}";
    made.targets = std::move(targets);
    return made;
  }
  accept_result accept(event_draft one) {
    std::promise<accept_result> done;
    std::vector<event_draft> drafts;
    drafts.push_back(std::move(one));
    store_->intake().accept(std::move(drafts), [&](auto results) { done.set_value(std::move(results.at(0))); });
    return done.get_future().get();
  }

  temp_store files_;
  counting_sink sink_;
  std::unique_ptr<embedded_store> store_;
  model::integration_no integration_ = 0;
  model::endpoint_id endpoint_ = 0;
};

TEST_F(unit_boundary, events_whose_entry_in_the_log_of_changes_fails_are_in_no_lane) {
  open();
  make_endpoint();
  files_.exec("CREATE TRIGGER refused BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT,'no log today'); END");
  audit_note note{.entry = {.action = "a test", .request_id = "req_1"}};
  {
    const acting as(&note);
    const auto refused = store_->sessions().change_sessions([&](session_changes& in) -> base::result<void> {
      in.emit(draft({endpoint_}));
      return {};
    });
    EXPECT_FALSE(refused);
  }
  EXPECT_EQ(files_.number("SELECT count(*) FROM event"), 0);
  EXPECT_EQ(sink_.reserved, 0) << "what no store owes takes no room";
  EXPECT_EQ(sink_.offered, 0);

  // Its sibling: a replay changes what is known of lanes before its entry is written.
  files_.exec("DROP TRIGGER refused");
  ASSERT_TRUE(store_->config().set_endpoint_state(endpoint_, model::endpoint_state::paused, ""));
  const auto accepted = accept(draft({endpoint_}));
  ASSERT_TRUE(accepted);
  ASSERT_TRUE(store_->config().cancel_delivery(accepted->id + 1));
  files_.exec("CREATE TRIGGER refused BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT,'no log today'); END");
  const auto pending = store_->stats().pending_rows;
  {
    const acting as(&note);
    EXPECT_FALSE(store_->replays().replay_delivery(accepted->id + 1));
  }
  for (int i = 0; i < 20 && !store_->health().can_accept; ++i) {
    (void)store_->sessions().change_sessions([](session_changes&) -> base::result<void> { return {}; });
  }
  EXPECT_TRUE(store_->health().can_accept);
  EXPECT_EQ(store_->stats().pending_rows, pending);
  EXPECT_EQ(files_.number("SELECT count(*) FROM pending"), static_cast<std::int64_t>(pending));
}

TEST_F(unit_boundary, a_job_whose_step_throws_ends_as_failed_and_stops_nobody) {
  open([](const model::endpoint&, std::string_view, std::string_view) -> bool { throw std::runtime_error("filter"); });
  make_endpoint();
  ASSERT_TRUE(accept(draft({})));
  model::job wanted;
  wanted.integration = integration_;
  wanted.kind = model::job_kind::replay;
  wanted.filter.choice = model::replay_choice::unrouted;
  wanted.filter.endpoint = endpoint_;
  const auto started = store_->replays().start_job(wanted);
  ASSERT_TRUE(started) << started.error().detail;
  model::job now = *started;
  while (now.state == model::job_state::running) {
    std::this_thread::yield();
    const auto found = store_->replays().find_job(integration_, started->id);
    ASSERT_TRUE(found);
    now = *found;
  }
  EXPECT_EQ(now.state, model::job_state::failed);
  EXPECT_NE(now.error.find("internal error"), std::string::npos) << now.error;
  EXPECT_TRUE(store_->health().can_accept);
  EXPECT_TRUE(accept(draft({})));
}

// The writer's last look at what has come in, and an accept that has just seen it run.
TEST_F(unit_boundary, every_accept_that_meets_the_end_is_answered_once) {
  open();
  make_endpoint();
  for (int round = 0; round < 5; ++round) {
    std::atomic<int> asked{0}, answered{0};
    std::atomic<bool> refused{false};
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        while (!refused) {
          std::vector<event_draft> drafts;
          drafts.push_back(draft({}));
          ++asked;
          store_->intake().accept(std::move(drafts), [&](auto results) {
            if (!results.at(0) && results.at(0).error().code == base::fault::shutting_down) refused = true;
            ++answered;
          });
        }
      });
    }
    while (answered < 100) std::this_thread::yield();
    store_->stop();
    for (std::thread& each : callers) each.join();
    EXPECT_EQ(asked, answered);
    open();
  }
}

TEST_F(unit_boundary, a_start_with_another_key_leaves_the_schema_as_it_was) {
  open();
  store_.reset();
  const std::int64_t version = files_.number("PRAGMA user_version");
  files_.exec("PRAGMA user_version=" + std::to_string(version - 1));
  const auto refused = embedded_store::open(
      {.data_directory = files_.directory(), .master_key = std::string(32, 'x'), .disk_free_low_water_bytes = 0},
      base::system_clock());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::fault::wrong_master_key) << refused.error().detail;
  EXPECT_EQ(files_.number("PRAGMA user_version"), version - 1);
}

}  // namespace
}  // namespace posthorn::store::sqlite
