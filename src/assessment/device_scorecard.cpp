#include "assessment/device_scorecard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cassert>
#include <set>

#include "assessment/document.hpp"

namespace posthorn::assessment {

namespace json = boost::json;

namespace {

constexpr std::string_view android_text =
#include "assessment/android_scorecard.inc"
    ;
constexpr std::string_view ios_text =
#include "assessment/ios_scorecard.inc"
    ;

class reader {
 public:
  explicit reader(const json::object& document) : document_(document) {}

  base::result<device_scorecard> read() {
    faults_.check_key(text_of(document_, "key"), "/key");
    made_.key = text_of(document_, "key");
    made_.version = number_of(document_, "version");
    made_.description = text_of(document_, "description");
    made_.platform = model::platform_from(text_of(document_, "platform")).value();
    for (const json::value& permission : document_.at("permissions").as_array()) {
      read_permission(permission.as_object());
    }
    for (const json::value& feature : document_.at("features").as_array()) read_feature(feature.as_object());
    made_.bands = read_bands(document_.at("bands").as_array(), "/bands", faults_);
    if (!has_required_) {
      faults_.add("/features",
                  "nothing is required: name a required permission or feature, or every journey is complete");
    }
    if (made_.points_min == made_.points_max) faults_.add("/features", "every device would get the same points");
    if (faults_.found()) return std::unexpected(*faults_.found());
    return std::move(made_);
  }

 private:
  void keep_key(std::set<std::string, std::less<>>& known, std::string_view key, const std::string& pointer) {
    faults_.check_key(key, pointer);
    if (!known.emplace(key).second) faults_.add(pointer, fmt::format("\"{}\" is used before; keys are unique", key));
  }

  void read_permission(const json::object& permission) {
    keep_key(permissions_, text_of(permission, "key"), fmt::format("/permissions/{}/key", made_.permissions.size()));
    made_.permissions.push_back({std::string(text_of(permission, "key")), flag_of(permission, "required", true)});
    has_required_ = has_required_ || made_.permissions.back().required;
  }

  void read_feature(const json::object& feature) {
    const std::string pointer = fmt::format("/features/{}", made_.features.size());
    keep_key(features_, text_of(feature, "key"), pointer + "/key");
    feature_rule rule{std::string(text_of(feature, "key")), flag_of(feature, "required", false),
                      number_of(feature, "missing_points"), read_points(feature.at("bands").as_array(), pointer)};
    auto [least, most] = std::ranges::minmax(rule.bands, {}, &feature_band::points);
    if (!rule.required) {
      least.points = std::min(least.points, rule.missing_points);
      most.points = std::max(most.points, rule.missing_points);
    }
    made_.points_min += least.points;
    made_.points_max += most.points;
    has_required_ = has_required_ || rule.required;
    made_.features.push_back(std::move(rule));
  }

  std::vector<feature_band> read_points(const json::array& from, const std::string& pointer) {
    std::vector<feature_band> bands;
    for (const json::value& entry : from) {
      const json::object& band = entry.as_object();
      const std::string place = fmt::format("{}/bands/{}", pointer, bands.size());
      const bool is_last = bands.size() + 1 == from.size();
      const auto* below = band.if_contains("below");
      feature_band made{.points = number_of(band, "points")};
      if (below != nullptr) made.below = below->to_number<double>();
      if (is_last && below != nullptr) faults_.add(place + "/below", "the last band takes the rest: leave this out");
      if (!is_last && below == nullptr) faults_.add(place + "/below", "is required in all bands but the last");
      if (!bands.empty() && below != nullptr && made.below <= bands.back().below) {
        faults_.add(place + "/below", "must be greater than the one before it");
      }
      bands.push_back(made);
    }
    return bands;
  }

  const json::object& document_;
  device_scorecard made_;
  document_faults faults_;
  std::set<std::string, std::less<>> permissions_;
  std::set<std::string, std::less<>> features_;
  bool has_required_ = false;
};

}  // namespace

base::result<device_scorecard> read_device_scorecard(std::string_view text) {
  const auto document = read_document(document_kind::device_scorecard, text);
  if (!document) return std::unexpected(document.error());
  return reader(*document).read();
}

const device_scorecard& default_device_scorecard(model::platform of) {
  static const device_scorecard android = read_device_scorecard(android_text).value();
  static const device_scorecard ios = read_device_scorecard(ios_text).value();
  assert(of != model::platform::web);
  return of == model::platform::ios ? ios : android;
}

std::string_view default_device_scorecard_text(model::platform of) noexcept {
  assert(of != model::platform::web);
  return of == model::platform::ios ? ios_text : android_text;
}

}  // namespace posthorn::assessment
