// Bodies that POST /v1/events refuses, each with its fault and the field that it names.
#include <gtest/gtest.h>

#include <string>

#include "ingest/event_parser.hpp"

namespace posthorn::ingest {
namespace {

using base::fault;
using namespace std::string_view_literals;

struct refusal {
  std::string_view body;
  fault code;
  std::string_view pointer = {};  // "" where no field is named
};

constexpr std::string_view uid_61 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

class MalformedEvent : public testing::TestWithParam<refusal> {};

TEST_P(MalformedEvent, IsRefusedWithItsFault) {
  const refusal& expected = GetParam();
  // A copy of exactly its size, so that the sanitizer sees any byte read beyond it.
  const std::unique_ptr<char[]> exact(new char[expected.body.size()]);
  expected.body.copy(exact.get(), expected.body.size());
  const auto event = parse_event({exact.get(), expected.body.size()}, {.integration_id = "12345678901234567890"});
  ASSERT_FALSE(event.has_value()) << expected.body;
  EXPECT_EQ(event.error().code, expected.code) << expected.body << ": " << event.error().detail;
  const std::string pointer = event.error().fields.empty() ? "" : event.error().fields.front().pointer;
  EXPECT_EQ(pointer, expected.pointer) << expected.body;
  EXPECT_FALSE(event.error().detail.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Json, MalformedEvent,
    testing::Values(refusal{"", fault::malformed_json}, refusal{" \n ", fault::malformed_json},
                    refusal{"nul", fault::malformed_json}, refusal{"[]", fault::malformed_json},
                    refusal{"\"text\"", fault::malformed_json}, refusal{"1", fault::malformed_json},
                    refusal{"{", fault::malformed_json}, refusal{"{\"", fault::malformed_json},
                    refusal{"{\"type\"", fault::malformed_json}, refusal{"{\"type\":", fault::malformed_json},
                    refusal{R"({"type":"t","payload":1)", fault::malformed_json},
                    refusal{R"({"type":"t","payload":1,})", fault::malformed_json},
                    refusal{R"({"type":"t" "payload":1})", fault::malformed_json},
                    refusal{R"({"type" "t"})", fault::malformed_json}, refusal{R"({type:"t"})", fault::malformed_json},
                    refusal{R"({'type':'t'})", fault::malformed_json},
                    refusal{R"({"type":"t","payload":1}})", fault::malformed_json},
                    refusal{R"({"type":"t","payload":1} x)", fault::malformed_json},
                    refusal{R"({"type":"t","payload":1}{"type":"t","payload":1})", fault::malformed_json},
                    refusal{"{\"type\":\"t\",\"payload\":1}\0"sv, fault::malformed_json},
                    refusal{"{\"type\":\"t\",\0\"payload\":1}"sv, fault::malformed_json},
                    refusal{"{\"type\":\"t\",\"payload\":\"a\0b\"}"sv, fault::malformed_json},
                    refusal{"\xef\xbb\xbf{\"type\":\"t\",\"payload\":1}", fault::malformed_json},
                    refusal{"{\"type\":\"t\",\"payload\":\"\xff\"}", fault::malformed_json},
                    refusal{"{\"type\":\"t\",\"payload\":\"\xc0\xaf\"}", fault::malformed_json},
                    refusal{"{\"type\":\"t\",\"payload\":\"\xed\xa0\x80\"}", fault::malformed_json},
                    refusal{"{\"type\":\"t\",\"payload\":\"\xf5\x80\x80\x80\"}", fault::malformed_json},
                    refusal{"{\"type\":\"t\",\"payload\":\"line\nbreak\"}", fault::malformed_json},
                    refusal{"{\"type\":\"t\",\"payload\":\"tab\there\"}", fault::malformed_json},
                    refusal{R"({"type":"t","payload":"\x41"})", fault::malformed_json},
                    refusal{R"({"type":"t","payload":"\u12g4"})", fault::malformed_json},
                    refusal{R"({"type":"t","payload":"\u12"})", fault::malformed_json},
                    refusal{R"({"type":"t","payload":"\ud800"})", fault::malformed_json},
                    refusal{R"({"type":"t","payload":"\udc00\ud800"})", fault::malformed_json},
                    refusal{R"({"type":"t","payload":"\ud800A"})", fault::malformed_json}));

INSTANTIATE_TEST_SUITE_P(Values, MalformedEvent,
                         testing::Values(refusal{R"({"type":"t","payload":01})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":+1})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":-})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":1.})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":.5})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":1e})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":0x10})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":NaN})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":Infinity})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":True})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":tru})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":truex})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":[1,]})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":[1 2]})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":[})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":[}]})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":{"a"}})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":{"a":1,}})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":{1:2}})", fault::malformed_json},
                                         refusal{R"({"type":"t","payload":/*c*/1})", fault::malformed_json}));

