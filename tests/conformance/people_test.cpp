// store::people_store: what is put comes back, e-mail addresses are one whatever their case, who goes takes sessions
// and links along, and a change that is refused has changed nothing.
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using model::member;
using model::member_role;
using model::token_purpose;
using store::people_changes;

constexpr model::company_id company = 1;

class people_conformance : public store_conformance {
 protected:
  void change(const std::function<void(people_changes&)>& act) {
    const auto done = store_.people->change_people([&](people_changes& in) -> base::result<void> {
      act(in);
      return {};
    });
    ASSERT_TRUE(done) << done.error().detail;
  }

  member put_member(const std::string& email, member_role role = member_role::viewer, model::company_id of = company) {
    member one{.company = of, .email = email, .name = "Anna", .role = role, .password = "$argon2id$1"};
    one.created_at = clock_.wall();
    change([&](people_changes& in) { in.put(one); });
    return one;
  }
  model::invitation put_invitation(const std::string& email, const std::string& digest) {
    model::invitation one{.company = company, .email = email, .invited_by = 3, .token_digest = digest};
    one.created_at = clock_.wall();
    one.expires_at = clock_.engine() + 60'000;
    change([&](people_changes& in) { in.put(one); });
    return one;
  }
  void put_session(const std::string& digest, model::member_id of, base::epoch_ms lasts = 60'000) {
    change([&](people_changes& in) {
      in.put(model::console_session{digest, of, clock_.wall(), clock_.engine() + lasts});
    });
  }
  void put_token(const std::string& digest, token_purpose purpose, model::member_id of, base::epoch_ms lasts = 60'000) {
    change([&](people_changes& in) {
      in.put(model::one_time_token{digest, purpose, of, clock_.wall(), clock_.engine() + lasts});
    });
  }

  std::vector<std::string> live() {
    std::vector<std::string> digests;
    const auto all = store_.people->live_sessions(clock_.engine()).value();
    for (const auto& each : all) digests.push_back(each.token_digest);
    std::ranges::sort(digests);
    return digests;
  }
};

using strings = std::vector<std::string>;

TEST_P(people_conformance, keeps_known_addresses_until_they_end_or_their_member_goes) {
  const member anna = put_member("anna@example.com");
  const member ben = put_member("ben@example.com");
  const base::epoch_ms now = clock_.engine();
  const auto put = [&](const member& of, const std::string& digest, base::epoch_ms lasts) {
    change([&](people_changes& in) {
      in.put(model::known_address{.member = of.id, .digest = digest, .expires_at = now + lasts});
    });
  };
  const auto known = [&](base::epoch_ms at) {
    strings digests;
    const auto all = store_.people->known_addresses(at).value();
    for (const auto& each : all) digests.push_back(each.digest);
    std::ranges::sort(digests);
    return digests;
  };
  put(anna, "home", 1000);
  put(anna, "desk", 500);
  put(ben, "home", 2000);
  put(anna, "home", 1500);
  change([&](people_changes& in) {
    const auto all = in.known_addresses_of(anna.id);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].digest, "desk") << "the one that ends first comes first";
    EXPECT_EQ(all[1], (model::known_address{.member = anna.id, .digest = "home", .expires_at = now + 1500}));
  });
  EXPECT_EQ(known(now), (strings{"desk", "home", "home"}));
  EXPECT_EQ(known(now + 500), (strings{"home", "home"}));
  change([&](people_changes& in) { in.erase_expired(now + 500); });
  EXPECT_EQ(known(now), (strings{"home", "home"}));
  put(ben, "desk", 2000);
  change([&](people_changes& in) { in.erase_known_address(ben.id, "home"); });
  EXPECT_EQ(known(now), (strings{"desk", "home"}));
  change([&](people_changes& in) { in.erase_member(anna.id); });
  EXPECT_EQ(known(now), (strings{"desk"}));
}

TEST_P(people_conformance, knows_the_last_notice_about_each_endpoint_that_is_there) {
  const auto first = endpoint(model::order_rule::none), second = endpoint(model::order_rule::none);
  const auto put = [&](model::endpoint_id id, model::endpoint_state state, base::epoch_ms at) {
    change([&](people_changes& in) { in.put(store::told_notice{.endpoint = id, .state = state, .at = at}); });
  };
  put(first, model::endpoint_state::degraded, 10);
  put(second, model::endpoint_state::disabled, 20);
  put(first, model::endpoint_state::active, 30);
  reopen();
  auto told = store_.people->told_notices().value();
  std::ranges::sort(told, {}, &store::told_notice::endpoint);
  EXPECT_EQ(told, (std::vector<store::told_notice>{{first, model::endpoint_state::active, 30},
                                                   {second, model::endpoint_state::disabled, 20}}));
  ASSERT_TRUE(store_.config->delete_endpoint(first));
  put(second, model::endpoint_state::active, 40);
  told = store_.people->told_notices().value();
  EXPECT_EQ(told, (std::vector<store::told_notice>{{second, model::endpoint_state::active, 40}}));
}

