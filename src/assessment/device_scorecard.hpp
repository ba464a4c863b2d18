// Points per band of each feature of a device. Read from JSON (data/device_scorecard.schema.json; docs/scoring.md),
// never changed afterwards: a change is a new version.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/bands.hpp"
#include "base/result.hpp"
#include "model/session.hpp"

namespace posthorn::assessment {

struct permission_rule {
  std::string key;
  bool required = true;
};

struct feature_band {
  double below = std::numeric_limits<double>::infinity();
  std::int32_t points = 0;
};

struct feature_rule {
  std::string key;
  bool required = false;
  std::int32_t missing_points = 0;
  std::vector<feature_band> bands;  // ascending; the last one has no limit
};

struct device_scorecard {
  std::string key;
  std::int32_t version = 1;
  std::string description;
  model::platform platform = model::platform::android;
  std::vector<permission_rule> permissions;
  std::vector<feature_rule> features;
  band_list bands;
  std::int32_t points_min = 0;  // the fewest and the most that a complete journey can get
  std::int32_t points_max = 0;
};

// As read_document; besides: keys are unique, bands ascend to their ends, something is required, and not every device
// gets the same points.
[[nodiscard]] base::result<device_scorecard> read_device_scorecard(std::string_view text);

// Those that come with Posthorn, uncalibrated examples, and their texts. `of` is android or ios.
[[nodiscard]] const device_scorecard& default_device_scorecard(model::platform of);
[[nodiscard]] std::string_view default_device_scorecard_text(model::platform of) noexcept;

}  // namespace posthorn::assessment
