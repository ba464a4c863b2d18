#include "web/files.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

namespace posthorn::web {
namespace {

constexpr std::size_t page_bytes_max = 100 * 1024;  // on a slow line, all of it, even uncompressed

TEST(AssessmentFiles, AreSmallInAll) {
  std::size_t plain = 0;
  std::size_t packed = 0;
  for (const file& each : assessment_files()) {
    plain += each.plain.bytes.size();
    packed += each.gzip.bytes.size();
    EXPECT_LT(each.gzip.bytes.size(), each.plain.bytes.size() + 64) << each.name;
  }
  EXPECT_GT(plain, 0U);
  EXPECT_LT(plain, page_bytes_max);
  EXPECT_LT(packed, plain / 2);
}

TEST(AssessmentFiles, HaveStrongTagsOfTheirOwn) {
  std::set<std::string_view> tags;
  for (const file& each : assessment_files()) {
    for (const form& one : {each.plain, each.gzip}) {
      EXPECT_TRUE(std::regex_match(std::string(one.etag), std::regex("\"[0-9a-f]{32}\""))) << one.etag;
      EXPECT_TRUE(tags.insert(one.etag).second) << each.name << " shares its tag with another";
    }
    EXPECT_TRUE(each.gzip.bytes.starts_with("\x1f\x8b")) << each.name;
  }
}

TEST(AssessmentFiles, AreFoundByTheirNameAlone) {
  const file* page = find_file(assessment_files(), "index.html");
  ASSERT_NE(page, nullptr);
  EXPECT_TRUE(page->plain.bytes.starts_with("<!doctype html>"));
  EXPECT_TRUE(page->plain.bytes.ends_with("</html>\n"));
  for (const std::string_view other : {"", "INDEX.HTML", "../index.html", "index", "style.css/"}) {
    EXPECT_EQ(find_file(assessment_files(), other), nullptr) << other;
  }
}

// All that `pattern`'s first group finds in `text`.
std::set<std::string> found_in(std::string_view text, const char* pattern) {
  const std::string whole(text);
  const std::regex by(pattern);
  std::set<std::string> out;
  for (std::sregex_iterator at(whole.begin(), whole.end(), by), end; at != end; ++at) out.insert((*at)[1]);
  return out;
}

TEST(AssessmentFiles, AreAllAskedForAtOnceAndNothingElseIs) {
  const std::string_view page = find_file(assessment_files(), "index.html")->plain.bytes;
  std::set<std::string> present;
  for (const file& each : assessment_files()) present.emplace(each.name);
  std::set<std::string> named = found_in(page, R"#((?:src|href)="/assess/([^"]*)")#");
  named.insert("index.html");
  EXPECT_EQ(named, present);
  for (const file& each : assessment_files()) {
    for (const std::string& module : found_in(each.plain.bytes, R"#(from '\./([^']*)')#")) {
      EXPECT_TRUE(present.contains(module)) << each.name << " imports " << module;
    }
  }
}

TEST(AssessmentFiles, NameNoOtherHostAndNeedNoInlineCode) {
  for (const file& each : assessment_files()) {
    for (const std::string& host : found_in(each.plain.bytes, R"#((?:https?:)?//([a-z0-9-]+\.[a-z0-9.-]+))#")) {
      EXPECT_EQ(host, "www.w3.org") << each.name;  // the name of SVG, which nobody fetches
    }
    EXPECT_TRUE(found_in(each.plain.bytes, R"#((innerHTML|insertAdjacentHTML|document\.write|\beval\())#").empty())
        << each.name;
  }
  const std::string_view page = find_file(assessment_files(), "index.html")->plain.bytes;
  EXPECT_TRUE(found_in(page, R"#((<style|<script>| style=| on[a-z]+=))#").empty());
}

TEST(ConsoleFiles, AreOnePageAndWhatItLoadsByNamesThatChangeWithTheirBytes) {
  const file* page = find_file(console_files(), "index.html");
  ASSERT_NE(page, nullptr);
  for (const std::string& named : found_in(page->plain.bytes, R"#((?:src|href)="/console/([^"]*)")#")) {
    EXPECT_NE(find_file(console_files(), named), nullptr) << named;
  }
  for (const file& each : console_files()) {
    if (&each == page) continue;
    EXPECT_TRUE(std::regex_match(std::string(each.name), std::regex(R"([\w.-]+-[\w-]{8}\.(js|css|svg))"))) << each.name;
  }
}

TEST(ConsoleFiles, NeedNoInlineCodeInTheirPage) {
  const std::string_view page = find_file(console_files(), "index.html")->plain.bytes;
  EXPECT_TRUE(found_in(page, R"#((<style|<script>| style=| on[a-z]+=))#").empty());
}

// What a browser loads before it shows anything.
TEST(ConsoleFiles, BeginSmall) {
  const file* page = find_file(console_files(), "index.html");
  std::size_t packed = page->gzip.bytes.size();
  for (const std::string& named : found_in(page->plain.bytes, R"#((?:src|href)="/console/([^"]*)")#")) {
    packed += find_file(console_files(), named)->gzip.bytes.size();
  }
  EXPECT_LT(packed, 260U * 1024);
}

}  // namespace
}  // namespace posthorn::web
