// How a person answers: choices that hang together, times that fit them, and the reports in which a page sends both
// (docs/sessions.md). Pure and seeded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/act.hpp"
#include "cli/dice.hpp"
#include "cli/profile.hpp"

namespace posthorn::cli {

class answering {
 public:
  // `chance` outlives it.
  answering(habit who, dice& chance);

  // The page is loaded anew: a visit of its own.
  void begin_visit();
  // One report for these questions, each answered after its thinking time.
  [[nodiscard]] act report(const std::string& questionnaire, const std::vector<question>& asked);
  // `before` again with another choice for one of its items.
  [[nodiscard]] act correction(const act& before, const std::vector<question>& asked);

 private:
  struct given {
    std::string item;
    std::int32_t choice = 0;
    std::int64_t time_ms = 0;
  };

  std::int32_t choose(const std::string& questionnaire, const question& of);
  std::int64_t thinking_ms();
  void look_away();
  [[nodiscard]] act report_of(const std::vector<given>& answers);

  const habit who_;
  dice& chance_;
  const double leaning_;          // to what speaks for oneself, or against it: about -1 to 1
  const std::int32_t favourite_;  // of one who always gives the same choice
  std::string visit_;
  std::int64_t focus_lost_ = 0;  // of this visit
  std::int64_t away_ms_ = 0;
};

// Whether agreeing with the item speaks against oneself, as whoever reads it knows; the API does not tell. Of the
// default questionnaire its reverse-keyed items; of another one it is made up, but always the same.
[[nodiscard]] bool speaks_against(const std::string& questionnaire, const std::string& item);

}  // namespace posthorn::cli
