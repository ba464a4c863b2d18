#include "assessment/scorecard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "assessment/document.hpp"

namespace posthorn::assessment {

namespace json = boost::json;

namespace {

constexpr std::string_view default_text =
#include "assessment/default_scorecard.inc"
    ;

class reader {
 public:
  reader(const json::object& document, const questionnaire& of) : document_(document), of_(of) {}

  base::result<scorecard> read() {
    faults_.check_key(text_of(document_, "key"), "/key");
    made_.key = text_of(document_, "key");
    made_.version = number_of(document_, "version");
    made_.description = text_of(document_, "description");
    read_questionnaire_name();
    read_traits();
    made_.bands = read_bands(document_.at("bands").as_array(), "/bands", faults_);
    read_quality(document_.at("quality").as_object());
    if (faults_.found()) return std::unexpected(*faults_.found());
    return std::move(made_);
  }

 private:
  void read_questionnaire_name() {
    const json::object& name = document_.at("questionnaire").as_object();
    made_.questionnaire_key = text_of(name, "key");
    made_.questionnaire_version = number_of(name, "version");
    if (made_.questionnaire_key != of_.key || made_.questionnaire_version != of_.version) {
      faults_.add("/questionnaire",
                  fmt::format("is \"{}\" version {}, but the questionnaire at hand is \"{}\" version {}",
                              made_.questionnaire_key, made_.questionnaire_version, of_.key, of_.version));
    }
  }

  void read_traits() {
    made_.traits.resize(of_.traits.size());
    std::vector<bool> ruled(of_.traits.size());
    std::int32_t weights = 0;
    std::size_t at = 0;
    for (const json::value& entry : document_.at("traits").as_array()) {
      const json::object& rule = entry.as_object();
      const std::string pointer = fmt::format("/traits/{}", at++);
      const std::string_view key = text_of(rule, "trait");
      const band_list bands = read_bands(rule.at("bands").as_array(), pointer + "/bands", faults_);
      const auto trait = std::ranges::find(of_.traits, key, &questionnaire_trait::key);
      if (trait == of_.traits.end()) {
        faults_.add(pointer + "/trait", fmt::format("the questionnaire has no trait \"{}\"", key));
        continue;
      }
      const auto place = static_cast<std::size_t>(trait - of_.traits.begin());
      if (ruled[place]) faults_.add(pointer + "/trait", fmt::format("\"{}\" has a rule before this one", key));
      ruled[place] = true;
      made_.traits[place] = {number_of(rule, "weight"), flag_of(rule, "adverse", false), bands};
      weights += number_of(rule, "weight");
    }
    for (std::size_t i = 0; i < ruled.size(); ++i) {
      if (!ruled[i]) faults_.add("/traits", fmt::format("has no rule for the trait \"{}\"", of_.traits[i].key));
    }
    if (weights == 0) faults_.add("/traits", "needs at least one weight above 0");
  }

  void read_quality(const json::object& rules) {
    quality_rules& quality = made_.quality;
    quality.fast_answer_ms = number_of(rules, "fast_answer_ms");
    quality.fast_percent = number_of(rules, "fast_percent");
    quality.straight_run = number_of(rules, "straight_run");
    quality.contradiction_gap = number_of(rules, "contradiction_gap");
    quality.contradictory_pairs = number_of(rules, "contradictory_pairs");
    quality.focus_lost = number_of(rules, "focus_lost");
    quality.away_ms = number_of(rules, "away_ms");
    quality.changed_percent = number_of(rules, "changed_percent");
    quality.medium_from = number_of(rules, "medium_from");
    quality.low_from = number_of(rules, "low_from");
    if (quality.low_from < quality.medium_from) {
      faults_.add("/quality/low_from", "must not be below medium_from");
    }
    const json::object& doubt = rules.at("doubt").as_object();
    quality.doubt = {number_of(doubt, "too_fast"),      number_of(doubt, "straight_lining"),
                     number_of(doubt, "contradictory"), number_of(doubt, "distracted"),
                     number_of(doubt, "often_changed"), number_of(doubt, "untimed")};
    std::size_t at = 0;
    for (const json::value& pair : rules.at("pairs").as_array()) {
      read_pair(pair.as_array(), fmt::format("/quality/pairs/{}", at++));
    }
  }

  void read_pair(const json::array& pair, const std::string& pointer) {
    const auto* first = item(pair[0], pointer + "/0");
    const auto* second = item(pair[1], pointer + "/1");
    if (first == nullptr || second == nullptr) return;
    if (first == second || first->trait != second->trait) {
      faults_.add(pointer, "must be two different items of one trait");
      return;
    }
    made_.quality.pairs.push_back({of_.place_of_item.at(first->key), of_.place_of_item.at(second->key)});
  }

  const questionnaire_item* item(const json::value& key, const std::string& pointer) {
    const auto* found = of_.find_item(key.as_string());
    if (found == nullptr) {
      faults_.add(pointer, fmt::format("the questionnaire has no item \"{}\"", std::string_view(key.as_string())));
    }
    return found;
  }

  const json::object& document_;
  const questionnaire& of_;
  scorecard made_;
  document_faults faults_;
};

}  // namespace

base::result<scorecard> read_scorecard(std::string_view text, const questionnaire& of) {
  const auto document = read_document(document_kind::scorecard, text);
  if (!document) return std::unexpected(document.error());
  return reader(*document, of).read();
}

const scorecard& default_scorecard() {
  static const scorecard read = read_scorecard(default_text, default_questionnaire()).value();
  return read;
}

std::string_view default_scorecard_text() noexcept { return default_text; }

}  // namespace posthorn::assessment
