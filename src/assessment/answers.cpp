#include "assessment/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "assessment/report_fields.hpp"
#include "base/limits.hpp"

namespace posthorn::assessment {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

namespace {

struct given_answer {
  const questionnaire_item* item = nullptr;
  std::int32_t choice = 0;
  std::int64_t time_ms = 0;
};

struct report {
  std::vector<given_answer> answers;
  std::string visit;
  visit_behaviour seen;
};

std::optional<given_answer> read_answer(const json::value& from, const std::string& pointer, const questionnaire& of,
                                        document_faults& faults) {
  if (!from.is_object()) {
    faults.add(pointer, "must be an object");
    return std::nullopt;
  }
  report_fields fields(from.as_object(), pointer, faults);
  fields.only({"item", "choice", "time_ms"});
  const std::string key = fields.text("item", 64);
  const questionnaire_item* item = of.find_item(key);
  if (item == nullptr) {
    faults.add(pointer + "/item", "is no item of this questionnaire");
    return std::nullopt;
  }
  return given_answer{item, static_cast<std::int32_t>(fields.integer("choice", 1, of.choices_of(*item))),
                      fields.optional_integer("time_ms", 0, limits::item_time_ms_max)};
}

base::result<report> read_report(std::string_view text, const questionnaire& of) {
  const auto whole = read_report_object(text);
  if (!whole) return std::unexpected(whole.error());
  document_faults faults;
  report made;
  report_fields fields(*whole, "", faults);
  fields.only({"answers", "visit", "focus_lost", "away_ms"});
  if (const json::array* list = fields.optional_list("answers", limits::report_answers_max)) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto answer = read_answer((*list)[i], fmt::format("/answers/{}", i), of, faults);
      if (answer) made.answers.push_back(*answer);
    }
  }
  made.seen.focus_lost = static_cast<std::int32_t>(fields.optional_integer("focus_lost", 0, limits::focus_lost_max));
  made.seen.away_ms = fields.optional_integer("away_ms", 0, limits::away_ms_max);
  if (whole->contains("visit") || made.seen != visit_behaviour{}) made.visit = fields.text("visit", 32);
  if (faults.found()) return std::unexpected(*faults.found());
  return made;
}

void take_answer(answer_sheet& into, const given_answer& given) {
  item_behaviour& seen = into.behaviour.items[given.item->key];
  const auto [place, is_first] = into.answers.try_emplace(given.item->key, given.choice);
  if (is_first || place->second == given.choice) {
    seen.time_ms = std::max(seen.time_ms, given.time_ms);
    return;
  }
  place->second = given.choice;
  seen.time_ms = std::min(seen.time_ms + given.time_ms, limits::item_time_ms_max);
  seen.changes = std::min(seen.changes + 1, limits::item_changes_max);
}

}  // namespace

base::result<void> take_report(answer_sheet& into, std::string_view text, const questionnaire& of) {
  const auto given = read_report(text, of);
  if (!given) return std::unexpected(given.error());
  for (const given_answer& answer : given->answers) take_answer(into, answer);
  auto& visits = into.behaviour.visits;
  const bool has_room = visits.size() < limits::page_visits_max || visits.contains(given->visit);
  if (given->visit.empty() || !has_room) return {};
  visit_behaviour& seen = visits[given->visit];
  seen.focus_lost = std::max(seen.focus_lost, given->seen.focus_lost);
  seen.away_ms = std::max(seen.away_ms, given->seen.away_ms);
  return {};
}

model::progress progress_of(const questionnaire& of, const answers& given) {
  model::progress made;
  for (const questionnaire_item& item : of.items) {
    if (!item.required) continue;
    ++made.required;
    if (given.contains(item.key)) ++made.done;
  }
  return made;
}

std::string write_sheet(const answer_sheet& sheet) {
  json::object items;
  for (const auto& [key, choice] : sheet.answers) {
    const auto seen = sheet.behaviour.items.find(key);
    const item_behaviour how = seen == sheet.behaviour.items.end() ? item_behaviour{} : seen->second;
    items[key] = json::array{choice, how.time_ms, how.changes};
  }
  json::object visits;
  for (const auto& [name, seen] : sheet.behaviour.visits) visits[name] = json::array{seen.focus_lost, seen.away_ms};
  return json::serialize(json::object{{"items", std::move(items)}, {"visits", std::move(visits)}});
}

base::result<answer_sheet> read_sheet(std::string_view text) {
  const auto whole = read_report_object(text);
  if (!whole) return std::unexpected(whole.error());
  try {
    answer_sheet sheet;
    for (const auto& [key, how] : whole->at("items").as_object()) {
      sheet.answers[key] = how.at(0).to_number<std::int32_t>();
      sheet.behaviour.items[key] = {how.at(1).to_number<std::int64_t>(), how.at(2).to_number<std::int32_t>()};
    }
    for (const auto& [name, seen] : whole->at("visits").as_object()) {
      sheet.behaviour.visits[name] = {seen.at(0).to_number<std::int32_t>(), seen.at(1).to_number<std::int64_t>()};
    }
    return sheet;
  } catch (const std::exception& broken) {
    return base::fail(fault::invalid_field, fmt::format("a stored answer sheet cannot be read: {}", broken.what()));
  }
}

}  // namespace posthorn::assessment
