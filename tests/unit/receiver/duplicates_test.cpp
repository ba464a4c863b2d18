// docs/contract.md sections 4 and 5.
#include "receiver/duplicates.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/paths.hpp"

namespace posthorn::receiver {
namespace {

event load(const std::string& type) {
  std::ifstream file(test::vector_path("events/" + type + ".json"));
  const auto parsed = parse_event(std::string(std::istreambuf_iterator<char>(file), {}), type);
  EXPECT_TRUE(parsed.has_value()) << type;
  return parsed.value_or(event());
}

duplicate_keys id_only(const std::string& id) { return {id, {}}; }

TEST(duplicate_keys, use_each_types_own_time) {
  const std::pair<std::string, std::string> times[] = {
      {"application.complete", "1644397300"},       {"application.incomplete", "1652883492"},
      {"application.expired", "1652883492"},        {"application.cancelled", "1652883492"},
      {"android_score.complete", "1644397637"},     {"ios_score.complete", "1644397637"},
      {"psychometric_score.complete", "1644397637"}};
  for (const auto& [type, time] : times) {
    const duplicate_keys keys = duplicate_keys_of(load(type), "evt_1", "ignored for envelopes");
    EXPECT_EQ(keys.by_id, "evt_1");
    EXPECT_EQ(keys.by_content, R"(["1234QWER-TYUI4567-ASDFD890","12345678901234567890",")" + type + "\"," + time + "]");
  }
}

TEST(duplicate_keys, of_certificates_hold_integration_type_id_and_expiry) {
  EXPECT_EQ(duplicate_keys_of(load("certificate_completed"), "", "academy").by_content,
            R"(["academy","certificate_completed","656f1c2ab34d5e0012ab34cd","2027-01-15T10:30:00.000Z"])");
  EXPECT_EQ(duplicate_keys_of(load("certificate_expired"), "", "academy").by_content,
            R"(["academy","certificate_expired","656f1c2ab34d5e0012ab34cd","2027-01-15T10:30:00.000Z"])");
  event never = load("certificate_completed");
  std::get<certificate_completed>(never.details).expires.reset();
  EXPECT_EQ(duplicate_keys_of(never, "", "academy").by_content,
            R"(["academy","certificate_completed","656f1c2ab34d5e0012ab34cd",null])");
}

TEST(duplicate_keys, of_unknown_types_are_the_id_alone) {
  const event unknown = *parse_event("[]", "user.created");
  EXPECT_FALSE(duplicate_keys_of(unknown, "evt_1", "").by_content.has_value());
  EXPECT_EQ(duplicate_keys_of(unknown, "evt_1", "").by_id, "evt_1");
  EXPECT_FALSE(duplicate_keys_of(unknown, "", "").by_id.has_value());
}

TEST(duplicate_keys, cannot_be_forged_by_a_separator_in_a_field) {
  event one = load("application.complete");
  event two = one;
  one.uid = R"(a","b)";
  one.integration_id = "c";
  two.uid = "a";
  two.integration_id = R"(b","c)";
  EXPECT_NE(duplicate_keys_of(one, "", "").by_content, duplicate_keys_of(two, "", "").by_content);
}

TEST(seen_set, knows_an_event_by_either_key) {
  seen_set seen;
  const event complete = load("application.complete");
  seen.insert(duplicate_keys_of(complete, "evt_1", ""));
  EXPECT_TRUE(seen.contains(duplicate_keys_of(complete, "evt_1", "")));
  EXPECT_TRUE(seen.contains(duplicate_keys_of(complete, "evt_2", "")));
  EXPECT_TRUE(seen.contains(duplicate_keys_of(complete, "", "")));
  EXPECT_TRUE(seen.contains(id_only("evt_1")));
  EXPECT_FALSE(seen.contains(duplicate_keys_of(load("ios_score.complete"), "evt_2", "")));
  EXPECT_FALSE(seen.contains(duplicate_keys()));
}

TEST(seen_set, does_not_take_an_id_for_a_content) {
  seen_set seen;
  const duplicate_keys keys = duplicate_keys_of(load("application.complete"), "", "");
  seen.insert(id_only(*keys.by_content));
  EXPECT_FALSE(seen.contains(keys));
}

TEST(seen_set, forgets_the_oldest_beyond_its_bound) {
  seen_set seen(3);
  for (const char* id : {"1", "2", "3", "4"}) seen.insert(id_only(id));
  EXPECT_EQ(seen.size(), 3u);
  EXPECT_FALSE(seen.contains(id_only("1")));
  for (const char* id : {"2", "3", "4"}) EXPECT_TRUE(seen.contains(id_only(id))) << id;
}

TEST(seen_set, spends_no_room_on_what_it_knows) {
  seen_set seen(2);
  seen.insert(id_only("1"));
  for (int i = 0; i < 10; ++i) seen.insert(id_only("2"));
  seen.insert(duplicate_keys());
  EXPECT_EQ(seen.size(), 2u);
  EXPECT_TRUE(seen.contains(id_only("1")));
}

TEST(seen_set, forgets_both_keys_of_an_event) {
  seen_set seen(1);
  const duplicate_keys keys = duplicate_keys_of(load("application.complete"), "evt_1", "");
  seen.insert(keys);
  seen.insert(id_only("evt_2"));
  EXPECT_FALSE(seen.contains(keys));
  EXPECT_TRUE(seen.contains(id_only("evt_2")));
}

TEST(seen_set, keeps_its_bound_over_many_events) {
  seen_set seen(100);
  for (int i = 0; i < 10'000; ++i) seen.insert({"evt_" + std::to_string(i), "[" + std::to_string(i) + "]"});
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_TRUE(seen.contains(id_only("evt_9900")));
  EXPECT_FALSE(seen.contains(id_only("evt_9899")));
}

}  // namespace
}  // namespace posthorn::receiver
