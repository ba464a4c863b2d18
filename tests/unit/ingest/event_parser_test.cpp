// docs/contract.md sections 2.1 and 3 (events from any producer).
#include "ingest/event_parser.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "support/paths.hpp"

namespace posthorn::ingest {
namespace {

using base::fault;

constexpr std::string_view integration = "12345678901234567890";

base::result<parsed_event> parse(std::string_view json, std::size_t payload_bytes_max = 1000) {
  return parse_event(json, {.integration_id = integration, .payload_bytes_max = payload_bytes_max});
}

std::string load(const std::string& name) {
  std::ifstream file(test::vector_path("events/" + name + ".json"));
  EXPECT_TRUE(file.is_open()) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The text between two marks of a vector, so that nothing is re-serialised on the way.
std::string between(const std::string& text, std::string_view from, std::string_view to) {
  const std::size_t begin = text.find(from) + from.size();
  return text.substr(begin, text.rfind(to) - begin);
}

class EnvelopeVector : public testing::TestWithParam<const char*> {};

TEST_P(EnvelopeVector, ComesOutByteForByte) {
  const std::string envelope = load(GetParam());
  const bool with_reasons = envelope.find("\"reasons\"") != std::string::npos;
  const std::string details = between(envelope, "\"details\":", with_reasons ? ",\"reasons\":" : "}}");
  std::string body = "{ \"reasons\": [\n";
  if (with_reasons) {
    body += between(envelope, "\"reasons\":[", "]}}") + " ] ,";
  } else {
    body = "{";
  }
  body += std::string("\n  \"details\" :\t") + details + ",\r\n \"uid\":\"1234QWER-TYUI4567-ASDFD890\",\"type\":\"" +
          GetParam() + "\"}\n";
  const auto event = parse(body, 100'000);
  ASSERT_TRUE(event.has_value()) << event.error().detail;
  EXPECT_EQ(event->payload, envelope);
  EXPECT_EQ(event->type, GetParam());
  EXPECT_EQ(event->uid, "1234QWER-TYUI4567-ASDFD890");
}

INSTANTIATE_TEST_SUITE_P(All, EnvelopeVector,
                         testing::Values("application.complete", "application.incomplete", "application.expired",
                                         "application.cancelled", "psychometric_score.complete",
                                         "android_score.complete", "ios_score.complete"));

class PayloadVector : public testing::TestWithParam<const char*> {};

TEST_P(PayloadVector, ComesOutByteForByte) {
  const std::string document = load(GetParam());
  const auto event = parse(std::string("{\"type\":\"") + GetParam() + "\",\"payload\": " + document + " }", 100'000);
  ASSERT_TRUE(event.has_value()) << event.error().detail;
  EXPECT_EQ(event->payload, document.substr(0, document.find_last_not_of("\n ") + 1));
  EXPECT_EQ(event->uid, "");
}

INSTANTIATE_TEST_SUITE_P(All, PayloadVector, testing::Values("certificate_completed", "certificate_expired"));

TEST(EventParser, RemovesWhiteSpaceOutsideStringsOnly) {
  const auto event = parse(
      "{\"type\":\"t\",\"uid\":\"u-123\",\"details\":{ \"a b\" : [ 1.50e+10 , -0 ,\n\"\\u0041 \\\\\\\" \\n x\" ] ,\r\n"
      "\"n\":123456789012345678901234567890,\"z\":1,\"a\":2,\"z\":3 , \"e\" : { } }}");
  ASSERT_TRUE(event.has_value()) << event.error().detail;
  EXPECT_EQ(event->payload,
            "{\"uid\":\"u-123\",\"integration_id\":\"12345678901234567890\",\"event\":{\"type\":\"t\",\"details\":"
            "{\"a b\":[1.50e+10,-0,\"\\u0041 \\\\\\\" \\n x\"],\"n\":123456789012345678901234567890,\"z\":1,\"a\":2,"
            "\"z\":3,\"e\":{}}}}");
}

TEST(EventParser, PayloadIsTheExactSlice) {
  for (const std::string_view value :
       {"{ \"a\" : 1 , \"b\":[ ] }", "[1, 2 ,3]", "\"text \\u00e9 \xc3\xa9\"", "123456789012345678901234567890.5e999",
        "-0.0", "true", "null", "{}", "\"\\ud83d\\ude00\""}) {
    const auto event = parse("{\"type\":\"t\",\"payload\":  " + std::string(value) + "  }");
    ASSERT_TRUE(event.has_value()) << value << ": " << event.error().detail;
    EXPECT_EQ(event->payload, value);
  }
}

TEST(EventParser, UidOfAPayloadMayBeAnyText) {
  std::string longest;
  for (int i = 0; i < 256; ++i) longest += "\xc3\xa9";
  EXPECT_TRUE(parse(R"({"type":"t","payload":1,"uid":")" + longest + "\"}"));
  EXPECT_FALSE(parse(R"({"type":"t","payload":1,"uid":"x)" + longest + "\"}"));
  const auto escaped = parse(R"({"type":"t","payload":1,"uid":"a\u00e9\ud83d\ude00\/\""})");
  ASSERT_TRUE(escaped.has_value());
  EXPECT_EQ(escaped->uid, "a\xc3\xa9\xf0\x9f\x98\x80/\"");
}

TEST(EventParser, TakesBoundsOfTheEnvelopesUid) {
  for (const std::size_t length : {5U, 60U}) {
    EXPECT_TRUE(parse(R"({"type":"t","details":{},"uid":")" + std::string(length, 'a') + "\"}")) << length;
  }
}

TEST(EventParser, PayloadLimitCountsWhatIsDelivered) {
  const std::string spaced = R"({"type":"t","uid":"u-123","details":{)" + std::string(500, ' ') + "}}";
  const std::string envelope = parse(spaced)->payload;
  EXPECT_TRUE(parse(spaced, envelope.size()).has_value());
  const auto refused = parse(spaced, envelope.size() - 1);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, fault::payload_too_large);
  EXPECT_EQ(parse(R"({"type":"t","payload":"123456"})", 7).error().code, fault::payload_too_large);
  EXPECT_TRUE(parse(R"({"type":"t","payload":"12345"})", 7).has_value());
}

