// What people may do, over the real store with a clock that stands still.
#include "account/people_service.hpp"

#include <atomic>
#include <thread>

#include "unit/account/people_fixture.hpp"

namespace posthorn::account {
namespace {

using base::fault;
using model::member_role;
namespace limits = base::limits;

class people : public people_fixture {};

TEST_F(people, log_in_and_out) {
  const model::member anna = admin();
  EXPECT_EQ(refusal(service_->log_in("anna@example.com", "wrong horse battery")), fault::unauthenticated);
  EXPECT_EQ(service_->log_in("anna@example.com", "wrong").error().detail,
            service_->log_in("nobody@example.com", password).error().detail);
  const entered in = service_->log_in("ANNA@example.com", password).value();
  EXPECT_EQ(in.who.last_login_at, clock_.wall());
  ASSERT_TRUE(caller(in.token));
  EXPECT_EQ(caller(in.token)->id, anna.id);
  EXPECT_EQ(caller(in.token)->role, member_role::admin);
  ASSERT_TRUE(service_->log_out(*caller(in.token)));
  EXPECT_FALSE(caller(in.token));
  EXPECT_FALSE(caller(""));
}

TEST_F(people, stay_logged_in_over_a_restart_for_seven_days) {
  admin();
  const std::string token = service_->log_in("anna@example.com", password)->token;
  live_.end(base::sha256(token));
  ASSERT_TRUE(service_->load());
  EXPECT_TRUE(caller(token));
  clock_.advance(limits::console_session_ms);
  EXPECT_FALSE(caller(token));
  live_.end_expired(clock_.engine());
  ASSERT_TRUE(service_->load());
  EXPECT_FALSE(caller(token));
}

TEST_F(people, have_so_many_sessions_and_no_more) {
  admin();
  const std::string oldest = service_->log_in("anna@example.com", password)->token;
  for (std::size_t i = 0; i < limits::console_sessions_per_member_max; ++i) {
    clock_.advance(1);
    EXPECT_TRUE(service_->log_in("anna@example.com", password));
  }
  EXPECT_FALSE(caller(oldest));
  EXPECT_EQ(store_->people().live_sessions(clock_.engine())->size(), limits::console_sessions_per_member_max);
}

TEST_F(people, change_their_password_which_ends_their_other_sessions) {
  admin();
  const std::string here = service_->log_in("anna@example.com", password)->token;
  const std::string elsewhere = service_->log_in("anna@example.com", password)->token;
  EXPECT_EQ(refusal(service_->change_password(*caller(here), "wrong", "a better horse")), fault::invalid_field);
  ASSERT_TRUE(service_->change_password(*caller(here), password, "a better horse"));
  EXPECT_TRUE(caller(here));
  EXPECT_FALSE(caller(elsewhere));
  EXPECT_EQ(refusal(service_->log_in("anna@example.com", password)), fault::unauthenticated);
  EXPECT_TRUE(service_->log_in("anna@example.com", "a better horse"));
}

TEST_F(people, are_set_up_by_a_link_once) {
  const std::string token = service_->make_setup_link().value();
  ASSERT_FALSE(token.empty());
  EXPECT_EQ(service_->make_setup_link().value(), "") << "it is given out once";
  EXPECT_EQ(refusal(service_->set_up("another", {"a@b.c", "A", password})), fault::link_over);
  const entered first = service_->set_up(token, {"anna@example.com", "Anna", password}).value();
  EXPECT_EQ(first.who.role, member_role::admin);
  EXPECT_EQ(first.who.company, company_);
  EXPECT_TRUE(caller(first.token));
  EXPECT_EQ(refusal(service_->set_up(token, {"b@b.c", "B", password})), fault::link_over);
}

TEST_F(people, are_not_set_up_after_a_day_nor_beside_a_member) {
  const std::string token = service_->make_setup_link().value();
  admin();
  EXPECT_EQ(refusal(service_->set_up(token, {"b@b.c", "B", password})), fault::link_over);
  clock_.advance(limits::setup_link_ms);
  EXPECT_EQ(refusal(service_->set_up(token, {"b@b.c", "B", password})), fault::link_over);
}

TEST_F(people, accept_an_invitation_once_within_a_day) {
  const invited made = service_->invite(company_, "ben@example.com", member_role::viewer, 0).value();
  EXPECT_EQ(service_->find_invitation(made.token)->email, "ben@example.com");
  const entered ben = service_->accept(made.token, "Ben", password).value();
  EXPECT_EQ(ben.who.role, member_role::viewer);
  EXPECT_TRUE(caller(ben.token));
  EXPECT_EQ(refusal(service_->accept(made.token, "Ben", password)), fault::link_over);
  EXPECT_EQ(refusal(service_->resend(company_, made.value.id)), fault::not_acceptable_now);

  const invited late = service_->invite(company_, "carl@example.com", member_role::viewer, 0).value();
  clock_.advance(limits::invitation_ms - 1);
  EXPECT_TRUE(service_->find_invitation(late.token));
  clock_.advance(1);
  EXPECT_EQ(refusal(service_->find_invitation(late.token)), fault::link_over);
  EXPECT_EQ(refusal(service_->accept(late.token, "Carl", password)), fault::link_over);
  const invited again = service_->resend(company_, late.value.id).value();
  EXPECT_EQ(refusal(service_->find_invitation(late.token)), fault::link_over);
  EXPECT_TRUE(service_->accept(again.token, "Carl", password));
}

TEST_F(people, accept_an_invitation_once_however_many_try) {
  const invited made = service_->invite(company_, "ben@example.com", member_role::viewer, 0).value();
  std::atomic<int> accepted = 0;
  std::vector<std::thread> all;
  for (int i = 0; i < 4; ++i) {
    all.emplace_back([&] { accepted += service_->accept(made.token, "Ben", password) ? 1 : 0; });
  }
  for (std::thread& each : all) each.join();
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(service_->members_of(company_)->size(), 1u);
}

TEST_F(people, are_invited_once_each) {
  admin();
  EXPECT_EQ(refusal(service_->invite(company_, "Anna@example.com", member_role::viewer, 0)), fault::conflict);
  const invited made = service_->invite(company_, "ben@example.com", member_role::viewer, 0).value();
  EXPECT_EQ(refusal(service_->invite(company_, "BEN@example.com", member_role::admin, 0)), fault::conflict);
  ASSERT_TRUE(service_->note_mailed(made.value));
  EXPECT_TRUE(service_->invitations_of(company_)->front().mailed);
  EXPECT_EQ(refusal(service_->withdraw(company_ + 1, made.value.id)), fault::not_found);
  ASSERT_TRUE(service_->withdraw(company_, made.value.id));
  EXPECT_EQ(refusal(service_->find_invitation(made.token)), fault::link_over);
  EXPECT_TRUE(service_->invite(company_, "ben@example.com", member_role::viewer, 0));
  clock_.advance(limits::invitation_ms);
  EXPECT_TRUE(service_->invite(company_, "ben@example.com", member_role::viewer, 0)) << "the one before is over";
  EXPECT_EQ(service_->invitations_of(company_)->size(), 1u);
}

TEST_F(people, keep_one_admin) {
  const model::member anna = admin();
  EXPECT_EQ(refusal(service_->remove(company_, anna.id)), fault::not_acceptable_now);
  EXPECT_EQ(refusal(service_->change_role(company_, anna.id, member_role::viewer)), fault::not_acceptable_now);
  const entered ben = join("ben@example.com", member_role::viewer);
  EXPECT_EQ(refusal(service_->remove(company_, anna.id)), fault::not_acceptable_now) << "a viewer is no admin";
  ASSERT_TRUE(service_->change_role(company_, ben.who.id, member_role::admin));
  EXPECT_TRUE(service_->change_role(company_, anna.id, member_role::viewer));
  EXPECT_TRUE(service_->remove(company_, anna.id));
  EXPECT_EQ(refusal(service_->remove(company_, ben.who.id)), fault::not_acceptable_now);
}

TEST_F(people, lose_their_sessions_with_their_role_or_place) {
  admin();
  entered ben = join("ben@example.com", member_role::viewer);
  ASSERT_TRUE(service_->change_role(company_, ben.who.id, member_role::viewer));
  EXPECT_TRUE(caller(ben.token)) << "nothing has changed";
  ASSERT_TRUE(service_->change_role(company_, ben.who.id, member_role::admin));
  EXPECT_FALSE(caller(ben.token));
  ben = service_->log_in("ben@example.com", password).value();
  EXPECT_EQ(caller(ben.token)->role, member_role::admin);
  EXPECT_EQ(refusal(service_->end_sessions(company_ + 1, ben.who.id)), fault::not_found);
  ASSERT_TRUE(service_->end_sessions(company_, ben.who.id));
  EXPECT_FALSE(caller(ben.token));
  ben = service_->log_in("ben@example.com", password).value();
  EXPECT_EQ(refusal(service_->remove(company_ + 1, ben.who.id)), fault::not_found);
  ASSERT_TRUE(service_->remove(company_, ben.who.id));
  EXPECT_FALSE(caller(ben.token));
  EXPECT_EQ(refusal(service_->log_in("ben@example.com", password)), fault::unauthenticated);
}

TEST_F(people, set_a_new_password_by_link) {
  admin();
  EXPECT_TRUE(service_->make_reset_links("nobody@example.com")->empty());
  const auto links = service_->make_reset_links("anna@example.com").value();
  ASSERT_EQ(links.size(), 1U);
  EXPECT_TRUE(service_->make_reset_links("anna@example.com")->empty()) << "one a minute";
  const std::string before = service_->log_in("anna@example.com", password)->token;
  const entered in = service_->finish_reset(links[0].token, "a better horse").value();
  EXPECT_FALSE(caller(before));
  EXPECT_TRUE(caller(in.token));
  EXPECT_EQ(refusal(service_->finish_reset(links[0].token, "a third horse")), fault::link_over);
  EXPECT_TRUE(service_->log_in("anna@example.com", "a better horse"));
}

TEST_F(people, join_a_company_which_learns_nothing_of_their_others) {
  const model::company_id other = store_->config().create_company("other")->id;
  admin();
  const auto join_other = [&](const std::string& email, const std::string& with) {
    const invited made = service_->invite(other, email, member_role::viewer, 0).value();
    return service_->accept(made.token, "Zoe", with);
  };
  const auto member_elsewhere = join_other("anna@example.com", "a better horse");
  const auto nobody_elsewhere = join_other("zoe@example.com", "a better horse");
  ASSERT_TRUE(member_elsewhere) << member_elsewhere.error().detail;
  ASSERT_TRUE(nobody_elsewhere);
  EXPECT_EQ(member_elsewhere->who.company, other);
  EXPECT_EQ(service_->log_in("anna@example.com", password)->who.company, company_);
  EXPECT_EQ(service_->log_in("anna@example.com", "a better horse")->who.company, other);
  EXPECT_FALSE(service_->log_in("anna@example.com", "a third horse"));
  EXPECT_EQ(refusal(service_->invite(other, "anna@example.com", member_role::viewer, 0)), fault::conflict)
      << "within a company an address is one member";

  const auto links = service_->make_reset_links("anna@example.com").value();
  ASSERT_EQ(links.size(), 2U) << "one for each company";
  EXPECT_EQ(service_->finish_reset(links[1].token, "a fourth horse")->who.company, other);
  EXPECT_EQ(service_->log_in("anna@example.com", password)->who.company, company_) << "the other is as it was";
}

TEST_F(people, are_told_in_the_log_of_changes) {
  const model::member anna = admin();
  store::audit_note note{.entry = {.action = "POST /v1/auth/login"}};
  {
    const store::acting as(&note);
    EXPECT_FALSE(service_->log_in("anna@example.com", "wrong"));
    EXPECT_EQ(service_->find_all("ANNA@example.com")->size(), 1U) << "so that a refusal can be told";
    EXPECT_TRUE(service_->log_in("anna@example.com", password));
  }
  const auto told = store_->changes().list_changes({.company = company_}, 0, 10).value();
  ASSERT_EQ(told.rows.size(), 1u);
  EXPECT_EQ(told.rows[0].actor_id, base::format_id("mem", anna.id));
  EXPECT_EQ(told.rows[0].object, base::format_id("mem", anna.id));
  EXPECT_TRUE(store_->changes().list_changes({.company = company_ + 1}, 0, 10)->rows.empty());

  store::audit_note accepting{.entry = {.action = "POST /v1/auth/accept"}};
  const invited made = service_->invite(company_, "ben@example.com", member_role::viewer, anna.id).value();
  const store::acting as(&accepting);
  const entered ben = service_->accept(made.token, "Ben", password).value();
  const auto newest = store_->changes().list_changes({.company = company_}, 0, 1).value().rows.at(0);
  EXPECT_EQ(newest.actor_id, base::format_id("mem", ben.who.id));
  EXPECT_EQ(newest.after.find("argon2"), std::string::npos);
  EXPECT_NE(newest.after.find("ben@example.com"), std::string::npos);
}

}  // namespace
}  // namespace posthorn::account
