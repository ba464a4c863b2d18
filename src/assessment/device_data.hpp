// What a device gave (platforms ANDROID and IOS), how much of what is required that is, and its score. Pure.
//   {"features": {"contacts_count": 35, "rooted": false}, "permissions_granted": ["contacts"], "permissions_denied":
//   []}
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/device_scorecard.hpp"
#include "base/result.hpp"
#include "model/score.hpp"
#include "model/session.hpp"

namespace posthorn::assessment {

struct device_data {
  std::map<std::string, double, std::less<>> features;
  std::vector<std::string> permissions_granted;  // as sent, without repetitions
  std::vector<std::string> permissions_denied;

  bool operator==(const device_data&) const = default;
};

// malformed_json; else every place that breaks a rule: a value that is neither number nor boolean, a name that is no
// key (as document_faults::check_key), a permission both granted and denied, more than limits::device_*_max. Features
// and permissions that no scorecard knows are taken, so that an app may be newer than its scorecard.
[[nodiscard]] base::result<device_data> read_device_data(std::string_view text);
// The same text again, as stored.
[[nodiscard]] std::string write_device_data(const device_data& data);

// A required permission that was not granted is missing, whether it was denied or not named.
[[nodiscard]] model::progress progress_of(const device_scorecard& card, const device_data& given);
// Of a session that has not sent its data yet.
[[nodiscard]] model::progress progress_before(const device_scorecard& card);

// missing_field, naming each place, if something required is missing.
[[nodiscard]] base::result<model::device_score> score_device(const device_scorecard& card, const device_data& given);

}  // namespace posthorn::assessment
