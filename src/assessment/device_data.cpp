#include "assessment/device_data.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "assessment/report_fields.hpp"
#include "assessment/rounding.hpp"
#include "base/json_text.hpp"
#include "base/limits.hpp"

namespace posthorn::assessment {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

namespace {

bool holds(const std::vector<std::string>& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

void read_features(const json::object& whole, device_data& into, document_faults& faults) {
  const auto* found = whole.if_contains("features");
  if (found == nullptr) return;
  const auto* features = found->if_object();
  if (features == nullptr || features->size() > limits::device_features_max) {
    faults.add("/features", fmt::format("must be an object of at most {} features", limits::device_features_max));
    return;
  }
  for (const auto& [name, value] : *features) {
    const std::string key(name);
    const std::string pointer = base::pointer_to("/features", key);
    faults.check_key(key, pointer);
    if (value.is_number()) {
      into.features[key] = value.to_number<double>();
    } else if (value.is_bool()) {
      into.features[key] = value.as_bool() ? 1 : 0;
    } else {
      faults.add(pointer, "must be a number, true or false");
    }
  }
}

std::vector<std::string> read_permissions(report_fields& fields, std::string_view name, document_faults& faults) {
  std::vector<std::string> made;
  const json::array* list = fields.optional_list(name, limits::device_permissions_max);
  if (list == nullptr) return made;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string pointer = fmt::format("/{}/{}", name, i);
    const auto* text = (*list)[i].if_string();
    if (text == nullptr) {
      faults.add(pointer, "must be a string");
      continue;
    }
    faults.check_key(*text, pointer);
    if (!holds(made, *text)) made.emplace_back(*text);
  }
  return made;
}

std::int32_t points_of(const feature_rule& rule, const device_data& given) {
  const auto found = given.features.find(rule.key);
  if (found == given.features.end()) return rule.missing_points;
  const auto band = std::ranges::find_if(rule.bands, [&](const feature_band& b) { return found->second < b.below; });
  return band == rule.bands.end() ? rule.bands.back().points : band->points;
}

}  // namespace

base::result<device_data> read_device_data(std::string_view text) {
  const auto whole = read_report_object(text);
  if (!whole) return std::unexpected(whole.error());
  document_faults faults;
  device_data made;
  report_fields fields(*whole, "", faults);
  fields.only({"features", "permissions_granted", "permissions_denied"});
  read_features(*whole, made, faults);
  made.permissions_granted = read_permissions(fields, "permissions_granted", faults);
  made.permissions_denied = read_permissions(fields, "permissions_denied", faults);
  for (const std::string& denied : made.permissions_denied) {
    if (holds(made.permissions_granted, denied)) {
      faults.add("/permissions_denied", fmt::format("\"{}\" is granted as well: name it once", denied));
    }
  }
  if (faults.found()) return std::unexpected(*faults.found());
  return made;
}

std::string write_device_data(const device_data& data) {
  json::object features;
  for (const auto& [key, value] : data.features) features[key] = value;
  return json::serialize(json::object{{"features", std::move(features)},
                                      {"permissions_granted", json::value_from(data.permissions_granted)},
                                      {"permissions_denied", json::value_from(data.permissions_denied)}});
}

model::progress progress_of(const device_scorecard& card, const device_data& given) {
  model::progress made = progress_before(card);
  for (const permission_rule& rule : card.permissions) {
    if (!rule.required) continue;
    if (holds(given.permissions_granted, rule.key)) {
      ++made.done;
    } else {
      ++made.permissions_missing;
    }
  }
  for (const feature_rule& rule : card.features) {
    if (rule.required && given.features.contains(rule.key)) ++made.done;
  }
  return made;
}

model::progress progress_before(const device_scorecard& card) {
  const auto permissions = std::ranges::count_if(card.permissions, &permission_rule::required);
  const auto features = std::ranges::count_if(card.features, &feature_rule::required);
  return {.done = 0, .required = static_cast<std::int32_t>(permissions + features)};
}

base::result<model::device_score> score_device(const device_scorecard& card, const device_data& given) {
  document_faults faults;
  for (const permission_rule& rule : card.permissions) {
    if (rule.required && !holds(given.permissions_granted, rule.key)) {
      faults.add("/permissions_granted", fmt::format("\"{}\" is required", rule.key), fault::missing_field);
    }
  }
  std::int64_t points = 0;
  for (const feature_rule& rule : card.features) {
    if (rule.required && !given.features.contains(rule.key)) {
      faults.add("/features/" + rule.key, "is required", fault::missing_field);
    }
    points += points_of(rule, given);
  }
  if (faults.found()) return std::unexpected(*faults.found());
  const std::int32_t score =
      divide_rounded(100 * (points - card.points_min), std::int64_t{card.points_max} - card.points_min);
  return model::device_score{score, band_of(card.bands, score), given.permissions_granted, given.permissions_denied};
}

}  // namespace posthorn::assessment
