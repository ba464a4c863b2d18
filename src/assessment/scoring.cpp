#include "assessment/scoring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "assessment/document.hpp"
#include "assessment/rounding.hpp"
#include "base/json_text.hpp"

namespace posthorn::assessment {
namespace {

// Divisible by 1 to 10, so that each step of a scale of 2 to 11 labels is a whole number of units.
constexpr std::int64_t units = 2520;

// Choices by the items' places; none where not answered.
using choices = std::vector<std::optional<std::int32_t>>;

base::result<choices> choices_of(const answers& given, const questionnaire& of) {
  choices made(of.items.size());
  document_faults faults;
  for (const auto& [key, choice] : given) {
    const auto place = of.place_of_item.find(key);
    if (place == of.place_of_item.end()) {
      faults.add(base::pointer_to("/answers", key), "is no item of this questionnaire");
    } else if (const auto most = of.choices_of(of.items[place->second]); choice < 1 || choice > most) {
      faults.add(base::pointer_to("/answers", key), fmt::format("must be a choice from 1 to {}", most));
    } else {
      made[place->second] = choice;
    }
  }
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (of.items[i].required && !made[i]) {
      faults.add("/answers/" + of.items[i].key, "is required", base::fault::missing_field);
    }
  }
  if (faults.found()) return std::unexpected(*faults.found());
  return made;
}

// How much of its trait an answer shows, 0 to `units`, its reverse key considered.
std::int64_t units_of(const questionnaire& of, const questionnaire_item& item, std::int32_t choice) {
  const std::int64_t steps = of.choices_of(item) - 1;
  const std::int64_t taken = item.reverse ? steps - (choice - 1) : choice - 1;
  return units / steps * taken;
}

std::vector<model::trait_score> score_traits(const choices& given, const questionnaire& of, const scorecard& card) {
  std::vector<std::int64_t> sums(of.traits.size());
  std::vector<std::int64_t> counts(of.traits.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!given[i]) continue;
    sums[of.items[i].trait] += units_of(of, of.items[i], *given[i]);
    ++counts[of.items[i].trait];
  }
  std::vector<model::trait_score> scores;
  for (std::size_t trait = 0; trait < of.traits.size(); ++trait) {
    assert(counts[trait] > 0 && "every trait has a required item");
    const std::int32_t value = divide_rounded(100 * sums[trait], units * counts[trait]);
    scores.push_back({of.traits[trait].key, value, band_of(card.traits[trait].bands, value)});
  }
  return scores;
}

std::int32_t score_overall(const std::vector<model::trait_score>& traits, const scorecard& card) {
  std::int64_t sum = 0;
  std::int64_t weights = 0;
  for (std::size_t i = 0; i < traits.size(); ++i) {
    const trait_rule& rule = card.traits[i];
    sum += std::int64_t{rule.weight} * (rule.adverse ? 100 - traits[i].value : traits[i].value);
    weights += rule.weight;
  }
  return divide_rounded(sum, weights);
}

std::int32_t longest_run(const choices& given, const questionnaire& of) {
  std::int32_t longest = 0;
  std::int32_t run = 0;
  std::optional<std::pair<std::size_t, std::int32_t>> before;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!given[i]) continue;
    const std::pair now{of.items[i].scale, *given[i]};
    run = before == now ? run + 1 : 1;
    before = now;
    longest = std::max(longest, run);
  }
  return longest;
}

std::int32_t contradictions(const choices& given, const questionnaire& of, const quality_rules& rules) {
  std::int32_t count = 0;
  for (const item_pair& pair : rules.pairs) {
    if (!given[pair.first] || !given[pair.second]) continue;
    const std::int64_t gap = units_of(of, of.items[pair.first], *given[pair.first]) -
                             units_of(of, of.items[pair.second], *given[pair.second]);
    if (100 * std::abs(gap) >= units * rules.contradiction_gap) ++count;
  }
  return count;
}

// How the answers were given, and what it says of them.
class quality_judge {
 public:
  quality_judge(const choices& given, const behaviour& seen, const questionnaire& of, const quality_rules& rules)
      : rules_(rules) {
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (given[i]) count_answer(seen, of.items[i].key);
    }
    found_.longest_run = longest_run(given, of);
    found_.contradictory_pairs = contradictions(given, of, rules);
    if (answered_ > 0) found_.changed_percent = divide_rounded(100 * changed_, answered_);
    if (is_timed()) found_.fast_percent = divide_rounded(100 * fast_, timed_);
    for (const auto& [name, visit] : seen.visits) {
      found_.focus_lost += visit.focus_lost;
      found_.away_ms += visit.away_ms;
    }
  }

  // Fills flags, confidence and quality.
  void judge(model::psychometric_score& score) {
    const doubt_points& doubt = rules_.doubt;
    const auto flag = [&](bool is_so, std::string_view name, std::int32_t points) {
      if (!is_so) return;
      score.flags.emplace_back(name);
      found_.doubt_points += points;
    };
    flag(is_timed() && 100 * fast_ >= rules_.fast_percent * timed_, flag_too_fast, doubt.too_fast);
    flag(found_.longest_run >= rules_.straight_run, flag_straight_lining, doubt.straight_lining);
    flag(found_.contradictory_pairs >= rules_.contradictory_pairs, flag_contradictory, doubt.contradictory);
    flag(found_.focus_lost >= rules_.focus_lost || found_.away_ms >= rules_.away_ms, flag_distracted, doubt.distracted);
    if (100 * changed_ >= rules_.changed_percent * answered_) found_.doubt_points += doubt.often_changed;
    if (!is_timed()) found_.doubt_points += doubt.untimed;
    score.confidence = found_.doubt_points >= rules_.low_from      ? model::score_confidence::low
                       : found_.doubt_points >= rules_.medium_from ? model::score_confidence::medium
                                                                   : model::score_confidence::high;
    score.quality = found_;
  }

 private:
  void count_answer(const behaviour& seen, const std::string& key) {
    ++answered_;
    const auto found = seen.items.find(key);
    if (found == seen.items.end()) return;
    if (found->second.changes > 0) ++changed_;
    if (found->second.time_ms == 0) return;
    ++timed_;
    if (found->second.time_ms < rules_.fast_answer_ms) ++fast_;
  }

  bool is_timed() const { return timed_ > 0 && 2 * timed_ >= answered_; }

  const quality_rules& rules_;
  model::answer_quality found_;
  std::int64_t answered_ = 0;
  std::int64_t timed_ = 0;
  std::int64_t fast_ = 0;
  std::int64_t changed_ = 0;
};

}  // namespace

base::result<model::psychometric_score> score_answers(const answers& given, const behaviour& seen,
                                                      const questionnaire& of, const scorecard& card) {
  assert(card.traits.size() == of.traits.size());
  const auto checked = choices_of(given, of);
  if (!checked) return std::unexpected(checked.error());
  model::psychometric_score score;
  score.traits = score_traits(*checked, of, card);
  score.score = score_overall(score.traits, card);
  score.band = band_of(card.bands, score.score);
  quality_judge(*checked, seen, of, card.quality).judge(score);
  return score;
}

}  // namespace posthorn::assessment
