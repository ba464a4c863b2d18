// What an assessment ends in (contract 2.2): a psychometric score, or the score of a device's data. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace posthorn::model {

enum class risk_band : std::uint8_t { low, medium, high };
enum class score_confidence : std::uint8_t { low, medium, high };

struct trait_score {
  std::string key;
  std::int32_t value = 0;  // 0 to 100
  risk_band band = risk_band::medium;

  bool operator==(const trait_score&) const = default;
};

// What confidence and flags were derived from; never sent to receivers.
struct answer_quality {
  std::optional<std::int32_t> fast_percent;  // of the answers; none where too few were timed
  std::int32_t longest_run = 0;              // of equal choices, item after item
  std::int32_t contradictory_pairs = 0;
  std::int32_t changed_percent = 0;  // of the answers, given anew at least once
  std::int32_t focus_lost = 0;       // times that the page was left
  std::int64_t away_ms = 0;
  std::int32_t doubt_points = 0;

  bool operator==(const answer_quality&) const = default;
};

struct psychometric_score {
  std::int32_t score = 0;  // 0 to 100
  risk_band band = risk_band::medium;
  score_confidence confidence = score_confidence::medium;
  std::vector<trait_score> traits;  // in the questionnaire's order
  std::vector<std::string> flags;
  answer_quality quality;

  bool operator==(const psychometric_score&) const = default;
};

struct device_score {
  std::int32_t score = 0;  // 0 to 100
  risk_band band = risk_band::medium;
  std::vector<std::string> permissions_granted;
  std::vector<std::string> permissions_denied;

  bool operator==(const device_score&) const = default;
};

using session_score = std::variant<psychometric_score, device_score>;

[[nodiscard]] std::string_view to_string(risk_band value) noexcept;         // "LOW", "MEDIUM", "HIGH"
[[nodiscard]] std::string_view to_string(score_confidence value) noexcept;  // the same words
[[nodiscard]] std::optional<risk_band> risk_band_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<score_confidence> score_confidence_from(std::string_view text) noexcept;

}  // namespace posthorn::model
