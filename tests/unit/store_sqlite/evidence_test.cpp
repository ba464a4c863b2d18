#include "store/sqlite/evidence.hpp"

#include <gtest/gtest.h>

namespace posthorn::store::sqlite {
namespace {

model::attempt refused_attempt() {
  model::attempt made;
  made.number = 3;
  made.at = 1'700'000'000'123;
  made.status = 400;
  made.error = model::error_class::none;
  made.error_detail = "detail";
  made.request_headers = "Host: a\r\n";
  made.response_headers = "X-Echo: person-0001\r\n";
  made.response_body = "no person-0001 here";
  made.timing.total_us = 4'200;
  return made;
}

TEST(evidence, blanked_keeps_its_length_and_numbers_and_no_text) {
  std::string blob;
  append_evidence(blob, refused_attempt());
  const std::string blank = blanked_evidence(blob);
  EXPECT_EQ(blank.size(), blob.size());
  EXPECT_EQ(blank.find("person"), std::string::npos);
  const auto read = read_evidence(blank);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 3);
  EXPECT_EQ(read->at, 1'700'000'000'123);
  EXPECT_EQ(read->status, 400);
  EXPECT_EQ(read->timing.total_us, 4'200);
  EXPECT_EQ(read->error_detail + read->request_headers + read->response_headers + read->response_body, "");
  EXPECT_EQ(blanked_evidence(blank), blank) << "again";
}

TEST(evidence, blanked_of_none_or_of_what_cannot_be_read_is_as_long_and_empty) {
  EXPECT_EQ(blanked_evidence(""), "");
  const std::string blank = blanked_evidence("person-0001");
  EXPECT_EQ(blank, std::string(11, '\0'));
  EXPECT_FALSE(read_evidence(blank));
}

}  // namespace
}  // namespace posthorn::store::sqlite
