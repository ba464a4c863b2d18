// docs/contract.md section 2.3 (rotation) and 2.5 (401, 403).
#include "account/authenticator.hpp"

#include <gtest/gtest.h>

#include "account/access.hpp"

namespace posthorn::account {
namespace {

using base::fault;

class fixed_clock : public base::clock {
 public:
  [[nodiscard]] base::epoch_ms wall() const noexcept override { return now; }
  [[nodiscard]] base::epoch_ms engine() const noexcept override { return now; }
  void raise_engine(base::epoch_ms) noexcept override {}
  base::epoch_ms now = 1'000'000;
};

class fixed_directory : public store::directory_source {
 public:
  [[nodiscard]] store::shared_directory current() const override { return value; }
  [[nodiscard]] std::uint64_t version() const noexcept override { return value->version; }
  store::shared_directory value = std::make_shared<store::directory>();
};

class Authenticator : public testing::Test {
 protected:
  Authenticator() {
    next_.admin_token_digest = digest_of("ph_admin_secret");
    add(1, "10000000000000000001", {{"ph_test_one", 0}, {"ph_test_old", 2'000'000}});
    add(2, "10000000000000000002", {{"ph_prod_two", 0}});
    publish();
  }

  void add(model::integration_no number, const std::string& id,
           const std::vector<std::pair<std::string, base::epoch_ms>>& keys) {
    auto entry = std::make_shared<store::integration_entry>();
    entry->value.number = number;
    entry->value.integration_id = id;
    for (const auto& [text, expires_at] : keys) {
      model::api_key key;
      key.integration = number;
      key.text = text;
      key.expires_at = expires_at;
      entry->keys.push_back(std::move(key));
      next_.by_key_digest[digest_of(text)] = number;
    }
    next_.by_integration_id[id] = number;
    next_.integrations[number] = std::move(entry);
  }

  void publish() {
    ++next_.version;
    directory_.value = std::make_shared<store::directory>(next_);
  }

  fault refusal(const credentials& given) {
    const auto who = authenticator_.identify(given);
    return who ? fault::internal : who.error().code;
  }

  store::directory next_;
  fixed_clock clock_;
  fixed_directory directory_;
  authenticator authenticator_{directory_, clock_};
};

TEST_F(Authenticator, KnowsNobody) { EXPECT_EQ(authenticator_.identify({})->kind, caller_kind::nobody); }

TEST_F(Authenticator, KnowsKeysInEitherHeader) {
  for (int round = 0; round < 2; ++round) {  // the second time from the last key's cache
    EXPECT_EQ(authenticator_.identify({.api_key = "ph_test_one"})->integration->value.number, 1);
    EXPECT_EQ(authenticator_.identify({.authorization = "Bearer ph_test_one"})->integration->value.number, 1);
    EXPECT_EQ(authenticator_.identify({.authorization = "bearer  ph_prod_two"})->integration->value.number, 2);
  }
}

TEST_F(Authenticator, KnowsTheAdmin) {
  EXPECT_TRUE(authenticator_.is_admin({.authorization = "Bearer ph_admin_secret"}));
  for (const credentials& other :
       {credentials{}, credentials{.authorization = "Bearer ph_admin_secre"}, credentials{.api_key = "ph_admin_secret"},
        credentials{.api_key = "ph_test_one", .authorization = "Bearer ph_admin_secret"},
        credentials{.authorization = "ph_admin_secret"}, credentials{.authorization = "Bearer ph_test_one"}}) {
    EXPECT_FALSE(authenticator_.is_admin(other)) << other.authorization;
  }
  EXPECT_EQ(refusal({.api_key = "ph_admin_secret"}), fault::unauthenticated);
  EXPECT_EQ(refusal({.authorization = "Bearer ph_admin_secret"}), fault::unauthenticated) << "it is no key";
}

TEST_F(Authenticator, RefusesWhatItDoesNotKnow) {
  for (const std::string_view text : {"ph_test_on", "ph_test_onf", "ph_test_one ", "x"}) {
    EXPECT_EQ(refusal({.api_key = text}), fault::unauthenticated) << text;
  }
  for (const std::string_view text : {"Bearer", "Bearer ", "Basic cGg6eA==", "ph_test_one", "Bearerph_test_one"}) {
    EXPECT_EQ(refusal({.authorization = text}), fault::unauthenticated) << text;
  }
}

TEST_F(Authenticator, NoAdminBeforeItsTokenIsSet) {
  next_.admin_token_digest.clear();
  publish();
  EXPECT_FALSE(authenticator_.is_admin({.authorization = "Bearer ph_admin_secret"}));
  EXPECT_FALSE(authenticator_.is_admin({.authorization = "Bearer "}));
}

TEST_F(Authenticator, RetiringKeyEndsWithItsOverlap) {
  EXPECT_TRUE(authenticator_.identify({.api_key = "ph_test_old"}).has_value());
  clock_.now = 2'000'000;
  EXPECT_EQ(refusal({.api_key = "ph_test_old"}), fault::unauthenticated);  // although it was the last key seen
  EXPECT_TRUE(authenticator_.identify({.api_key = "ph_test_one"}).has_value());
  EXPECT_EQ(refusal({.api_key = "ph_test_old"}), fault::unauthenticated);
}

TEST_F(Authenticator, RevokedKeyIsForgottenAtOnce) {
  EXPECT_TRUE(authenticator_.identify({.api_key = "ph_prod_two"}).has_value());
  next_.by_key_digest.erase(digest_of("ph_prod_two"));
  add(2, "10000000000000000002", {{"ph_prod_new", 0}});
  publish();
  EXPECT_EQ(refusal({.api_key = "ph_prod_two"}), fault::unauthenticated);
  EXPECT_TRUE(authenticator_.identify({.api_key = "ph_prod_new"}).has_value());
}

TEST_F(Authenticator, KeysReachTheirOwnIntegrationOnly) {
  const caller one = *authenticator_.identify({.api_key = "ph_test_one"});
  EXPECT_EQ((*reach(one, "", directory_))->value.number, 1);
  EXPECT_EQ((*reach(one, "10000000000000000001", directory_))->value.number, 1);
  EXPECT_EQ(reach(one, "10000000000000000002", directory_).error().code, fault::forbidden);
  EXPECT_EQ(reach(one, "99", directory_).error().code, fault::forbidden);
}

TEST_F(Authenticator, TheAdminReachesWhatItNames) {
  const caller admin{caller_kind::admin, nullptr};
  EXPECT_EQ((*reach(admin, "10000000000000000002", directory_))->value.number, 2);
  EXPECT_EQ(reach(admin, "10000000000000000003", directory_).error().code, fault::not_found);
  EXPECT_EQ(reach(admin, "", directory_).error().code, fault::missing_field);
  EXPECT_EQ(reach({}, "10000000000000000002", directory_).error().code, fault::unauthenticated);
}

TEST(AdminToken, MadeOnesPassTheirOwnRule) {
  EXPECT_TRUE(is_admin_token(new_admin_token()));
  EXPECT_NE(new_admin_token(), new_admin_token());
  for (const std::string_view bad : {"", "short", "has a space", "line\nbreak", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"}) {
    EXPECT_FALSE(is_admin_token(bad)) << bad;
  }
}

}  // namespace
}  // namespace posthorn::account
