#include "assessment/session_content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "assessment/answers.hpp"
#include "assessment/device_data.hpp"
#include "assessment/document_catalogue.hpp"
#include "assessment/scoring.hpp"

namespace posthorn::assessment {
namespace {

namespace json = boost::json;
using base::fault;
using store::session_record;

bool is_page(const session_record& of) { return of.value.platform == model::platform::web; }

std::unexpected<base::error> unknown(std::string_view kind, const model::document_ref& named) {
  return base::fail(fault::internal, fmt::format("the {} \"{}\" version {} of this session is not known to this server",
                                                 kind, named.key, named.version));
}

base::result<const questionnaire*> questions_of(const document_catalogue& known, const session_record& of) {
  const questionnaire* found = known.find_questionnaire(of.questionnaire);
  if (found == nullptr) return unknown("questionnaire", of.questionnaire);
  return found;
}

base::result<const device_scorecard*> device_card_of(const document_catalogue& known, const session_record& of) {
  const device_scorecard* found = known.find_device_scorecard(of.scorecard, of.value.platform);
  if (found == nullptr) return unknown("scorecard", of.scorecard);
  return found;
}

base::result<answer_sheet> sheet_of(const session_record& of) {
  if (of.given.empty()) return answer_sheet{};
  return read_sheet(of.given);
}

base::result<device_data> data_of(const session_record& of) {
  if (of.given.empty()) return device_data{};
  return read_device_data(of.given);
}

base::result<std::vector<std::string>> missing_items(const document_catalogue& known, const session_record& of) {
  const auto questions = questions_of(known, of);
  if (!questions) return std::unexpected(questions.error());
  const auto sheet = sheet_of(of);
  if (!sheet) return std::unexpected(sheet.error());
  std::vector<std::string> missing;
  for (const questionnaire_item& item : (*questions)->items) {
    if (item.required && !sheet->answers.contains(item.key)) missing.push_back(item.key);
  }
  return missing;
}

json::object to_json(const model::psychometric_score& of) {
  json::array traits;
  for (const model::trait_score& trait : of.traits) {
    traits.push_back({{"key", trait.key}, {"value", trait.value}, {"risk_band", model::to_string(trait.band)}});
  }
  const model::answer_quality& seen = of.quality;
  return {{"score", of.score},
          {"risk_band", model::to_string(of.band)},
          {"score_confidence", model::to_string(of.confidence)},
          {"traits", std::move(traits)},
          {"flags", json::value_from(of.flags)},
          {"quality",
           {{"fast_percent", seen.fast_percent ? json::value(*seen.fast_percent) : json::value()},
            {"longest_run", seen.longest_run},
            {"contradictory_pairs", seen.contradictory_pairs},
            {"changed_percent", seen.changed_percent},
            {"focus_lost", seen.focus_lost},
            {"away_ms", seen.away_ms},
            {"doubt_points", seen.doubt_points}}}};
}

json::object to_json(const model::device_score& of) {
  return {{"score", of.score},
          {"risk_band", model::to_string(of.band)},
          {"permissions_granted", json::value_from(of.permissions_granted)},
          {"permissions_denied", json::value_from(of.permissions_denied)}};
}

}  // namespace

base::result<model::progress> progress_at_start(const document_catalogue& known, const session_record& of) {
  if (is_page(of)) {
    const auto questions = questions_of(known, of);
    if (!questions) return std::unexpected(questions.error());
    return progress_of(**questions, answers{});
  }
  const auto card = device_card_of(known, of);
  if (!card) return std::unexpected(card.error());
  return progress_before(**card);
}

base::result<taken_report> take_answers(const document_catalogue& known, const session_record& of,
                                        std::string_view report) {
  if (!is_page(of)) {
    return base::fail(fault::not_acceptable_now, "this session collects a device's data: POST /v1/journey/device");
  }
  const auto questions = questions_of(known, of);
  if (!questions) return std::unexpected(questions.error());
  auto sheet = sheet_of(of);
  if (!sheet) return std::unexpected(std::move(sheet.error()));
  const answer_sheet before = *sheet;
  if (auto taken = take_report(*sheet, report, **questions); !taken) return std::unexpected(std::move(taken.error()));
  return taken_report{write_sheet(*sheet), progress_of(**questions, sheet->answers),
                      sheet->answers != before.answers || sheet->behaviour.items != before.behaviour.items};
}

base::result<taken_report> take_device_data(const document_catalogue& known, const session_record& of,
                                            std::string_view report) {
  if (is_page(of)) {
    return base::fail(fault::not_acceptable_now, "this session collects answers: POST /v1/journey/answers");
  }
  const auto card = device_card_of(known, of);
  if (!card) return std::unexpected(card.error());
  const auto data = read_device_data(report);
  if (!data) return std::unexpected(data.error());
  return taken_report{write_device_data(*data), progress_of(**card, *data), true};
}

base::result<std::vector<std::string>> missing_of(const document_catalogue& known, const session_record& of) {
  if (is_page(of)) return missing_items(known, of);
  const auto card = device_card_of(known, of);
  if (!card) return std::unexpected(card.error());
  const auto data = data_of(of);
  if (!data) return std::unexpected(data.error());
  std::vector<std::string> missing;
  for (const permission_rule& rule : (*card)->permissions) {
    if (rule.required && !std::ranges::count(data->permissions_granted, rule.key)) missing.push_back(rule.key);
  }
  for (const feature_rule& rule : (*card)->features) {
    if (rule.required && !data->features.contains(rule.key)) missing.push_back(rule.key);
  }
  return missing;
}

base::result<model::session_score> score_of(const document_catalogue& known, const session_record& of) {
  if (is_page(of)) {
    const auto questions = questions_of(known, of);
    if (!questions) return std::unexpected(questions.error());
    const scorecard* card = known.find_scorecard(of.scorecard);
    if (card == nullptr) return unknown("scorecard", of.scorecard);
    const auto sheet = sheet_of(of);
    if (!sheet) return std::unexpected(sheet.error());
    return score_answers(sheet->answers, sheet->behaviour, **questions, *card);
  }
  const auto card = device_card_of(known, of);
  if (!card) return std::unexpected(card.error());
  const auto data = data_of(of);
  if (!data) return std::unexpected(data.error());
  return score_device(**card, *data);
}

std::string write_score(const model::session_score& score) {
  return json::serialize(std::visit([](const auto& kind) { return to_json(kind); }, score));
}

}  // namespace posthorn::assessment
