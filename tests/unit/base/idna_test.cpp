#include "base/idna.hpp"

#include <gtest/gtest.h>

namespace posthorn::base {
namespace {

TEST(Idna, WritesNamesAsBrowsersSendThem) {
  EXPECT_EQ(to_ascii_host("example.com"), "example.com");
  EXPECT_EQ(to_ascii_host("EXAMPLE.Com"), "example.com");
  EXPECT_EQ(to_ascii_host("my_host.internal"), "my_host.internal");
  EXPECT_EQ(to_ascii_host("b\xc3\xbcro.example"), "xn--bro-hoa.example");
  EXPECT_EQ(to_ascii_host("B\xc3\x9cRO.example"), "xn--bro-hoa.example");
  EXPECT_EQ(to_ascii_host("bu\xcc\x88ro.example"), "xn--bro-hoa.example") << "u and a combining diaeresis";
  EXPECT_EQ(to_ascii_host("fa\xc3\x9f.example"), "xn--fa-hia.example") << "not fass.example";
  EXPECT_EQ(to_ascii_host("xn--bro-hoa.example"), "xn--bro-hoa.example");
  EXPECT_EQ(to_ascii_host("\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88"), "xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(to_ascii_host("b\xc3\xbcro\xe3\x80\x82"
                          "example"),
            "xn--bro-hoa.example")
      << "an ideographic full stop";
}

TEST(Idna, KnowsNoOtherNames) {
  using namespace std::string_view_literals;
  for (const std::string_view none :
       {""sv, "\xff\xfe.example"sv, "a\0b"sv, "\xe2\x80\x8b.example"sv, "\xcc\x88.example"sv,
        "\xd7\x90"
        "a1.example"sv}) {
    EXPECT_EQ(to_ascii_host(none), std::nullopt) << none;
  }
  EXPECT_EQ(to_ascii_host(std::string(64, 'a') + ".example"), std::nullopt);
  EXPECT_EQ(to_ascii_host(std::string(62, 'a') + "\xc3\xbc.example"), std::nullopt);
}

}  // namespace
}  // namespace posthorn::base