TEST(EventParser, DepthLimitIsExact) {
  const auto nested = [](std::size_t depth) {
    return R"({"type":"t","payload":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(parse(nested(base::limits::json_depth_max - 1)).has_value());
  const auto refused = parse(nested(base::limits::json_depth_max));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, fault::malformed_json);
  EXPECT_FALSE(parse(nested(400)).has_value());
}

TEST(EventParser, IdempotencyKeyBelongsToLinesOfABatch) {
  const std::string line = R"({"type":"t","payload":1,"idempotency_key":"k-1"})";
  EXPECT_EQ(parse(line).error().code, fault::unknown_field);
  const event_rules in_batch{.integration_id = integration, .takes_idempotency_key = true};
  EXPECT_EQ(parse_event(line, in_batch)->idempotency_key, "k-1");
  for (const std::string_view bad : {"\"\"", "\"a b\"", "1", "\"\\u0001\""}) {
    const auto refused =
        parse_event("{\"type\":\"t\",\"payload\":1,\"idempotency_key\":" + std::string(bad) + "}", in_batch);
    ASSERT_FALSE(refused.has_value()) << bad;
    EXPECT_EQ(refused.error().fields.at(0).pointer, "/idempotency_key");
  }
}

TEST(EventParser, NamesEveryFieldThatBreaksARule) {
  const auto refused = parse(R"({"type":"a b","uid":"x","details":[],"reasons":{},"extra":1})");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, fault::unknown_field);
  std::string pointers;
  for (const base::field_error& field : refused.error().fields) pointers += field.pointer + " ";
  EXPECT_EQ(pointers, "/extra /type /uid /details /reasons ");
}

TEST(EventParser, AnAnswerNamesABoundedNumberOfFields) {
  std::string body = "{";
  for (int i = 0; i < 5'000; ++i) body += R"("type":"t",)";
  const auto refused = parse(body + R"("payload":1})");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().fields.size(), base::limits::field_errors_max);
}

TEST(EventParser, PointersAreEscaped) {
  EXPECT_EQ(parse(R"({"type":"t","payload":1,"a/b~c":1})").error().fields.at(0).pointer, "/a~1b~0c");
}

}  // namespace
}  // namespace posthorn::ingest
