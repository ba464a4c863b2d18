#include "assessment/bands.hpp"

#include <fmt/format.h>

#include <cassert>

namespace posthorn::assessment {

model::risk_band band_of(const band_list& bands, std::int32_t value) {
  assert(value >= 0 && value <= 100 && !bands.empty() && bands.back().up_to == 100);
  for (const band_limit& limit : bands) {
    if (value <= limit.up_to) return limit.band;
  }
  return bands.back().band;
}

band_list read_bands(const boost::json::array& from, const std::string& pointer, document_faults& faults) {
  band_list bands;
  for (const auto& entry : from) {
    const auto& object = entry.as_object();
    const std::int32_t up_to = number_of(object, "up_to");
    if (!bands.empty() && up_to <= bands.back().up_to) {
      faults.add(fmt::format("{}/{}/up_to", pointer, bands.size()), "must be greater than the one before it");
    }
    bands.push_back({up_to, model::risk_band_from(text_of(object, "band")).value()});
  }
  if (bands.back().up_to != 100) {
    faults.add(fmt::format("{}/{}/up_to", pointer, bands.size() - 1), "must be 100, so that every value has a band");
  }
  return bands;
}

}  // namespace posthorn::assessment
