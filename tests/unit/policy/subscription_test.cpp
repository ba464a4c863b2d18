#include "policy/subscription.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace posthorn::policy {
namespace {

TEST(subscription, matches_names_prefixes_and_everything) {
  struct row {
    std::vector<std::string> patterns;
    std::string_view type;
    bool wanted;
  };
  const std::vector<row> rows{
      {{}, "application.complete", false},
      {{"*"}, "application.complete", true},
      {{"*"}, "x", true},
      {{"application.complete"}, "application.complete", true},
      {{"application.complete"}, "application.completed", false},
      {{"application.complete"}, "application", false},
      {{"application.complete"}, "Application.complete", false},
      {{"application.*"}, "application.complete", true},
      {{"application.*"}, "application.complete.late", true},
      {{"application.*"}, "application", false},
      {{"application.*"}, "application.", false},
      {{"application.*"}, "applications.complete", false},
      {{"application.*"}, "other.application.complete", false},
      {{"a.b.*"}, "a.b.c", true},
      {{"a.b.*"}, "a.c", false},
      // Only a whole last part may be left open.
      {{"app*"}, "application.complete", false},
      {{"*.complete"}, "application.complete", false},
      {{"android_score.complete", "application.*"}, "application.expired", true},
      {{"android_score.complete", "application.*"}, "android_score.complete", true},
      {{"android_score.complete", "application.*"}, "ios_score.complete", false},
  };
  for (const row& each : rows) {
    EXPECT_EQ(matches(each.patterns, each.type), each.wanted)
        << (each.patterns.empty() ? "(none)" : each.patterns[0]) << " on " << each.type;
  }
}

}  // namespace
}  // namespace posthorn::policy
