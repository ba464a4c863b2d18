#include "policy/payload_filter.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/limits.hpp"

namespace posthorn::policy {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

constexpr std::string_view payload = R"({"score":720,"ratio":0.5,"big":18446744073709551615,"name":"Ada","none":null,
  "when":"2026-01-15T10:30:00Z","flags":["a","b"],"a/b":{"m~n":1},"":{"":2},"deep":{"list":[{"x":1},{"x":2}],"o":{"p":1,"q":[1,2]}},
  "yes":true})";

bool passes(std::string_view filter, std::string_view of = payload) {
  const auto compiled = payload_filter::parse(filter);
  EXPECT_TRUE(compiled.has_value()) << filter << ": " << (compiled ? "" : compiled.error().detail);
  return compiled.has_value() && compiled->passes(json::parse(of));
}

struct judged {
  std::string_view filter;
  bool passes;
};
class PayloadFilter : public testing::TestWithParam<judged> {};

TEST_P(PayloadFilter, Judges) { EXPECT_EQ(passes(GetParam().filter), GetParam().passes) << GetParam().filter; }

INSTANTIATE_TEST_SUITE_P(Equality, PayloadFilter,
                         testing::Values(judged{R"({"pointer":"/score","equals":720})", true},
                                         judged{R"({"pointer":"/score","equals":720.0})", true},
                                         judged{R"({"pointer":"/score","equals":7.2e2})", true},
                                         judged{R"({"pointer":"/score","equals":721})", false},
                                         judged{R"({"pointer":"/score","equals":"720"})", false},
                                         judged{R"({"pointer":"/big","equals":18446744073709551615})", true},
                                         judged{R"({"pointer":"/big","equals":18446744073709551614})", false},
                                         judged{R"({"pointer":"/big","equals":18446744073709551616.0})", false},
                                         judged{R"({"pointer":"/yes","equals":true})", true},
                                         judged{R"({"pointer":"/yes","equals":1})", false},
                                         judged{R"({"pointer":"/none","equals":null})", true},
                                         judged{R"({"pointer":"/absent","equals":null})", false},
                                         judged{R"({"pointer":"/flags","equals":["a","b"]})", true},
                                         judged{R"({"pointer":"/flags","equals":["b","a"]})", false},
                                         judged{R"({"pointer":"/deep/o","equals":{"q":[1.0,2],"p":1}})", true},
                                         judged{R"({"pointer":"/deep/o","equals":{"q":[1,2]}})", false},
                                         judged{R"({"pointer":"/name","in":["Bob","Ada"]})", true},
                                         judged{R"({"pointer":"/name","in":["Bob",7]})", false},
                                         judged{R"({"pointer":"/score","in":[1,720.0]})", true},
                                         judged{R"({"pointer":"/absent","in":[null]})", false}));

INSTANTIATE_TEST_SUITE_P(
    Order, PayloadFilter,
    testing::Values(judged{R"({"pointer":"/score","lt":720})", false}, judged{R"({"pointer":"/score","le":720})", true},
                    judged{R"({"pointer":"/score","gt":719.5})", true},
                    judged{R"({"pointer":"/score","ge":720})", true}, judged{R"({"pointer":"/score","gt":720})", false},
                    judged{R"({"pointer":"/ratio","lt":1})", true},
                    judged{R"({"pointer":"/score","ge":700,"lt":800})", true},
                    judged{R"({"pointer":"/score","ge":700,"lt":720})", false},
                    judged{R"({"pointer":"/big","gt":18446744073709551614})", true},
                    judged{R"({"pointer":"/big","gt":-1})", true},
                    judged{R"({"pointer":"/big","lt":18446744073709551616.0})", true},
                    judged{R"({"pointer":"/when","ge":"2026-01-01"})", true},
                    judged{R"({"pointer":"/when","lt":"2026-01-01"})", false},
                    judged{R"({"pointer":"/name","gt":0})", false}, judged{R"({"pointer":"/name","le":0})", false},
                    judged{R"({"pointer":"/none","le":0})", false}, judged{R"({"pointer":"/absent","lt":1})", false}));

