#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "store/sqlite/config_tables.hpp"
#include "store/sqlite/endpoint_table.hpp"
#include "store/sqlite/load_directory.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {
namespace {

using base::fault;

constexpr base::epoch_ms now = 1'700'000'000'000;

class config : public testing::Test {
 protected:
  config_tables tables(base::epoch_ms at = now) {
    return {store_.on(), box_, [this] { return ++last_id_; }, at};
  }
  endpoint_table endpoints() { return {store_.on(), box_, now}; }
  directory load(base::epoch_ms at = now) { return load_directory(store_.on(), box_, at, nullptr).value(); }
  made_deployment deployment(std::string name = "Loans") {
    if (company_ == 0) company_ = tables().create_company("Bank").value().id;
    return tables().create_deployment(company_, std::move(name), model::preset::learning).value();
  }

  temp_store store_;
  secret_box box_ = secret_box::make(std::string(secret_box::key_bytes, 'k')).value();
  base::id_value last_id_ = 100;
  model::company_id company_ = 0;
};

model::endpoint every_setting(model::integration_no of) {
  model::endpoint made;
  made.integration = of;
  made.url = "https://example.org/hook?a=\"1\"";
  made.description = "Überweisung \n";
  made.made_from = model::preset::standard;
  made.event_types = {"a.*", "b"};
  made.success = model::success_rule::any_2xx;
  made.timeout_ms = 1'234;
  made.auth = model::auth_basic{"user", "pass\"word"};
  made.headers = {{"X-One", "1"}, {"Authorization", "secret two"}};
  made.signatures = {{model::signature_scheme::standard_v1, "whsec_x"}, {model::signature_scheme::x_signature, ""}};
  made.retry = {{0, 7}, model::retry_on::status};
  made.order = model::order_rule::per_uid;
  made.order_wait_max_s = 0;
  made.in_flight_max = 3;
  made.state = model::endpoint_state::paused;
  made.state_reason = "by hand";
  made.not_before = 77;
  return made;
}

TEST_F(config, a_deployment_has_two_integrations_with_a_key_each) {
  const auto made = deployment();
  EXPECT_EQ(made.test.key.text.substr(0, 8), "ph_test_");
  EXPECT_EQ(made.production.key.text.substr(0, 8), "ph_prod_");
  EXPECT_EQ(made.test.key.text.size(), 40u);
  EXPECT_EQ(made.test.value.integration_id.size(), 20u);
  EXPECT_NE(made.test.value.number, made.production.value.number);

  const auto seen = load();
  EXPECT_EQ(seen.companies.at(company_).name, "Bank");
  EXPECT_EQ(seen.deployments.at(made.value.id).default_preset, model::preset::learning);
  EXPECT_EQ(seen.by_integration_id.at(made.test.value.integration_id), made.test.value.number);
  EXPECT_EQ(seen.by_key_digest.at(base::sha256(made.production.key.text)), made.production.value.number);
  const auto& entry = *seen.integrations.at(made.test.value.number);
  ASSERT_EQ(entry.keys.size(), 1u);
  EXPECT_EQ(entry.keys[0].text, made.test.key.text);
  EXPECT_EQ(entry.value.env, model::environment::test);
  EXPECT_EQ(entry.value.company, company_);
  EXPECT_EQ(entry.value.retention_days, base::limits::retention_days_default);
}

TEST_F(config, names_collide_within_their_owner) {
  deployment();
  EXPECT_EQ(tables().create_company("Bank").error().code, fault::conflict);
  EXPECT_EQ(tables().create_deployment(company_, "Loans", model::preset::standard).error().code, fault::conflict);
  EXPECT_EQ(tables().create_deployment(9'999, "Loans", model::preset::standard).error().code, fault::not_found);
  const auto other = deployment("Cards");
  EXPECT_EQ(tables().rename_deployment(other.value.id, "Loans").error().code, fault::conflict);
  EXPECT_EQ(tables().rename_deployment(other.value.id, "Cards").value().name, "Cards");
  EXPECT_EQ(tables().rename_deployment(other.value.id, "Debit").value().name, "Debit");
  EXPECT_EQ(load().deployments.at(other.value.id).name, "Debit");
}

TEST_F(config, deleting_waits_for_the_endpoints_and_frees_the_name) {
  const auto made = deployment();
  model::endpoint wanted;
  wanted.integration = made.test.value.number;
  const auto endpoint = endpoints().create(++last_id_, wanted).value();
  EXPECT_EQ(tables().delete_deployment(made.value.id).error().code, fault::not_acceptable_now);
  ASSERT_TRUE(endpoints().bury(endpoint.id));
  ASSERT_TRUE(tables().delete_deployment(made.value.id));
  EXPECT_EQ(tables().delete_deployment(made.value.id).error().code, fault::not_found);
  EXPECT_EQ(tables().rotate_key(made.test.value.number, 0).error().code, fault::not_found);
  EXPECT_EQ(endpoints().create(++last_id_, wanted).error().code, fault::not_found);

  const auto seen = load();
  EXPECT_TRUE(seen.deployments.empty());
  EXPECT_TRUE(seen.integrations.empty());
  EXPECT_TRUE(seen.by_key_digest.empty());
  EXPECT_EQ(store_.number("SELECT count(*) FROM api_key"), 0);
  EXPECT_EQ(store_.number("SELECT count(*) FROM integration"), 2) << "they say how long events are kept";
  const auto again = deployment();
  EXPECT_GT(again.test.value.number, made.production.value.number) << "numbers are not used twice";
}

TEST_F(config, a_rotation_keeps_the_old_key_until_its_overlap_ends) {
  const auto made = deployment();
  const auto number = made.test.value.number;
  const auto second = tables().rotate_key(number, 60).value();
  auto seen = load();
  ASSERT_EQ(seen.integrations.at(number)->keys.size(), 2u);
  EXPECT_EQ(seen.integrations.at(number)->keys[0].text, second.text);
  EXPECT_EQ(seen.integrations.at(number)->keys[1].text, made.test.key.text);
  EXPECT_EQ(seen.integrations.at(number)->keys[1].expires_at, now + 60'000);
  EXPECT_EQ(seen.integrations.at(number)->x_signature_key(now).text, made.test.key.text);
  EXPECT_TRUE(seen.by_key_digest.contains(base::sha256(made.test.key.text)));

  seen = load(now + 60'000);
  EXPECT_EQ(seen.integrations.at(number)->keys.size(), 1u);
  EXPECT_FALSE(seen.by_key_digest.contains(base::sha256(made.test.key.text)));

  const auto third = tables().rotate_key(number, 60).value();
  seen = load();
  EXPECT_EQ(seen.integrations.at(number)->keys[1].text, second.text) << "the older retiring key has ended";
  EXPECT_FALSE(seen.by_key_digest.contains(base::sha256(made.test.key.text)));

  const auto fourth = tables().rotate_key(number, 0).value();
  seen = load();
  ASSERT_EQ(seen.integrations.at(number)->keys.size(), 1u);
  EXPECT_EQ(seen.integrations.at(number)->keys[0].text, fourth.text);
  EXPECT_FALSE(seen.by_key_digest.contains(base::sha256(third.text)));
}

TEST_F(config, every_setting_of_an_endpoint_comes_back) {
  const auto number = deployment().test.value.number;
  const std::vector<model::authentication> auths = {model::auth_none{}, model::auth_bearer{"token"},
                                                    model::auth_basic{"user", "word"},
                                                    model::auth_api_key{"X-Key", "value"}};
  for (const auto& auth : auths) {
    auto wanted = every_setting(number);
    wanted.auth = auth;
    const auto made = endpoints().create(++last_id_, wanted).value();
    wanted.id = last_id_;
    wanted.created_at = now;
    wanted.config_version = 1;
    EXPECT_EQ(made, wanted);
    EXPECT_EQ(endpoints().find(made.id).value(), wanted);
    EXPECT_EQ(*load().endpoints.at(made.id), wanted);
  }
  for (const auto preset : {model::preset::assessment, model::preset::learning, model::preset::standard}) {
    auto wanted = model::endpoint_from_preset(preset);
    wanted.integration = number;
    const auto made = endpoints().create(++last_id_, wanted).value();
    EXPECT_EQ(endpoints().find(made.id).value(), made);
  }
  EXPECT_EQ(load().integrations.at(number)->endpoints.size(), auths.size() + 3);
}

TEST_F(config, secrets_are_not_in_the_settings) {
  const auto made = endpoints().create(++last_id_, every_setting(deployment().test.value.number)).value();
  statement query(store_.on(), "SELECT settings,sealed FROM endpoint");
  ASSERT_EQ(query.step(), SQLITE_ROW);
  for (const char* secret : {"pass", "secret two", "whsec_x"}) {
    EXPECT_EQ(query.text(0).find(secret), std::string_view::npos) << secret;
    EXPECT_EQ(query.text(1).find(secret), std::string_view::npos) << secret;
  }
  query.reset();
  ASSERT_TRUE(endpoints().bury(made.id));
  EXPECT_EQ(store_.number("SELECT length(sealed) FROM endpoint"), 0) << "a deleted endpoint's secrets are erased";
  EXPECT_TRUE(load().endpoints.empty());
  EXPECT_EQ(endpoints().find(made.id).error().code, fault::not_found);
}

TEST_F(config, an_update_raises_the_version_and_keeps_what_is_not_a_setting) {
  const auto made = endpoints().create(++last_id_, every_setting(deployment().test.value.number)).value();
  const auto changed = endpoints().update(made.id, [](model::endpoint& each) -> base::result<void> {
    each.url = "https://other.example";
    each.id = 1;
    each.integration = 99;
    each.created_at = 0;
    return {};
  });
  auto wanted = made;
  wanted.url = "https://other.example";
  wanted.config_version = 2;
  EXPECT_EQ(changed.value(), wanted);
  EXPECT_EQ(endpoints().find(made.id).value(), wanted);
  const auto refused = endpoints().update(made.id, [](model::endpoint& each) -> base::result<void> {
    each.url = "https://third.example";
    return base::fail(fault::invalid_field, "no");
  });
  EXPECT_EQ(refused.error().code, fault::invalid_field);
  EXPECT_EQ(endpoints().find(made.id).value(), wanted);

  const auto active = endpoints().set_state(made.id, model::endpoint_state::active, "").value();
  EXPECT_EQ(active.config_version, 2) << "a state is not a setting";
  EXPECT_EQ(endpoints().find(made.id).value().state, model::endpoint_state::active);
}

TEST_F(config, an_integration_has_a_greatest_number_of_endpoints) {
  const auto made = deployment();
  model::endpoint wanted;
  wanted.integration = made.test.value.number;
  model::endpoint_id last = 0;
  for (std::size_t i = 0; i < base::limits::endpoints_per_integration_max; ++i) {
    last = endpoints().create(++last_id_, wanted).value().id;
  }
  EXPECT_EQ(endpoints().create(++last_id_, wanted).error().code, fault::conflict);
  ASSERT_TRUE(endpoints().bury(last));
  EXPECT_TRUE(endpoints().create(++last_id_, wanted)) << "deleted ones do not count";
}

TEST_F(config, retention_has_bounds) {
  const auto number = deployment().test.value.number;
  const auto keep_for = [this](model::integration_no of, int days) {
    return tables().update_integration(of, [days](model::integration& edited) -> base::result<void> {
      edited.retention_days = days;
      return {};
    });
  };
  EXPECT_EQ(keep_for(number, 0).error().code, fault::invalid_field);
  EXPECT_EQ(keep_for(number, base::limits::retention_days_max + 1).error().code, fault::invalid_field);
  EXPECT_EQ(keep_for(9'999, 1).error().code, fault::not_found);
  EXPECT_EQ(keep_for(number, 7).value().retention_days, 7);
  EXPECT_EQ(load().integrations.at(number)->value.retention_days, 7);
}

TEST_F(config, assessment_settings_come_back_as_they_were_kept) {
  const auto number = deployment().test.value.number;
  EXPECT_EQ(load().integrations.at(number)->value.assessment, model::assessment_settings{});
  const model::assessment_settings every{.platform = model::platform::ios,
                                         .use_case = "Kredit für \"alle\"",
                                         .time_limit_s = 61,
                                         .redirects = {"https://a.example/1", "https://a.example/2", "", "https://a/4"},
                                         .branding = {"Acme", "https://a.example/logo.svg", "#1b5e9a"},
                                         .privacy_policy_url = "https://a.example/privacy",
                                         .questionnaire = {"other", 3},
                                         .scorecard = {"another", 4},
                                         .scorer = model::external_scorer{"https://s.example", 1'500}};
  const auto change = [&](model::integration& edited) -> base::result<void> {
    edited.assessment = every;
    return {};
  };
  ASSERT_TRUE(tables().update_integration(number, change));
  EXPECT_EQ(load().integrations.at(number)->value.assessment, every);
  store_.exec("UPDATE integration SET assessment='{\"platform\":\"PAPER\"}'");
  EXPECT_EQ(load_directory(store_.on(), box_, now, nullptr).error().code, fault::store_corrupt);
}

TEST_F(config, a_wrong_key_or_moved_secrets_do_not_load) {
  const auto made = deployment();
  const auto wrong = secret_box::make(std::string(secret_box::key_bytes, 'w')).value();
  EXPECT_EQ(load_directory(store_.on(), wrong, now, nullptr).error().code, fault::wrong_master_key);
  ASSERT_TRUE(tables().set_admin_token_digest(base::sha256("token")));
  EXPECT_EQ(load().admin_token_digest, base::sha256("token"));
  store_.exec("UPDATE api_key SET sealed=(SELECT sealed FROM api_key ORDER BY id LIMIT 1)");
  EXPECT_EQ(load_directory(store_.on(), box_, now, nullptr).error().code, fault::store_corrupt);
}

}  // namespace
}  // namespace posthorn::store::sqlite