TEST_P(people_conformance, gives_back_what_was_put_over_a_restart) {
  const std::string digest("\0\x01 raw", 6);
  member one = put_member("anna@example.com", member_role::admin);
  ASSERT_GT(one.id, 0);
  one.name = "Anna B.";
  one.notices = false;
  one.last_login_at = clock_.wall() + 1;
  change([&](people_changes& in) { in.put(one); });
  model::invitation invited = put_invitation("ben@example.com", digest);
  invited.accepted_at = clock_.wall();
  invited.mailed = true;
  invited.token_digest += "2";
  change([&](people_changes& in) { in.put(invited); });
  put_session(digest, one.id);
  put_token(digest, token_purpose::reset, one.id);

  reopen();
  EXPECT_EQ(store_.people->find_member(one.id).value(), one);
  EXPECT_EQ(store_.people->members_of(company).value(), std::vector{one});
  EXPECT_EQ(store_.people->invitations_of(company).value(), std::vector{invited});
  EXPECT_EQ(store_.people->find_invitation_of(digest + "2").value(), invited);
  EXPECT_EQ(store_.people->find_invitation_of(digest).value(), std::nullopt);
  EXPECT_EQ(live(), strings{digest});
  change([&](people_changes& in) {
    EXPECT_EQ(in.find_token(digest)->member, one.id);
    EXPECT_EQ(in.find_invitation(invited.id), invited);
    EXPECT_EQ(in.sessions_of(one.id).size(), 1u);
  });
}

TEST_P(people_conformance, knows_a_member_by_its_address_whatever_the_case) {
  const member one = put_member("Anna@Example.com");
  EXPECT_EQ(store_.people->find_members("anna@example.COM").value(), std::vector{one});
  EXPECT_EQ(store_.people->find_members("anna@example.org").value(), std::vector<member>());
  member again{.company = company, .email = "ANNA@example.com", .name = "another"};
  EXPECT_FALSE(store_.people->change_people([&](people_changes& in) -> base::result<void> {
    in.put(again);
    return {};
  }));
  EXPECT_EQ(store_.people->members_of(company).value(), std::vector{one});
}

TEST_P(people_conformance, has_an_address_once_in_each_company) {
  const member one = put_member("anna@example.com");
  const member two = put_member("Anna@example.com", member_role::viewer, company + 1);
  EXPECT_EQ(store_.people->find_members("anna@example.com").value(), (std::vector{one, two})) << "oldest first";
  change([&](people_changes& in) {
    EXPECT_EQ(in.find_members("ANNA@example.com").size(), 2U);
    in.erase_member(one.id);
  });
  EXPECT_EQ(store_.people->find_members("anna@example.com").value(), std::vector{two});
}

TEST_P(people_conformance, keeps_records_of_mails_for_a_day) {
  const member anna = put_member("anna@example.com");
  const base::epoch_ms now = clock_.engine();
  constexpr base::epoch_ms day = 24LL * 3600 * 1000;
  const store::mail_record own{
      .subject = "reset/1", .member = anna.id, .free_again_at = now + 5, .day_began_at = now, .sent = 3};
  const store::mail_record other{
      .subject = "young/7", .member = 0, .free_again_at = now + 2 * day, .day_began_at = now, .sent = 1};
  change([&](people_changes& in) {
    EXPECT_EQ(in.find_mail_record("reset/1"), std::nullopt);
    in.put(
        store::mail_record{.subject = "reset/1", .member = anna.id, .free_again_at = 1, .day_began_at = 1, .sent = 1});
    in.put(own);
    in.put(other);
    EXPECT_EQ(in.find_mail_record("reset/1"), own);
  });
  reopen();
  EXPECT_EQ(store_.people->mail_records("young/").value(), std::vector{other});
  EXPECT_EQ(store_.people->mail_records("%").value(), std::vector<store::mail_record>());
  change([&](people_changes& in) { in.erase_expired(now + day - 1); });
  EXPECT_EQ(store_.people->mail_records("").value().size(), 2U);
  change([&](people_changes& in) { in.erase_expired(now + day); });
  EXPECT_EQ(store_.people->mail_records("").value(), std::vector{other}) << "its gap goes on";
  change([&](people_changes& in) { in.put(own); });
  change([&](people_changes& in) { in.erase_member(anna.id); });
  EXPECT_EQ(store_.people->mail_records("").value(), std::vector{other});
}

