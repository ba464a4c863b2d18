// How often people are mailed to, where they are known again, and which passwords they may choose.
#include "account/limits.hpp"
#include "account/mail_count.hpp"
#include "account/mail_subjects.hpp"
#include "unit/account/people_fixture.hpp"

namespace posthorn::account {
namespace {

using base::fault;
using model::member_role;
namespace limits = base::limits;

class people_limits : public people_fixture {};

TEST_F(people_limits, keep_a_link_that_works_whoever_asks_for_another) {
  const model::member anna = admin();
  const std::string own = service_->make_reset_links("anna@example.com").value().at(0).token;
  clock_.advance(limits::reset_mail_gap_ms);
  const std::string of_a_stranger = service_->make_reset_links("anna@example.com").value().at(0).token;
  const std::string of_an_admin = service_->make_reset_link(company_, anna.id)->token;
  EXPECT_TRUE(service_->check_link(model::token_purpose::reset, of_a_stranger));
  EXPECT_TRUE(service_->check_link(model::token_purpose::reset, of_an_admin));
  EXPECT_TRUE(service_->finish_reset(own, "a better horse")) << "the older one";
  EXPECT_EQ(refusal(service_->finish_reset(of_a_stranger, "a third horse")), fault::link_over) << "one has been used";
  EXPECT_EQ(refusal(service_->finish_reset(of_an_admin, "a third horse")), fault::link_over);
  clock_.advance(limits::reset_mail_gap_ms);
  const std::string late = service_->make_reset_links("anna@example.com").value().at(0).token;
  clock_.advance(limits::reset_link_ms);
  EXPECT_EQ(refusal(service_->finish_reset(late, "a third horse")), fault::link_over);
}

TEST_F(people_limits, are_mailed_so_many_links_a_day_and_strangers_use_up_none_of_their_own) {
  admin();
  constexpr caller_address home{.subscriber = 7};
  ASSERT_TRUE(service_->log_in("anna@example.com", password, home));
  const auto mailed = [&](caller_address from) {
    clock_.advance(limits::reset_mail_gap_ms);
    return service_->make_reset_links("anna@example.com", from)->size();
  };
  for (int i = 0; i < mail_limits::resets_a_day_max; ++i) {
    EXPECT_EQ(mailed({.subscriber = static_cast<std::uint64_t>(100 + i)}), 1U);
  }
  EXPECT_EQ(mailed({.subscriber = 99}), 0U) << "enough, from wherever";
  service_ = make_service();
  ASSERT_TRUE(service_->load());
  EXPECT_EQ(mailed({.subscriber = 99}), 0U) << "over a restart";
  EXPECT_EQ(mailed(home), 1U) << "the member is known there";
  clock_.advance(24LL * 3600 * 1000);
  EXPECT_EQ(mailed({.subscriber = 99}), 1U);
}

TEST_F(people_limits, get_links_from_an_admin_of_their_company_and_no_other) {
  const model::member anna = admin();
  EXPECT_EQ(refusal(service_->make_reset_link(company_ + 1, anna.id)), fault::not_found);
  for (int i = 0; i < mail_limits::resets_by_admins_a_day_max; ++i) {
    EXPECT_TRUE(service_->make_reset_link(company_, anna.id));
  }
  const auto refused = service_->make_reset_link(company_, anna.id);
  EXPECT_EQ(refusal(refused), fault::too_many_requests);
  EXPECT_GT(refused.error().retry_after_s.value_or(0), 3600);
}

TEST_F(people_limits, are_mailed_so_many_invitations_also_where_they_are_deleted_and_made_again) {
  const auto invite = [&](const std::string& email) {
    return service_->invite(company_, email, member_role::viewer, 0, handing_over::by_mail);
  };
  const invited first = invite("ben@example.com").value();
  const invited second = service_->resend(company_, first.value.id, handing_over::by_mail).value();
  const auto too_soon = service_->resend(company_, first.value.id, handing_over::by_mail);
  EXPECT_EQ(refusal(too_soon), fault::too_many_requests);
  EXPECT_EQ(too_soon.error().retry_after_s, mail_limits::invitation_gap_ms / 1000);
  EXPECT_TRUE(service_->find_invitation(second.token)) << "the link before goes on working";
  ASSERT_TRUE(service_->withdraw(company_, first.value.id));
  EXPECT_EQ(refusal(invite("BEN@example.com")), fault::too_many_requests) << "deleted, and made again";
  EXPECT_TRUE(invite("carl@example.com")) << "another address";
  for (int i = 2; i < mail_limits::invitations_a_day_max; ++i) {
    clock_.advance(mail_limits::invitation_gap_ms);
    const auto made = invite("ben@example.com");
    ASSERT_TRUE(made) << i;
    ASSERT_TRUE(service_->withdraw(company_, made->value.id));
  }
  clock_.advance(3600 * 1000);
  EXPECT_EQ(refusal(invite("ben@example.com")), fault::too_many_requests) << "enough today";
  EXPECT_TRUE(service_->invite(company_, "ben@example.com", member_role::viewer, 0)) << "by hand nothing is mailed";
  clock_.advance(24LL * 3600 * 1000);
  EXPECT_TRUE(invite("ben@example.com"));
}

TEST_F(people_limits, are_told_so_often_a_day_of_the_endpoints_of_an_integration) {
  const model::member anna = admin();
  const auto is_told = [&](model::integration_no integration) {
    std::int64_t wait_ms = -1;
    EXPECT_TRUE(store_->people().change_people([&](store::people_changes& in) -> base::result<void> {
      wait_ms = count_mail(in, notice_subject(integration, anna.id), anna.id, notice_rule, clock_.engine());
      return {};
    }));
    return wait_ms == 0;
  };
  for (int i = 0; i < mail_limits::notices_a_day_max; ++i) EXPECT_TRUE(is_told(1)) << i;
  EXPECT_FALSE(is_told(1));
  EXPECT_TRUE(is_told(2)) << "of another integration by itself";
  clock_.advance(24LL * 3600 * 1000);
  EXPECT_TRUE(is_told(1));
}

TEST_F(people_limits, are_known_again_where_they_have_logged_in_over_a_restart_and_for_a_time) {
  const model::member anna = admin();
  constexpr caller_address home{.subscriber = 7};
  constexpr caller_address elsewhere{.subscriber = 8};
  EXPECT_FALSE(service_->log_in("anna@example.com", "wrong horse battery", elsewhere));
  EXPECT_TRUE(service_->log_in("anna@example.com", password, home));
  EXPECT_TRUE(service_->knows("ANNA@example.com", home));
  EXPECT_FALSE(service_->knows("anna@example.com", elsewhere)) << "who failed there is not known there";
  EXPECT_FALSE(service_->knows("ben@example.com", home));
  EXPECT_FALSE(service_->knows("anna@example.com", {}));

  service_ = make_service();
  ASSERT_TRUE(service_->load());
  EXPECT_TRUE(service_->knows("anna@example.com", home));
  EXPECT_EQ(store_->people().known_addresses(clock_.engine())->size(), 1U);
  clock_.advance(login_limits::known_address_ms);
  service_ = make_service();
  ASSERT_TRUE(service_->load());
  EXPECT_FALSE(service_->knows("anna@example.com", home)) << "not seen for too long";
  EXPECT_TRUE(service_->log_in("anna@example.com", password, elsewhere));
  EXPECT_EQ(store_->people().known_addresses(0)->size(), 1U) << "what is over is erased";

  const model::member ben = join("ben@example.com", member_role::admin).who;
  ASSERT_TRUE(service_->remove(company_, anna.id));
  EXPECT_FALSE(service_->knows("anna@example.com", elsewhere));
  EXPECT_TRUE(store_->people().known_addresses(0)->empty()) << "who goes takes them along";
}

TEST_F(people_limits, are_known_at_so_many_addresses_and_no_more) {
  admin();
  const auto last = login_limits::known_addresses_per_member_max + 1;
  for (std::uint64_t i = 1; i <= last; ++i) {
    clock_.advance(1);
    EXPECT_TRUE(service_->log_in("anna@example.com", password, {.subscriber = i}));
  }
  EXPECT_FALSE(service_->knows("anna@example.com", {.subscriber = 1}));
  EXPECT_TRUE(service_->knows("anna@example.com", {.subscriber = 2}));
  EXPECT_TRUE(service_->knows("anna@example.com", {.subscriber = last}));
  EXPECT_EQ(store_->people().known_addresses(0)->size(), login_limits::known_addresses_per_member_max);
}

TEST_F(people_limits, choose_no_password_that_is_tried_first) {
  EXPECT_EQ(service_->add_admin(company_, {"anna@example.com", "Anna", "password1234"}).error().fields.at(0).pointer,
            "/password");
  admin();
  const std::string here = service_->log_in("anna@example.com", password)->token;
  EXPECT_EQ(service_->change_password(*caller(here), password, "anna@example.com").error().fields.at(0).pointer,
            "/new");
  const std::string reset = service_->make_reset_links("anna@example.com").value().at(0).token;
  EXPECT_EQ(service_->finish_reset(reset, "qwertyuiop").error().fields.at(0).pointer, "/password");
  EXPECT_TRUE(service_->finish_reset(reset, "a better horse")) << "the link was not used up by a refused password";
  const invited ben = service_->invite(company_, "ben.okafor@acme.example", member_role::viewer, 0).value();
  EXPECT_EQ(service_->accept(ben.token, "Ben", "Okafor-2026").error().fields.at(0).pointer, "/password");
  EXPECT_TRUE(service_->accept(ben.token, "Ben", password));
}

}  // namespace
}  // namespace posthorn::account
