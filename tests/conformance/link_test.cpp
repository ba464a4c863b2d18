// store::link_store: batches that are made piece by piece over restarts, links that come back as they were put, and the
// end of both with their deployment.
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using base::fault;
using store::link_changes;
using store::link_view;
using store::session_changes;

class link_conformance : public store_conformance {
 protected:
  template <class Change>
  void change(Change what) {
    const auto done = store_.links->change_links([&](session_changes& sessions, link_changes& links) {
      what(sessions, links);
      return base::result<void>();
    });
    EXPECT_TRUE(done) << done.error().detail;
  }

  model::link_batch start(std::int32_t count, const std::vector<std::string>& uids = {}) {
    model::link_batch batch{.id = 0,
                            .integration = integration_,
                            .name = "spring",
                            .count = count,
                            .made = 0,
                            .created_at = clock_.engine()};
    change([&](session_changes&, link_changes& links) { links.start(batch, uids); });
    return batch;
  }

  model::link one_of(const model::link_batch& batch, std::string uid) {
    return {.id = 0,
            .integration = batch.integration,
            .batch = batch.id,
            .uid = std::move(uid),
            .created_at = clock_.engine(),
            .expires_at = clock_.engine() + 60'000};
  }
  // Links for the next uids, at most `limit`; how many.
  std::size_t make(std::size_t limit) {
    std::size_t made = 0;
    change([&](session_changes&, link_changes& links) {
      auto next = links.next_unmade(limit);
      if (!next) return;
      for (const std::string& uid : next->uids) {
        model::link one = one_of(next->batch, uid);
        links.put(one);
      }
      made = next->uids.size();
      next->batch.made += static_cast<std::int32_t>(made);
      links.keep(next->batch);
    });
    return made;
  }
  std::vector<std::string> uids_of(model::link_batch_id batch, std::size_t limit = 2) {
    std::vector<std::string> found;
    model::link_id cursor = 0;
    do {
      const auto page = store_.links->list_links(integration_, batch, cursor, limit).value();
      EXPECT_LE(page.rows.size(), limit);
      for (const link_view& each : page.rows) found.push_back(each.value.uid);
      cursor = page.next_cursor;
    } while (cursor != 0);
    return found;
  }
};

const std::vector<std::string> five{"anna-1", "ben-22", "carl-3", "dora-4", "emil-5"};

TEST_P(link_conformance, makes_a_batch_piece_by_piece_in_the_order_of_its_uids_over_a_restart) {
  const model::link_batch batch = start(5, five);
  EXPECT_GT(batch.id, 0);
  EXPECT_TRUE(store_.links->has_link_work().value());
  EXPECT_EQ(make(2), 2u);
  EXPECT_EQ(store_.links->find_link_batch(integration_, batch.id)->made, 2);
  reopen();
  EXPECT_TRUE(store_.links->has_link_work().value());
  EXPECT_EQ(make(2), 2u);
  EXPECT_EQ(make(2), 1u);
  EXPECT_EQ(make(2), 0u);
  EXPECT_FALSE(store_.links->has_link_work().value());
  EXPECT_EQ(uids_of(batch.id), five);
  model::link_batch whole = batch;
  whole.made = 5;
  EXPECT_EQ(store_.links->find_link_batch(integration_, batch.id).value(), whole);
  EXPECT_EQ(store_.links->find_link_batch(integration_ + 1, batch.id).error().code, fault::not_found);
  EXPECT_EQ(store_.links->find_link_batch(integration_, batch.id + 1).error().code, fault::not_found);
  EXPECT_TRUE(store_.links->list_links(integration_ + 1, batch.id, 0, 100)->rows.empty());
}

TEST_P(link_conformance, takes_the_oldest_batch_first_and_leaves_made_up_uids_to_the_caller) {
  const model::link_batch first = start(3), second = start(5, five);
  change([&](session_changes&, link_changes& links) {
    auto next = links.next_unmade(100);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->batch, first);
    EXPECT_TRUE(next->uids.empty());
    EXPECT_EQ(links.unmade_batches(integration_), 2u);
    EXPECT_EQ(links.unmade_batches(integration_ + 1), 0u);
    next->batch.made = 3;
    links.keep(next->batch);
    EXPECT_EQ(links.unmade_batches(integration_), 1u);
    EXPECT_EQ(links.next_unmade(100)->uids, five);
  });
  const auto page = store_.links->list_link_batches(integration_, 0, 1).value();
  ASSERT_EQ(page.rows.size(), 1u);
  EXPECT_EQ(page.rows[0].id, second.id) << "newest first";
  EXPECT_EQ(store_.links->list_link_batches(integration_, page.next_cursor, 1)->rows.at(0).id, first.id);
  EXPECT_TRUE(store_.links->list_link_batches(integration_ + 1, 0, 1)->rows.empty());
}

