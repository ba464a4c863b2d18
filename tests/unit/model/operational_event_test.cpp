// The payloads of docs/operational-events.md, member by member.
#include "model/operational_event.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "model/event_pattern.hpp"
#include "support/paths.hpp"

namespace posthorn::model {
namespace {

namespace json = boost::json;

constexpr base::epoch_ms at = 1'768'473'000'000;  // 2026-01-15T10:30:00.000Z
constexpr std::string_view integration = "30941627850912345678";

// The first example in the page whose "type" is `type`.
json::value documented(std::string_view type) {
  std::ifstream file(test::tree_path("docs/operational-events.md"));
  const std::string page(std::istreambuf_iterator<char>(file), {});
  for (std::size_t begin = page.find("```json"); begin != std::string::npos; begin = page.find("```json", begin)) {
    begin += 7;
    const std::size_t end = page.find("```", begin);
    const json::value example = json::parse(page.substr(begin, end - begin));
    if (example.at("type").as_string() == type) return example;
    begin = end + 3;
  }
  return {};
}

json::value parsed(const std::string& text) { return json::parse(text); }

TEST(operational_event, tells_of_an_endpoint_as_documented) {
  const json::value example = documented(news::endpoint_degraded);
  const json::value made =
      parsed(payload_of(endpoint_news{.type = news::endpoint_degraded,
                                      .at = at,
                                      .integration_id = integration,
                                      .endpoint = 1,
                                      .state = endpoint_state::degraded,
                                      .reason = "10 of 12 attempts in 60 s failed; the last: status 503",
                                      .failing_since = at - 7'887,
                                      .next_probe_at = at + 5'401}));
  json::value expected = example;
  expected.at("data").at("endpoint_id") = made.at("data").at("endpoint_id");
  EXPECT_EQ(made, expected);
  EXPECT_TRUE(made.at("data").at("endpoint_id").as_string().starts_with("ep_"));
}

TEST(operational_event, tells_of_a_delivery_as_documented) {
  const json::value example = documented(news::delivery_failed);
  const json::value made = parsed(payload_of(failed_delivery_news{.at = at,
                                                                  .integration_id = integration,
                                                                  .delivery = 2,
                                                                  .event = 1,
                                                                  .event_type = "application.complete",
                                                                  .uid = "user-0001",
                                                                  .endpoint = 3,
                                                                  .attempts = 10,
                                                                  .last_status = 503}));
  json::value expected = example;
  for (const char* id : {"delivery_id", "event_id", "endpoint_id"}) {
    expected.at("data").at(id) = made.at("data").at(id);
  }
  EXPECT_EQ(made, expected);
}

TEST(operational_event, writes_null_for_what_does_not_apply) {
  const json::value endpoint = parsed(payload_of(endpoint_news{.type = news::endpoint_enabled, .at = at}));
  for (const char* name : {"reason", "failing_since", "next_probe_at"}) {
    EXPECT_TRUE(endpoint.at("data").at(name).is_null()) << name;
  }
  const json::value delivery = parsed(payload_of(failed_delivery_news{.at = at, .last_error = error_class::dns}));
  EXPECT_TRUE(delivery.at("data").at("uid").is_null());
  EXPECT_TRUE(delivery.at("data").at("last_status").is_null());
  EXPECT_EQ(delivery.at("data").at("last_error").as_string(), "dns");
}

TEST(operational_event, keeps_any_text_whole) {
  const std::string odd = "\"\\\n\t\x01 {é}";
  const json::value made = parsed(payload_of(endpoint_news{.type = news::endpoint_disabled, .at = at, .reason = odd}));
  EXPECT_EQ(made.at("data").at("reason").as_string(), odd);
}

TEST(event_pattern, matches_names_prefixes_and_everything) {
  EXPECT_TRUE(pattern_matches("*", news::delivery_failed));
  EXPECT_TRUE(pattern_matches("endpoint.*", news::endpoint_degraded));
  EXPECT_TRUE(pattern_matches("endpoint.degraded", news::endpoint_degraded));
  EXPECT_FALSE(pattern_matches("endpoint.*", "endpoint."));
  EXPECT_FALSE(pattern_matches("endpoint.*", "endpoint"));
  EXPECT_FALSE(pattern_matches("endpoint.*", news::delivery_failed));
  EXPECT_FALSE(pattern_matches("endpoint.degraded", news::endpoint_disabled));
}

}  // namespace
}  // namespace posthorn::model
