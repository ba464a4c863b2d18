// Risk bands of a value from 0 to 100, as documents write them: ascending limits, each inclusive, the last one 100.
#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "assessment/document.hpp"
#include "model/score.hpp"

namespace posthorn::assessment {

struct band_limit {
  std::int32_t up_to = 100;
  model::risk_band band = model::risk_band::medium;
};
using band_list = std::vector<band_limit>;

// `value` is 0 to 100, and the list one that read_bands made.
[[nodiscard]] model::risk_band band_of(const band_list& bands, std::int32_t value);

// From an array that has passed its schema. Adds to `faults` where the order is wrong or the end is not 100.
[[nodiscard]] band_list read_bands(const boost::json::array& from, const std::string& pointer, document_faults& faults);

}  // namespace posthorn::assessment
