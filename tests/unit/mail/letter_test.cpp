#include "mail/letter.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "mail/people_letters.hpp"

namespace posthorn::mail {
namespace {

constexpr base::epoch_ms at = 1'768'473'000'000;

std::vector<std::string> lines_of(const std::string& mail) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t end = mail.find("\r\n"); end != std::string::npos; end = mail.find("\r\n", from)) {
    lines.push_back(mail.substr(from, end - from));
    from = end + 2;
  }
  EXPECT_EQ(from, mail.size()) << "it ends with a line's end";
  return lines;
}

TEST(letter, has_the_headers_that_a_mail_needs) {
  const std::string mail =
      written({"ben@example.com", "Hello", "text", "<p>html</p>"}, "posthorn@example.com", at, "id7");
  EXPECT_EQ(mail.find("Date: Thu, 15 Jan 2026 10:30:00 +0000\r\nFrom: Posthorn <posthorn@example.com>\r\nTo: "
                      "<ben@example.com>\r\nSubject: Hello\r\nMessage-ID: <id7@example.com>\r\n"),
            0u)
      << mail;
  EXPECT_NE(mail.find("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                      base::to_base64("text") + "\r\n--"),
            std::string::npos);
  EXPECT_NE(mail.find(base::to_base64("<p>html</p>")), std::string::npos);
}

TEST(letter, has_no_long_line_and_none_that_begins_with_a_dot) {
  const std::string long_text(5'000, '.');
  const std::string mail = written({"ben@example.com", std::string(600, 'x'), long_text, "\r\n.\r\n" + long_text},
                                   "posthorn@example.com", at, "id");
  for (const std::string& line : lines_of(mail)) {
    EXPECT_LE(line.size(), 90u) << line;
    EXPECT_FALSE(line.starts_with('.'));
  }
}

TEST(letter, keeps_a_subject_in_its_header) {
  const std::string mail =
      written({"ben@example.com", "a\r\nBcc: evil@example.com", "t", "h"}, "p@example.com", at, "id");
  EXPECT_NE(mail.find("Subject: a  Bcc: evil@example.com\r\n"), std::string::npos) << mail;
}

// A company may call itself so; readers would decode it to something else.
TEST(letter, shows_what_looks_like_an_encoded_word_as_it_is_written) {
  for (const std::string name : {"=?utf-8?B?WW91IHdvbg==?=", "a =?x", "Join =?UTF-8?Q?=42ank?= on Posthorn"}) {
    const std::string mail = written({"ben@example.com", name, "t", "h"}, "p@example.com", at, "id");
    EXPECT_EQ(mail.find("Subject: " + name), std::string::npos) << mail;
    EXPECT_NE(mail.find("Subject: =?UTF-8?B?" + base::to_base64(name) + "?=\r\n"), std::string::npos) << mail;
  }
}

TEST(letter, writes_a_subject_of_other_letters_in_whole_characters) {
  std::string name;
  for (int i = 0; i < 40; ++i) name += "\xc3\xa9";
  const std::string mail = written({"ben@example.com", name, "t", "h"}, "p@example.com", at, "id");
  std::string decoded;
  for (std::size_t word = mail.find("=?UTF-8?B?"); word != std::string::npos;
       word = mail.find("=?UTF-8?B?", word + 1)) {
    const std::size_t begin = word + 10;
    const std::string part = base::from_base64(mail.substr(begin, mail.find("?=", begin) - begin)).value();
    EXPECT_EQ(part.size() % 2, 0u) << "cut inside a character";
    decoded += part;
  }
  EXPECT_EQ(decoded, name);
}

TEST(letter, escapes_what_people_chose) {
  const letter one =
      invitation_letter({.email = "ben@example.com"}, "<b>A&B</b>", "https://h.example/console/invitation#t");
  EXPECT_EQ(one.html.find("<b>"), std::string::npos) << one.html;
  EXPECT_NE(one.html.find("&lt;b&gt;A&amp;B"), std::string::npos);
  EXPECT_NE(one.text.find("\nhttps://h.example/console/invitation#t\n"), std::string::npos) << one.text;
}

}  // namespace
}  // namespace posthorn::mail
