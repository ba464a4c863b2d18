// Bodies of a journey through the assessments that come with Posthorn.
#pragma once

#include <string>

namespace posthorn::test {

// A report with the same choice for each of the first `items` of the default questionnaire's 48.
inline std::string every_answer(int choice, int items = 48) {
  std::string list;
  for (int i = 1; i <= items; ++i) {
    list += std::string(list.empty() ? "" : ",") + R"({"item":"q)" + (i < 10 ? "0" : "") + std::to_string(i) +
            R"(","choice":)" + std::to_string(choice) + R"(,"time_ms":3000})";
  }
  return R"({"answers":[)" + list + "]}";
}

// Everything that the scorecards of both devices ask for.
inline const std::string whole_device =
    R"({"features":{"device_age_days":400,"contacts_count":120,"calendar_events_90d":12},)"
    R"("permissions_granted":["contacts","calendar","calendars"],"permissions_denied":["location"]})";

}  // namespace posthorn::test