INSTANTIATE_TEST_SUITE_P(
    Rules, MalformedEvent,
    testing::Values(
        refusal{"{}", fault::missing_field, "/type"}, refusal{R"({"payload":1})", fault::missing_field, "/type"},
        refusal{R"({"type":"t"})", fault::missing_field, "/details"},
        refusal{R"({"type":null,"payload":1})", fault::invalid_field, "/type"},
        refusal{R"({"type":7,"payload":1})", fault::invalid_field, "/type"},
        refusal{R"({"type":"","payload":1})", fault::invalid_field, "/type"},
        refusal{R"({"type":"a b","payload":1})", fault::invalid_field, "/type"},
        refusal{"{\"type\":\"\xc3\xa9\",\"payload\":1}", fault::invalid_field, "/type"},
        refusal{R"({"type":"a\u0000","payload":1})", fault::invalid_field, "/type"},
        refusal{R"({"type":"t","type":"t","payload":1})", fault::invalid_field, "/type"},
        refusal{R"({"type":"t","payload":1,"payload":1})", fault::invalid_field, "/payload"},
        refusal{R"({"type":"t","payload":1,"details":{},"uid":"u-123"})", fault::invalid_field, "/payload"},
        refusal{R"({"type":"t","payload":1,"reasons":[]})", fault::invalid_field, "/reasons"},
        refusal{R"({"type":"t","payload":1,"Payload":1})", fault::unknown_field, "/Payload"},
        refusal{R"({"t\u0079pe":"t","payload":1})", fault::unknown_field, "/t\\u0079pe"},
        refusal{R"({"type":"t","payload":1,"":1})", fault::unknown_field, "/"},
        refusal{R"({"type":"t","payload":1,"uid":""})", fault::invalid_field, "/uid"},
        refusal{R"({"type":"t","payload":1,"uid":null})", fault::invalid_field, "/uid"},
        refusal{R"({"type":"t","payload":1,"uid":"a\u0000"})", fault::invalid_field, "/uid"},
        refusal{R"({"type":"t","details":{}})", fault::missing_field, "/uid"},
        refusal{R"({"type":"t","details":{},"uid":12345})", fault::invalid_field, "/uid"},
        refusal{R"({"type":"t","details":{},"uid":"abcd"})", fault::invalid_field, "/uid"},
        refusal{R"({"type":"t","details":{},"uid":"abc_e"})", fault::invalid_field, "/uid"},
        refusal{R"({"type":"t","details":{},"uid":"abc e"})", fault::invalid_field, "/uid"},
        refusal{R"({"type":"t","details":[],"uid":"u-123"})", fault::invalid_field, "/details"},
        refusal{R"({"type":"t","details":null,"uid":"u-123"})", fault::invalid_field, "/details"},
        refusal{R"({"type":"t","details":"{}","uid":"u-123"})", fault::invalid_field, "/details"},
        refusal{R"({"type":"t","details":{},"uid":"u-123","reasons":"no"})", fault::invalid_field, "/reasons"},
        refusal{R"({"type":"t","details":{},"uid":"u-123","reasons":null})", fault::invalid_field, "/reasons"},
        refusal{R"({"type":"t","details":{},"uid":"u-123","reasons":["a",1]})", fault::invalid_field, "/reasons/1"}));

TEST(MalformedEvent, LengthsBeyondTheirLimits) {
  const std::string long_uid = R"({"type":"t","details":{},"uid":")" + std::string(uid_61) + "\"}";
  EXPECT_EQ(parse_event(long_uid, {}).error().fields.at(0).pointer, "/uid");
  const std::string long_type = R"({"payload":1,"type":")" + std::string(129, 'a') + "\"}";
  EXPECT_EQ(parse_event(long_type, {}).error().fields.at(0).pointer, "/type");
  std::string reasons = R"({"type":"t","details":{},"uid":"u-123","reasons":["a")";
  for (std::size_t i = 0; i < base::limits::reasons_max; ++i) reasons += ",\"a\"";
  EXPECT_EQ(parse_event(reasons + "]}", {}).error().fields.at(0).pointer, "/reasons");
}

}  // namespace
}  // namespace posthorn::ingest
