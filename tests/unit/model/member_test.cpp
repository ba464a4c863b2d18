#include "model/member.hpp"

#include <gtest/gtest.h>

namespace posthorn::model {
namespace {

TEST(member, takes_addresses_that_a_mail_can_be_sent_to) {
  for (const char* good :
       {"anna@example.com", "a.b+c@mail.example.co.uk", "o'neil@example.com", "x@localhost", "1@2.3"}) {
    EXPECT_TRUE(is_email(good)) << good;
  }
}

TEST(member, takes_no_other_text_as_an_address) {
  for (const std::string& bad : {std::string(),
                                 std::string("anna"),
                                 std::string("@example.com"),
                                 std::string("anna@"),
                                 std::string("a b@c.d"),
                                 std::string("a@b@c.d"),
                                 std::string("a..b@c.d"),
                                 std::string(".a@c.d"),
                                 std::string("a@c..d"),
                                 std::string("a@-c.d"),
                                 std::string("a@c-.d"),
                                 std::string("a@c.d."),
                                 std::string("a\r\nBcc: b@c.d"),
                                 std::string("<a@c.d>"),
                                 std::string("\"a\"@c.d"),
                                 std::string("a@c.d\n"),
                                 std::string("\xc3\xa4@c.d"),
                                 std::string(65, 'a') + "@c.d",
                                 "a@" + std::string(64, 'c') + ".d",
                                 "a@" + std::string(60, 'c') + "." + std::string(60, 'c') + "." + std::string(60, 'c') +
                                     "." + std::string(60, 'c') + ".ddddddddddd"}) {
    EXPECT_FALSE(is_email(bad)) << bad;
  }
}

TEST(member, knows_roles_by_name) {
  EXPECT_EQ(member_role_from(to_string(member_role::admin)), member_role::admin);
  EXPECT_EQ(member_role_from(to_string(member_role::viewer)), member_role::viewer);
  EXPECT_FALSE(member_role_from("owner"));
}

}  // namespace
}  // namespace posthorn::model