TEST_P(people_conformance, never_uses_an_id_twice) {
  const member one = put_member("anna@example.com");
  change([&](people_changes& in) { in.erase_member(one.id); });
  EXPECT_GT(put_member("anna@example.com").id, one.id);
  const model::invitation invited = put_invitation("ben@example.com", "a");
  change([&](people_changes& in) { in.erase_invitation(invited.id); });
  EXPECT_GT(put_invitation("ben@example.com", "a").id, invited.id);
}

TEST_P(people_conformance, erases_a_member_with_its_sessions_and_links) {
  change([](people_changes& in) { EXPECT_FALSE(in.has_members()); });
  const member goes = put_member("anna@example.com");
  const member stays = put_member("ben@example.com");
  put_session("of anna", goes.id);
  put_session("of ben", stays.id);
  put_token("anna's", token_purpose::reset, goes.id);
  put_token("ben's", token_purpose::reset, stays.id);
  change([&](people_changes& in) { in.erase_member(goes.id); });
  EXPECT_EQ(live(), strings{"of ben"});
  change([&](people_changes& in) {
    EXPECT_TRUE(in.has_members());
    EXPECT_FALSE(in.find_member(goes.id));
    EXPECT_FALSE(in.find_token("anna's"));
    EXPECT_TRUE(in.find_token("ben's"));
  });
}

TEST_P(people_conformance, keeps_companies_apart) {
  const member ours = put_member("anna@example.com");
  const member theirs = put_member("ben@example.com", member_role::admin, 2);
  EXPECT_EQ(store_.people->members_of(company).value(), std::vector{ours});
  EXPECT_EQ(store_.people->members_of(2).value(), std::vector{theirs});
  put_invitation("carl@example.com", "a");
  EXPECT_TRUE(store_.people->invitations_of(2).value().empty());
}

TEST_P(people_conformance, ends_sessions_and_links_by_engine_time) {
  const member one = put_member("anna@example.com");
  put_session("short", one.id, 1'000);
  put_session("long", one.id, 2'000);
  put_token("reset", token_purpose::reset, one.id, 1'000);
  put_token("setup", token_purpose::setup, 0, 1'000);
  clock_.advance(1'000);
  EXPECT_EQ(live(), strings{"long"});
  change([&](people_changes& in) { in.erase_expired(clock_.engine()); });
  change([&](people_changes& in) {
    EXPECT_EQ(in.sessions_of(one.id).size(), 1u);
    EXPECT_FALSE(in.find_token("reset"));
    EXPECT_TRUE(in.latest_token(token_purpose::setup, 0)) << "that it was given out is remembered";
    in.erase_session("long");
  });
  EXPECT_TRUE(live().empty());
}

TEST_P(people_conformance, finds_the_newest_link_and_erases_by_purpose) {
  const member one = put_member("anna@example.com");
  put_token("older", token_purpose::reset, one.id);
  clock_.advance(5);
  put_token("newer", token_purpose::reset, one.id);
  change([&](people_changes& in) {
    EXPECT_EQ(in.latest_token(token_purpose::reset, one.id)->token_digest, "newer");
    EXPECT_FALSE(in.latest_token(token_purpose::setup, one.id));
    in.erase_tokens(token_purpose::setup, one.id);
    EXPECT_TRUE(in.find_token("older"));
    in.erase_tokens(token_purpose::reset, one.id);
    EXPECT_FALSE(in.find_token("older"));
    EXPECT_FALSE(in.find_token("newer"));
  });
}

TEST_P(people_conformance, changes_nothing_when_the_decision_is_refused) {
  member one = put_member("anna@example.com");
  const auto done = store_.people->change_people([&](people_changes& in) -> base::result<void> {
    member changed = one;
    changed.role = member_role::admin;
    in.put(changed);
    in.put(model::console_session{"x", one.id, 1, clock_.engine() + 1'000});
    return base::fail(base::fault::conflict, "no");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, base::fault::conflict);
  EXPECT_EQ(store_.people->find_member(one.id).value(), one);
  EXPECT_TRUE(live().empty());
}

INSTANTIATE_TEST_SUITE_P(every_store, people_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace posthorn::conformance
