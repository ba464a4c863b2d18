#include "cli/device.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <string_view>

namespace posthorn::cli {
namespace {

namespace json = boost::json;

struct range {
  std::string_view feature;
  std::int64_t least = 0;
  std::int64_t most = 0;
};

// Of the scorecards that come with Posthorn; what they do not require is mostly there as well.
constexpr std::array known{
    range{"device_age_days", 10, 1'500},  range{"contacts_count", 3, 400}, range{"contacts_with_email_percent", 0, 70},
    range{"calendar_events_90d", 0, 80},  range{"apps_installed", 5, 180}, range{"storage_free_percent", 1, 80},
    range{"system_updates_behind", 0, 5},
};
constexpr range unknown{"", 0, 100};
constexpr double has_optional = 0.8;
constexpr double grants_location = 0.6;

}  // namespace

std::string device_body(const std::vector<std::string>& permissions, const std::vector<std::string>& features,
                        const std::string& denied, dice& chance) {
  json::object values;
  for (const range& each : known) {
    const bool required = std::ranges::find(features, each.feature) != features.end();
    if (required || chance.falls(has_optional)) values[each.feature] = chance.between(each.least, each.most);
  }
  for (const std::string& each : features) {
    if (!values.contains(each)) values[each] = chance.between(unknown.least, unknown.most);
  }
  json::array yes;
  json::array no;
  for (const std::string& each : permissions) (each == denied ? no : yes).emplace_back(each);
  if (std::ranges::find(permissions, "location") == permissions.end()) {
    (chance.falls(grants_location) ? yes : no).emplace_back("location");
  }
  return json::serialize(json::object{
      {"features", std::move(values)}, {"permissions_granted", std::move(yes)}, {"permissions_denied", std::move(no)}});
}

}  // namespace posthorn::cli
