#include "cli/answering.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <numeric>

namespace posthorn::cli {
namespace {

namespace json = boost::json;

constexpr std::array default_reversed{"q02", "q04", "q06", "q08", "q10", "q12", "q13", "q15",
                                      "q17", "q19", "q21", "q23", "q26", "q28", "q30", "q32",
                                      "q34", "q36", "q37", "q39", "q41", "q43", "q45", "q47"};

constexpr double leaning_spread = 0.45;
constexpr double answer_spread = 0.3;        // of one who reads, as a part of half the scale
constexpr double hasty_spread = 0.8;         // of one who does not
constexpr double distraction_chance = 0.35;  // at each answer of one who is distracted
constexpr double glance_chance = 0.02;       // of everybody else

}  // namespace

bool speaks_against(const std::string& questionnaire, const std::string& item) {
  if (questionnaire == "default") return std::ranges::find(default_reversed, item) != default_reversed.end();
  return std::accumulate(item.begin(), item.end(), 0) % 2 != 0;
}

answering::answering(habit who, dice& chance)
    : who_(who),
      chance_(chance),
      leaning_(0.25 + leaning_spread * chance.bell()),
      favourite_(static_cast<std::int32_t>(chance.between(1, 5))) {}

void answering::begin_visit() {
  visit_ = fmt::format("{:016x}", chance_.next());
  focus_lost_ = 0;
  away_ms_ = 0;
}

std::int32_t answering::choose(const std::string& questionnaire, const question& of) {
  if (who_ == habit::same_answer) return std::min(favourite_, of.choices);
  const double half = (of.choices - 1) / 2.0;
  const double sense = speaks_against(questionnaire, of.key) ? -1 : 1;
  const double spread = who_ == habit::hasty ? hasty_spread : answer_spread;
  const double felt = sense * leaning_ + spread * chance_.bell();
  return 1 + static_cast<std::int32_t>(std::lround(half + half * std::clamp(felt, -1.0, 1.0)));
}

std::int64_t answering::thinking_ms() {
  switch (who_) {
    case habit::hasty: return chance_.between(250, 900);
    case habit::same_answer: return chance_.between(700, 1'800);
    case habit::distracted: return chance_.between(2'500, 14'000);
    default: return chance_.between(1'600, 7'000);
  }
}

void answering::look_away() {
  if (!chance_.falls(who_ == habit::distracted ? distraction_chance : glance_chance)) return;
  ++focus_lost_;
  away_ms_ += chance_.between(2'000, 30'000);
}

act answering::report_of(const std::vector<given>& answers) {
  act made{.what = deed::report, .think_ms = 0, .body = {}, .gives = {}, .twice = false};
  json::array list;
  for (const given& each : answers) {
    look_away();
    list.push_back({{"item", each.item}, {"choice", each.choice}, {"time_ms", each.time_ms}});
    made.gives[each.item] = each.choice;
    made.think_ms += each.time_ms;
  }
  made.body = json::serialize(json::object{
      {"answers", std::move(list)}, {"visit", visit_}, {"focus_lost", focus_lost_}, {"away_ms", away_ms_}});
  return made;
}

act answering::report(const std::string& questionnaire, const std::vector<question>& asked) {
  std::vector<given> answers;
  answers.reserve(asked.size());
  for (const question& each : asked) answers.push_back({each.key, choose(questionnaire, each), thinking_ms()});
  return report_of(answers);
}

act answering::correction(const act& before, const std::vector<question>& asked) {
  const question& of = asked.back();
  const std::int32_t was = before.gives.at(of.key);
  return report_of({{of.key, was < of.choices ? was + 1 : was - 1, thinking_ms()}});
}

}  // namespace posthorn::cli
