#include "account/password_policy.hpp"

#include <gtest/gtest.h>

namespace posthorn::account {
namespace {

using enum password_verdict;

password_verdict judge(std::string_view password) {
  return judge_password(password, "Anna.Lindqvist@mail.acme-loans.example", "Acme Loans Ltd");
}

TEST(password_policy, refuses_what_is_tried_first) {
  for (const char* each : {"1234567890", "qwertyuiop", "QWERTYUIOP", "password1234", "Password!1", "Sunshine2024",
                           "!!princess!!", "1q2w3e4r5t", "aaaaaaaaaaaa", "abcabcabcabc", "xy1!xy1!xy1!"}) {
    EXPECT_EQ(judge(each), common) << each;
  }
}

TEST(password_policy, refuses_little_more_than_names_that_belong_to_the_account) {
  for (const char* each : {"anna.lindqvist@mail.acme-loans.example", "Anna.Lindqvist", "annalindqvist", "lindqvist1",
                           "Lindqvist-2026", "acme-loans.example", "Acme Loans Ltd", "acmeloansltd", "AcmeLoans2026",
                           "posthorn2026", "Posthorn!!!", "posthornacme"}) {
    EXPECT_EQ(judge(each), personal) << each;
  }
}

TEST(password_policy, takes_what_has_enough_of_its_own) {
  for (const char* each :
       {"correct horse battery", "acme stapler in march", "posthorn wakes the dead", "sunshine#48210-99317",
        "gr\xc3\xbcne \xc3\x84pfel", "{]=~-+;:,.<>?/|", "mQ7 vR2 xK9", "\",\"", "annabel likes tea"}) {
    EXPECT_EQ(judge(each), good) << each;
  }
  EXPECT_EQ(judge_password("correct horse battery", "", ""), good);
  EXPECT_EQ(judge_password("ab@c.example.x", "a@b.co", "ab"), good) << "short words are parts of many others";
}

TEST(password_policy, says_at_which_field) {
  EXPECT_TRUE(check_password("correct horse battery", "a@example.com", "Acme", "/new"));
  const auto refused = check_password("qwertyuiop", "a@example.com", "Acme", "/new");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::fault::invalid_field);
  EXPECT_EQ(refused.error().fields.at(0).pointer, "/new");
}

}  // namespace
}  // namespace posthorn::account
