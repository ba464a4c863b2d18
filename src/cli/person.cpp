#include "cli/person.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "cli/device.hpp"

namespace posthorn::cli {
namespace {

constexpr std::string_view submit_first = R"({"anyway":false})";
constexpr std::string_view submit_anyway = R"({"anyway":true})";

constexpr double correction_chance = 0.04;
constexpr double leave_out_chance = 0.2;
constexpr double repeat_chance = 0.3;  // of a report over a bad line
constexpr double reload_chance = 0.08;
constexpr int queued_answers_max = 6;  // that a page collects while the line is down

}  // namespace

person::person(habit who, std::uint64_t seed, std::uint64_t stream, int answers_together_max)
    : who_(who),
      answers_together_max_(who == habit::bad_line ? std::max(answers_together_max, queued_answers_max)
                                                   : answers_together_max),
      chance_(seed, stream),
      answering_(who, chance_),
      planned_(planned_by(who)) {}

void person::add(deed what, std::int64_t think_ms, std::string body) {
  script_.push_back({.what = what, .think_ms = think_ms, .body = std::move(body), .gives = {}, .twice = false});
}

act person::next(const journey_view& now) {
  learn(now);
  if (script_.empty()) go_on(now);
  if (script_.empty()) {
    phase_ = phase::gone;
    last_ = act{};
  } else {
    last_ = std::move(script_.front());
    script_.pop_front();
  }
  return last_;
}

void person::learn(const journey_view& now) {
  for (const auto& [item, choice] : last_.gives) given_[item] = choice;
  if (last_.what != deed::look) return;
  for (const auto& [item, choice] : given_) {
    const auto kept = now.answers.find(item);
    if (kept == now.answers.end() || kept->second != choice) lost_.insert(item);
  }
}

void person::go_on(const journey_view& now) {
  switch (phase_) {
    case phase::arriving:
      phase_ = phase::looking;
      load_page(true);
      break;
    case phase::looking: plan(now); break;
    case phase::submitting: after_submit(now); break;
    case phase::gone: break;
  }
}

void person::load_page(bool by_a_new_link) {
  if (by_a_new_link) add(deed::ask_token, chance_.between(0, 4'000));
  add(deed::look, chance_.between(200, 1'500));
  answering_.begin_visit();
}

person::stopping person::choose_stop() {
  if (who_ != habit::leaver && who_ != habit::quitter) return stopping::never;
  const double at = chance_.unit();
  if (who_ == habit::leaver && at < 0.2) return stopping::before_opening;
  if (at < 0.35) return stopping::before_consent;
  return at < 0.45 ? stopping::after_consent : stopping::underway;
}

// Everything up to the first submit is decided at once; only what a submit says can change a person's mind.
void person::plan(const journey_view& now) {
  phase_ = phase::gone;
  const stopping stop = choose_stop();
  const bool says_so = who_ == habit::quitter;
  if (stop == stopping::before_opening) return;
  add(deed::open, chance_.between(300, 2'000));
  if (stop != stopping::before_consent) {
    add(deed::consent, chance_.between(2'500, 15'000),
        who_ == habit::decliner ? R"({"accepted":false})" : R"({"accepted":true})");
    if (who_ == habit::decliner) return;
  }
  if (stop == stopping::before_consent || stop == stopping::after_consent) {
    if (says_so) add(deed::exit, chance_.between(1'000, 6'000));
    return;
  }
  const bool finishes = stop == stopping::never;
  if (who_ == habit::skipper || who_ == habit::second_thoughts) left_out_ = left_out_of(now);
  if (who_ == habit::skipper && left_out_.empty()) planned_ = ending::complete;
  if (now.platform == "WEB") {
    const auto all = static_cast<std::int64_t>(now.questions.size());
    answer_questions(now,
                     static_cast<std::size_t>(finishes ? all : chance_.between(1, std::max<std::int64_t>(all - 1, 1))));
  } else if (finishes || chance_.falls(0.5)) {
    give_device_data(now);
  }
  if (finishes) {
    phase_ = phase::submitting;
    add(deed::submit, chance_.between(800, 5'000), std::string(submit_first));
  } else if (says_so) {
    add(deed::exit, chance_.between(1'000, 6'000));
  }
}

// Some questions, of them at least one that is required; of a device one permission.
std::set<std::string> person::left_out_of(const journey_view& now) {
  if (now.platform != "WEB") {
    if (now.permissions.empty()) return {};
    const auto last = static_cast<std::int64_t>(now.permissions.size()) - 1;
    return {now.permissions[static_cast<std::size_t>(chance_.between(0, last))]};
  }
  std::vector<std::string> required;
  std::set<std::string> out;
  for (const question& each : now.questions) {
    if (each.required) required.push_back(each.key);
    if (chance_.falls(leave_out_chance)) out.insert(each.key);
  }
  if (required.empty()) return {};
  out.insert(required[static_cast<std::size_t>(chance_.between(0, static_cast<std::int64_t>(required.size()) - 1))]);
  return out;
}

void person::answer_questions(const journey_view& now, std::size_t until) {
  const std::size_t half = until / 2;
  bool has_changed_device = who_ != habit::two_devices;
  std::vector<question> asked;
  std::int64_t together = chance_.between(1, answers_together_max_);
  for (std::size_t place = 0; place < until; ++place) {
    const question& each = now.questions[place];
    if (!left_out_.contains(each.key)) asked.push_back(each);
    if (asked.empty() || (std::ssize(asked) < together && place + 1 < until)) continue;
    script_.push_back(answering_.report(now.questionnaire, asked));
    if (who_ == habit::bad_line) {
      script_.back().twice = chance_.falls(repeat_chance);
      if (chance_.falls(reload_chance)) load_page(false);
    } else if (chance_.falls(correction_chance * static_cast<double>(asked.size()))) {
      const act before = script_.back();
      script_.push_back(answering_.correction(before, asked));
    }
    asked.clear();
    together = chance_.between(1, answers_together_max_);
    if (!has_changed_device && place >= half) {
      has_changed_device = true;
      load_page(true);
    }
  }
}

void person::give_device_data(const journey_view& now) {
  const std::string denied = left_out_.empty() ? std::string() : *left_out_.begin();
  const std::string body = device_body(now.permissions, now.features, denied, chance_);
  add(deed::give_device_data, chance_.between(3'000, 12'000), body);
  if (who_ == habit::bad_line) script_.back().twice = true;
  if (who_ != habit::two_devices) return;
  load_page(true);
  add(deed::give_device_data, chance_.between(3'000, 12'000), device_body(now.permissions, now.features, {}, chance_));
}

// What is missing is asked for once: a second warning is answered by submitting anyway.
void person::after_submit(const journey_view& now) {
  phase_ = phase::gone;
  if (!now.outcome.empty() || now.missing.empty()) return;
  if (who_ == habit::second_thoughts && !warned_) {
    warned_ = true;
    phase_ = phase::submitting;
    answer_missing(now);
    add(deed::submit, chance_.between(800, 5'000), std::string(submit_first));
  } else {
    add(deed::submit, chance_.between(1'500, 6'000), std::string(submit_anyway));
  }
}

void person::answer_missing(const journey_view& now) {
  left_out_.clear();
  if (now.platform != "WEB") {
    give_device_data(now);
    return;
  }
  for (const question& each : now.questions) {
    const bool asked_for = std::ranges::find(now.missing, each.key) != now.missing.end();
    if (asked_for) script_.push_back(answering_.report(now.questionnaire, {each}));
  }
}

}  // namespace posthorn::cli
