// A customer's own uids, as spreadsheets, scripts and Posthorn's own exports write them.
#include "api/uid_csv.hpp"

#include <gtest/gtest.h>

namespace posthorn::api {
namespace {

using uids = std::vector<std::string>;

const uids both{"anna-0001", "ben-00002"};

TEST(UidCsv, IsReadInEveryFormThatItComesIn) {
  for (const std::string_view text : {
           "anna-0001\nben-00002\n",
           "anna-0001\nben-00002",
           "anna-0001\r\nben-00002\r\n",
           "\xEF\xBB\xBFuid\r\nanna-0001\r\nben-00002\r\n",
           "uid\nanna-0001\n\n\nben-00002\n\n",
           "\"anna-0001\"\n\"ben-00002\"\n",
           "\n\nuid\nanna-0001\nben-00002\n",
           "\"uid\",\"url\"\r\n\"anna-0001\",\"https://x.example/#a\"\r\n\"ben-00002\",\"\"\r\n",
           "note,uid\n\"two\nlines, and a \"\"quote\"\"\",anna-0001\n,ben-00002\n",
           "uid\n'anna-0001\n'ben-00002\n",
       }) {
    const auto read = read_uid_csv(text);
    ASSERT_TRUE(read) << text << ": " << read.error().detail;
    EXPECT_EQ(*read, both) << text;
  }
}

TEST(UidCsv, CountsLinesAsAnEditorDoes) {
  const auto read = read_uid_csv("note,uid\n\"two\nlines\",anna-0001\nx,b\n\n\"y\",c\n");
  ASSERT_FALSE(read);
  ASSERT_EQ(read.error().fields.size(), 2u);
  EXPECT_TRUE(read.error().fields[0].detail.starts_with("line 4: ")) << read.error().fields[0].detail;
  EXPECT_TRUE(read.error().fields[1].detail.starts_with("line 6: ")) << read.error().fields[1].detail;
}

TEST(UidCsv, SurvivesWhatIsNone) {
  for (const std::string_view text : {"", "\n", "\r", "\"", "\"\"", ",", "uid", "\"uid", "uid\n\"", "\xEF\xBB\xBF",
                                      "\xff\xfe", "uid,uid\n,\n", "anna-0001\rben-00002"}) {
    EXPECT_FALSE(read_uid_csv(text)) << text;
  }
  const auto unclosed = read_uid_csv("anna-0001\n\"ben-00002\n");
  ASSERT_FALSE(unclosed);
  EXPECT_TRUE(unclosed.error().detail.contains("line 2: has a quote that is not closed")) << unclosed.error().detail;
}

}  // namespace
}  // namespace posthorn::api
