#include "cli/tally.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

namespace posthorn::cli {

namespace json = boost::json;

void tally::add(const journey_result& one) {
  ++all_;
  counts& planned = by_ending_[static_cast<std::size_t>(one.planned)];
  ++planned.planned;
  if (one.ended) ++by_ending_[static_cast<std::size_t>(*one.ended)].ended;
  if (one.as_planned()) {
    ++planned.as_planned;
    return;
  }
  ++unplanned_;
  ++refusals_[one.refusal.empty() ? "it ended in another way than planned" : one.refusal];
}

std::vector<std::pair<std::string, int>> tally::refusals() const {
  std::vector<std::pair<std::string, int>> list(refusals_.begin(), refusals_.end());
  std::ranges::sort(list, {}, [](const std::pair<std::string, int>& of) { return std::pair(-of.second, of.first); });
  return list;
}

std::vector<std::string> event_types_of(const journey_result& one) {
  if (!one.ended) return {};
  std::vector<std::string> types{"application." + std::string(to_string(*one.ended))};
  if (one.ended != ending::complete) return types;
  if (one.platform == "ANDROID") {
    types.emplace_back("android_score.complete");
  } else if (one.platform == "IOS") {
    types.emplace_back("ios_score.complete");
  } else {
    types.emplace_back("psychometric_score.complete");
  }
  return types;
}

std::string to_json(const std::vector<journey_result>& all, std::string_view profile, std::uint64_t seed) {
  json::array people;
  for (const journey_result& one : all) {
    people.push_back({{"uid", one.uid},
                      {"habit", to_string(one.who)},
                      {"platform", one.platform},
                      {"expected", to_string(one.planned)},
                      {"ended", one.ended ? json::value(to_string(*one.ended)) : json::value()},
                      {"as_planned", one.as_planned()},
                      {"events", json::value_from(event_types_of(one))},
                      {"refusal", one.refusal.empty() ? json::value() : json::value(one.refusal)}});
  }
  return json::serialize(json::object{{"profile", profile}, {"seed", seed}, {"people", std::move(people)}});
}

}  // namespace posthorn::cli
