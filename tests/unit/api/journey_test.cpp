// A journey's token at its own end, and against sessions that are no more: with time that a test can set.
#include "unit/api/api_fixture.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

constexpr base::epoch_ms now = 1'700'000'000'500;
const std::string integration_id = "10000000000000000001";

class still_clock final : public base::clock {
 public:
  base::epoch_ms wall() const noexcept override { return now; }
  base::epoch_ms engine() const noexcept override { return now; }
  void raise_engine(base::epoch_ms) noexcept override {}
};

// One session, in memory.
class one_session final : public store::session_store, public store::session_changes {
 public:
  store::session_record kept;

  base::result<void> change_sessions(const decision& decide) override { return decide(*this); }
  base::result<store::page<store::session_record>> list_sessions(const store::session_filter&, model::session_id,
                                                                 std::size_t) override {
    return store::page<store::session_record>{};
  }
  base::result<store::session_record> find_session(model::integration_no integration, model::session_id id) override {
    auto found = find(integration, id);
    if (!found) return base::fail(base::fault::not_found, "there is no such session");
    return *std::move(found);
  }
  base::result<base::epoch_ms> next_session_end() override { return 0; }
  base::result<std::vector<store::due_scoring>> due_scorings(base::epoch_ms, std::size_t) override {
    return std::vector<store::due_scoring>{};
  }

  std::optional<store::session_record> find(model::integration_no integration, model::session_id id) override {
    if (integration != kept.value.integration || id != kept.value.id) return std::nullopt;
    return kept;
  }
  std::optional<store::session_record> find_latest(model::integration_no, std::string_view) override { return kept; }
  std::vector<store::session_record> overdue(base::epoch_ms, std::size_t) override { return {}; }
  void put(store::session_record& one) override { kept = one; }
  void emit(store::event_draft draft) override { events.push_back(std::move(draft.type)); }

  std::vector<std::string> events;
};

class Journey : public api_fixture {
 protected:
  Journey() : api_fixture(clock_, sessions_) {
    store_.add(1, integration_id, "ph_test_one");
    model::session& of = sessions_.kept.value;
    of.id = 7;
    of.integration = 1;
    of.uid = "anna-0001";
    of.created_at = of.opened_at = now - 60'000;
    of.expires_at = now + 60'000;
    of.made = {.done = 0, .required = 48};
  }

  std::string token(model::session_id of = 7, const std::string& in = integration_id) const {
    return tokens_.sign(
        assessment::session_claims{.uid = "anna-0001",
                                   .company = 1,
                                   .integration_id = in,
                                   .url = "https://x.example/assess/",
                                   .session = of,
                                   .expires_at_s = assessment::expiry_s(sessions_.kept.value.expires_at)});
  }

  net::response ask(const std::string& method, const std::string& path, const std::string& with) {
    return api_fixture::ask(method, path, {{"Authorization", "Bearer " + with}});
  }

  still_clock clock_;
  one_session sessions_;
};

TEST_F(Journey, OfATokenWhoseTimeIsOverIsGoneAndSaysHowItEnded) {
  model::session& of = sessions_.kept.value;
  of.expires_at = now - 1'000;
  for (const auto& [method, step] : {std::pair("GET", ""), {"POST", "/open"}, {"POST", "/exit"}}) {
    const net::response refused = ask(method, std::string("/v1/journey") + step, token());
    EXPECT_EQ(refused.status, 410) << step;
    EXPECT_EQ(slug(refused), "time-over") << step;
    EXPECT_EQ(json::parse(refused.body).at("outcome"), "expired") << step;
    EXPECT_TRUE(json::parse(refused.body).at("redirect_url").is_null()) << step;
  }
  EXPECT_EQ(sessions_.events, std::vector<std::string>{"application.expired"}) << "once, and not by the GET";
  EXPECT_EQ(of.state, model::session_state::expired);

  of.state = model::session_state::scored;
  for (const auto& [method, step] : {std::pair("GET", ""), {"POST", "/open"}}) {
    const net::response refused = ask(method, std::string("/v1/journey") + step, token());
    EXPECT_EQ(refused.status, 410) << step;
    EXPECT_EQ(json::parse(refused.body).at("outcome"), "complete") << "it had ended before its time was over";
  }
}

TEST_F(Journey, ReadsWithoutChangingAnything) {
  const store::session_record before = sessions_.kept;
  const net::response given = ask("GET", "/v1/journey", token());
  ASSERT_EQ(given.status, 200) << given.body;
  EXPECT_EQ(json::parse(given.body).at("remaining_ms"), 60'000);
  EXPECT_EQ(sessions_.kept, before);
}

TEST_F(Journey, IsTheTokensOwnSessionInItsOwnIntegration) {
  store_.add(2, "10000000000000000002", "ph_prod_two");
  for (const std::string& other :
       {token(8), token(7, "10000000000000000002"), token(7, "10000000000000000003"), std::string()}) {
    const net::response refused = ask("GET", "/v1/journey", other);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(slug(refused), "invalid-token");
  }
  const std::string link = tokens_.sign(assessment::link_claims{
      .link = 7, .integration_id = integration_id, .generation = 1, .expires_at_s = now / 1000 + 60});
  EXPECT_EQ(slug(ask("GET", "/v1/journey", link)), "invalid-token") << "a link's token is for something else";
}

}  // namespace
}  // namespace posthorn::api