INSTANTIATE_TEST_SUITE_P(
    Places, PayloadFilter,
    testing::Values(
        judged{R"({"pointer":"","exists":true})", true}, judged{R"({"pointer":"/score","exists":true})", true},
        judged{R"({"pointer":"/none","exists":true})", true}, judged{R"({"pointer":"/absent","exists":true})", false},
        judged{R"({"pointer":"/absent","exists":false})", true}, judged{R"({"pointer":"/a~1b/m~0n","equals":1})", true},
        judged{R"({"pointer":"//","equals":2})", true}, judged{R"({"pointer":"/deep/list/1/x","equals":2})", true},
        judged{R"({"pointer":"/deep/list/01/x","exists":true})", false},
        judged{R"({"pointer":"/deep/list/2","exists":true})", false},
        judged{R"({"pointer":"/deep/list/-","exists":true})", false},
        judged{R"({"pointer":"/deep/list/99999999999999999999","exists":true})", false},
        judged{R"({"pointer":"/score/x","exists":true})", false}));

INSTANTIATE_TEST_SUITE_P(
    Logic, PayloadFilter,
    testing::Values(judged{R"({"all":[{"pointer":"/score","gt":1},{"pointer":"/name","equals":"Ada"}]})", true},
                    judged{R"({"all":[{"pointer":"/score","gt":1},{"pointer":"/name","equals":"Bob"}]})", false},
                    judged{R"({"any":[{"pointer":"/score","gt":1},{"pointer":"/name","equals":"Bob"}]})", true},
                    judged{R"({"any":[{"pointer":"/score","gt":999},{"pointer":"/name","equals":"Bob"}]})", false},
                    judged{R"({"not":{"pointer":"/name","equals":"Bob"}})", true},
                    judged{R"({"not":{"pointer":"/absent","equals":1}})", true},
                    judged{R"({"not":{"any":[{"not":{"pointer":"/yes","equals":true}}]}})", true}));

TEST(PayloadFilterPayload, MayBeAnyValue) {
  EXPECT_TRUE(passes(R"({"pointer":"","equals":7})", "7"));
  EXPECT_TRUE(passes(R"({"pointer":"/0","equals":"x"})", R"(["x"])"));
  EXPECT_FALSE(passes(R"({"pointer":"/a","exists":true})", "null"));
  EXPECT_TRUE(passes(R"({"pointer":"/a","equals":2})", R"({"a":1,"a":2})"));
}

struct refusal {
  std::string_view filter;
  std::string_view pointer;
};
class PayloadFilterRefusal : public testing::TestWithParam<refusal> {};

TEST_P(PayloadFilterRefusal, NamesThePlace) {
  const auto refused = payload_filter::parse(GetParam().filter);
  ASSERT_FALSE(refused.has_value()) << GetParam().filter;
  ASSERT_EQ(refused.error().fields.size(), 1U);
  EXPECT_EQ(refused.error().fields[0].pointer, GetParam().pointer) << GetParam().filter;
  EXPECT_EQ(refused.error().code, base::fault::invalid_field);
}

INSTANTIATE_TEST_SUITE_P(
    All, PayloadFilterRefusal,
    testing::Values(refusal{"", ""}, refusal{"{", ""}, refusal{"[]", ""}, refusal{"{}", ""}, refusal{"true", ""},
                    refusal{R"({"all":[]})", "/all"}, refusal{R"({"any":{}})", "/any"},
                    refusal{R"({"not":[]})", "/not"}, refusal{R"({"and":[]})", "/and"},
                    refusal{R"({"a/b~":1})", "/a~1b~0"},
                    refusal{R"({"all":[{"pointer":"/a","exists":true}],"any":[]})", ""},
                    refusal{R"({"all":[{"pointer":"/a","exists":true},7]})", "/all/1"},
                    refusal{R"({"any":[{"not":{"pointer":"a","exists":true}}]})", "/any/0/not/pointer"},
                    refusal{R"({"pointer":"/a"})", ""}, refusal{R"({"pointer":7,"exists":true})", "/pointer"},
                    refusal{R"({"pointer":"/a~2","exists":true})", "/pointer"},
                    refusal{R"({"pointer":"/a~","exists":true})", "/pointer"},
                    refusal{R"({"pointer":"/a","exists":1})", "/exists"}, refusal{R"({"pointer":"/a","in":[]})", "/in"},
                    refusal{R"({"pointer":"/a","in":"x"})", "/in"}, refusal{R"({"pointer":"/a","lt":null})", "/lt"},
                    refusal{R"({"pointer":"/a","ge":[1]})", "/ge"},
                    refusal{R"({"pointer":"/a","matches":"x"})", "/matches"},
                    refusal{R"({"pointer":"/a","exists":true,"all":[]})", "/all"}));

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 1; i < depth; ++i) text += R"({"not":)";
  text += R"({"pointer":"/yes","exists":true})";
  return text + std::string(depth - 1, '}');
}

TEST(PayloadFilterLimits, Depth) {
  EXPECT_TRUE(payload_filter::parse(nested(limits::filter_depth_max)).has_value());
  EXPECT_FALSE(payload_filter::parse(nested(limits::filter_depth_max + 1)).has_value());
  EXPECT_FALSE(payload_filter::parse(nested(limits::json_depth_max + 10)).has_value());
}

TEST(PayloadFilterLimits, Nodes) {
  const auto of = [](std::size_t nodes) {
    std::string text = R"({"any":[)";
    for (std::size_t i = 1; i < nodes; ++i)
      text += std::string(i == 1 ? "" : ",") + R"({"pointer":"/x","exists":true})";
    return text + "]}";
  };
  EXPECT_TRUE(payload_filter::parse(of(limits::filter_nodes_max)).has_value());
  const auto refused = payload_filter::parse(of(limits::filter_nodes_max + 1));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().fields.at(0).pointer, "/any/" + std::to_string(limits::filter_nodes_max - 1));
}

TEST(PayloadFilterLimits, Bytes) {
  const auto of = [](std::size_t bytes) {
    const std::string begin = R"({"pointer":"/x","equals":")";
    return begin + std::string(bytes - begin.size() - 2, 'x') + "\"}";
  };
  EXPECT_TRUE(payload_filter::parse(of(limits::filter_bytes_max)).has_value());
  EXPECT_FALSE(payload_filter::parse(of(limits::filter_bytes_max + 1)).has_value());
}

}  // namespace
}  // namespace posthorn::policy
