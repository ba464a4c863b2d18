#include "model/score.hpp"

#include "model/names.hpp"

namespace posthorn::model {
namespace {

constexpr names levels({"LOW", "MEDIUM", "HIGH"});

}  // namespace

std::string_view to_string(risk_band value) noexcept { return levels.of(value); }
std::string_view to_string(score_confidence value) noexcept { return levels.of(value); }

std::optional<risk_band> risk_band_from(std::string_view text) noexcept { return levels.find<risk_band>(text); }
std::optional<score_confidence> score_confidence_from(std::string_view text) noexcept {
  return levels.find<score_confidence>(text);
}

}  // namespace posthorn::model