TEST_P(link_conformance, gives_back_a_link_as_it_was_put_last_and_shows_its_session) {
  const model::link_batch batch = start(1, {"anna-1"});
  EXPECT_EQ(make(1), 1u);
  const link_view unused = store_.links->list_links(integration_, batch.id, 0, 10)->rows.at(0);
  EXPECT_EQ(unused.state, std::nullopt);
  model::link changed = unused.value;
  store::session_record session;
  session.value.integration = integration_;
  session.value.uid = "anna-1";
  session.value.state = model::session_state::consented;
  session.value.created_at = clock_.engine();
  session.value.expires_at = clock_.engine() + 5'000;
  change([&](session_changes& sessions, link_changes& links) {
    EXPECT_EQ(links.find(integration_, changed.id), changed);
    EXPECT_EQ(links.find(integration_ + 1, changed.id), std::nullopt);
    sessions.put(session);
    changed.generation = 3;
    changed.created_at += 1;
    changed.expires_at += 2;
    changed.session = session.value.id;
    changed.begins_after = 7;
    links.put(changed);
    EXPECT_EQ(links.find(integration_, changed.id), changed);
  });
  reopen();
  const link_view seen = store_.links->find_link(integration_, changed.id).value();
  EXPECT_EQ(seen, (link_view{changed, model::session_state::consented, session.value.expires_at}));
  EXPECT_EQ(store_.links->list_links(integration_, batch.id, 0, 10)->rows, std::vector{seen});
  EXPECT_EQ(store_.links->find_link(integration_ + 1, changed.id).error().code, fault::not_found);
}

TEST_P(link_conformance, writes_a_link_and_its_session_together_or_not_at_all) {
  const model::link_batch batch = start(1, {"anna-1"});
  const auto refused = store_.links->change_links([&](session_changes& sessions, link_changes& links) {
    store::session_record session;
    session.value.integration = integration_;
    session.value.uid = "anna-1";
    sessions.put(session);
    model::link one = one_of(batch, "anna-1");
    links.put(one);
    return base::result<void>(base::fail(fault::conflict, "no"));
  });
  EXPECT_EQ(refused.error().code, fault::conflict);
  EXPECT_TRUE(uids_of(batch.id).empty());
  EXPECT_TRUE(store_.sessions->list_sessions({.integration = integration_}, 0, 10)->rows.empty());
}

TEST_P(link_conformance, erases_the_links_of_a_deleted_deployment_piece_by_piece) {
  const auto gone = store_.config->create_deployment(store_.directory->current()->companies.begin()->first, "gone",
                                                     model::preset::assessment);
  const model::integration_no kept = integration_;
  const model::link_batch stays = start(5, five);
  EXPECT_EQ(make(5), 5u);
  integration_ = gone->test.value.number;
  const model::link_batch made = start(5, five), unmade = start(5, five);
  EXPECT_EQ(make(5), 5u);
  ASSERT_TRUE(store_.config->delete_deployment(gone->value.id));
  EXPECT_EQ(make(5), 0u) << "nothing more is made of it";
  std::size_t erased = 0;
  for (std::size_t step = 1; step > 0; erased += step) {
    EXPECT_TRUE(store_.links->has_link_work().value() || erased > 0);
    change([&](session_changes&, link_changes& links) { step = links.erase_orphans(2); });
    EXPECT_LE(step, 2u);
  }
  EXPECT_EQ(erased, 7u) << "five links and two batches";
  EXPECT_FALSE(store_.links->has_link_work().value());
  EXPECT_TRUE(uids_of(made.id).empty());
  EXPECT_FALSE(store_.links->find_link_batch(integration_, unmade.id));
  integration_ = kept;
  EXPECT_EQ(uids_of(stays.id), five);
}

INSTANTIATE_TEST_SUITE_P(every_store, link_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace posthorn::conformance
