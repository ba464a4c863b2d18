// A simulated person: from what they see of their journey to what they do next. Pure: no clock, no I/O; the same seed
// and the same answers give the same journey.
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "cli/act.hpp"
#include "cli/answering.hpp"
#include "cli/dice.hpp"
#include "cli/profile.hpp"

namespace posthorn::cli {

// Not thread-safe.
class person {
 public:
  // `stream` tells the people of one seed apart. `answers_together_max`: a page that is answered quickly sends what has
  // come together as one report; 1 is a page that is answered slowly.
  person(habit who, std::uint64_t seed, std::uint64_t stream, int answers_together_max = 1);
  person(const person&) = delete;
  person& operator=(const person&) = delete;

  // What to do now that everything before has been answered, `now` being what those answers said. Once it is `leave`,
  // it stays so.
  [[nodiscard]] act next(const journey_view& now);

  // How the journey is to end; certain from the first look on: a skipper who finds nothing required completes.
  [[nodiscard]] ending planned() const noexcept { return planned_; }
  [[nodiscard]] habit who() const noexcept { return who_; }
  // The items whose answers were taken and which a later look did not show as they were given: none must ever be here.
  [[nodiscard]] const std::set<std::string>& lost_answers() const noexcept { return lost_; }

 private:
  enum class phase : std::uint8_t { arriving, looking, submitting, gone };
  // Where in the questionnaire a person stops: at its end, but for those who leave or exit.
  enum class stopping : std::uint8_t { before_opening, before_consent, after_consent, underway, never };

  void learn(const journey_view& now);
  void go_on(const journey_view& now);
  void plan(const journey_view& now);
  void answer_questions(const journey_view& now, std::size_t until);
  void give_device_data(const journey_view& now);
  void load_page(bool by_a_new_link);
  void after_submit(const journey_view& now);
  void answer_missing(const journey_view& now);
  [[nodiscard]] std::set<std::string> left_out_of(const journey_view& now);
  [[nodiscard]] stopping choose_stop();
  void add(deed what, std::int64_t think_ms, std::string body = {});

  const habit who_;
  const int answers_together_max_;
  dice chance_;
  answering answering_;
  ending planned_;
  phase phase_ = phase::arriving;
  std::deque<act> script_;  // decided, not yet done
  act last_;                // done; its answer comes with the next call of next()
  choices given_;           // and taken by the server
  std::set<std::string> left_out_;
  std::set<std::string> lost_;
  bool warned_ = false;  // by a submit that something is missing
};

}  // namespace posthorn::cli
