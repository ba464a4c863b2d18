// People against a server that is played by a few lines here: what they do, in what order, and how it ends.
#include "cli/person.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "support/paths.hpp"

namespace posthorn::cli {
namespace {

namespace json = boost::json;

journey_view shown(const std::string& platform, int questions = 48) {
  journey_view view{.platform = platform,
                    .state = "created",
                    .outcome = {},
                    .questionnaire = "default",
                    .questions = {},
                    .answers = {},
                    .permissions = {},
                    .features = {},
                    .missing = {}};
  if (platform != "WEB") {
    view.permissions = {"contacts", "calendar"};
    view.features = {"contacts_count", "steps"};
    return view;
  }
  for (int i = 1; i <= questions; ++i) {
    view.questions.push_back(
        {.key = std::string(i < 10 ? "q0" : "q") + std::to_string(i), .choices = 5, .required = true});
  }
  return view;
}

// The server's side of a journey, as far as a person can tell.
struct played {
  journey_view view;
  choices saved;
  std::set<std::string> granted;
  std::vector<act> acts = {};

  void take(const act& done) {
    acts.push_back(done);
    view.missing.clear();
    switch (done.what) {
      case deed::look: view.answers = saved; break;
      case deed::consent:
        view.state = "consented";
        if (!json::parse(done.body).at("accepted").as_bool()) view.outcome = "cancelled";
        break;
      case deed::report: {
        const json::value body = json::parse(done.body);
        for (const json::value& each : body.at("answers").as_array()) {
          saved[std::string(each.at("item").as_string())] = each.at("choice").to_number<int>();
        }
        break;
      }
      case deed::give_device_data: {
        granted.clear();
        const json::value body = json::parse(done.body);
        for (const json::value& each : body.at("permissions_granted").as_array()) {
          granted.insert(std::string(each.as_string()));
        }
        for (const std::string& each : view.features) EXPECT_TRUE(body.at("features").as_object().contains(each));
        break;
      }
      case deed::submit: submit(json::parse(done.body).at("anyway").as_bool()); break;
      case deed::exit: view.outcome = "cancelled"; break;
      default: break;
    }
  }

  void submit(bool anyway) {
    for (const question& each : view.questions) {
      if (!saved.contains(each.key)) view.missing.push_back(each.key);
    }
    for (const std::string& each : view.permissions) {
      if (!granted.contains(each)) view.missing.push_back(each);
    }
    if (view.missing.empty()) view.outcome = "complete";
    if (!view.missing.empty() && anyway) view.outcome = "incomplete";
  }

  [[nodiscard]] int count(deed what) const { return static_cast<int>(std::ranges::count(acts, what, &act::what)); }
};

played play(person& who, const journey_view& first) {
  played out{.view = {}, .saved = {}, .granted = {}};
  for (int steps = 0; steps < 2'000; ++steps) {
    const act now = who.next(out.view);
    if (now.what == deed::leave) return out;
    out.take(now);
    if (now.what == deed::look && out.view.platform.empty()) out.view = first;
  }
  ADD_FAILURE() << to_string(who.who()) << " never ends";
  return out;
}

constexpr std::array everybody{habit::careful,  habit::hasty,       habit::same_answer,     habit::distracted,
                               habit::bad_line, habit::two_devices, habit::second_thoughts, habit::skipper,
                               habit::decliner, habit::quitter,     habit::leaver};

TEST(person, ends_as_planned_whoever_it_is) {
  for (const std::string platform : {"WEB", "ANDROID", "IOS"}) {
    for (const habit each : everybody) {
      for (std::uint64_t stream = 0; stream < 50; ++stream) {
        person who(each, 5, stream, stream % 2 == 0 ? 1 : 16);
        const played journey = play(who, shown(platform));
        EXPECT_EQ(journey.acts.at(0).what, deed::ask_token);
        EXPECT_EQ(journey.acts.at(1).what, deed::look);
        EXPECT_EQ(who.planned(), planned_by(each));
        const std::string end = who.planned() == ending::expired ? "" : std::string(to_string(who.planned()));
        EXPECT_EQ(journey.view.outcome, end) << platform << " " << to_string(each) << " " << stream;
        EXPECT_TRUE(who.lost_answers().empty());
        EXPECT_EQ(who.next(journey.view).what, deed::leave) << "and stays away";
      }
    }
  }
}

TEST(person, the_same_seed_gives_the_same_journey) {
  for (const habit each : everybody) {
    person one(each, 3, 9), again(each, 3, 9), another(each, 3, 10);
    const played first = play(one, shown("WEB")), second = play(again, shown("WEB"));
    ASSERT_EQ(first.acts.size(), second.acts.size());
    for (std::size_t i = 0; i < first.acts.size(); ++i) {
      EXPECT_EQ(first.acts[i].body, second.acts[i].body);
      EXPECT_EQ(first.acts[i].think_ms, second.acts[i].think_ms);
    }
    if (each == habit::careful) {
      EXPECT_NE(play(another, shown("WEB")).saved, first.saved);
    }
  }
}

TEST(person, consents_before_answering_and_answers_within_the_scale) {
  for (const habit each : everybody) {
    person who(each, 1, 1);
    const played journey = play(who, shown("WEB"));
    bool consented = false;
    for (const act& done : journey.acts) {
      consented = consented || done.what == deed::consent;
      if (done.what != deed::report) continue;
      EXPECT_TRUE(consented);
      EXPECT_FALSE(done.gives.empty());
      for (const auto& [item, choice] : done.gives) {
        EXPECT_GE(choice, 1) << item;
        EXPECT_LE(choice, 5) << item;
      }
    }
  }
}

TEST(person, careless_ones_leave_their_traces) {
  person hasty(habit::hasty, 1, 1), same(habit::same_answer, 1, 1), away(habit::distracted, 1, 1);
  const played quick = play(hasty, shown("WEB"));
  for (const act& done : quick.acts) {
    EXPECT_TRUE(done.what != deed::report || done.think_ms < 2'000);
  }
  std::set<int> different;
  played journey = play(same, shown("WEB"));
  for (const auto& [item, choice] : journey.saved) different.insert(choice);
  EXPECT_LE(different.size(), 3u) << "but for corrections";
  std::int64_t lost = 0;
  const played often_away = play(away, shown("WEB"));
  for (const act& done : often_away.acts) {
    if (done.what == deed::report) lost = json::parse(done.body).at("focus_lost").as_int64();
  }
  EXPECT_GE(lost, 6);
}

TEST(person, a_bad_line_is_seen_in_repeats_and_reloads) {
  int repeats = 0, looks = 0;
  for (std::uint64_t stream = 0; stream < 20; ++stream) {
    person who(habit::bad_line, 1, stream);
    const played journey = play(who, shown("WEB"));
    repeats += static_cast<int>(std::ranges::count(journey.acts, true, &act::twice));
    looks += journey.count(deed::look);
  }
  EXPECT_GT(repeats, 20);
  EXPECT_GT(looks, 25);
}

TEST(person, a_second_device_asks_for_a_token_of_its_own) {
  for (const std::string platform : {"WEB", "IOS"}) {
    person who(habit::two_devices, 1, 1);
    const played journey = play(who, shown(platform));
    EXPECT_EQ(journey.count(deed::ask_token), 2);
    EXPECT_EQ(journey.count(deed::look), 2);
  }
}

TEST(person, notices_answers_that_are_gone) {
  person who(habit::two_devices, 1, 1);
  journey_view view;
  int looks = 0;
  for (act now = who.next(view); now.what != deed::leave && looks < 2; now = who.next(view)) {
    if (now.what != deed::look) continue;
    if (++looks == 1) view = shown("WEB");
    if (looks == 2) view.answers = {{"q01", 0}};
  }
  EXPECT_GT(who.lost_answers().size(), 10u);
  EXPECT_TRUE(who.lost_answers().contains("q01")) << "another choice is a lost one too";
}

TEST(person, a_skipper_who_finds_nothing_required_completes) {
  journey_view free = shown("WEB");
  for (question& each : free.questions) each.required = false;
  person who(habit::skipper, 1, 1);
  (void)play(who, free);
  EXPECT_EQ(who.planned(), ending::complete);
}

TEST(person, one_question_is_enough) {
  for (const habit each : everybody) {
    person who(each, 1, 1);
    (void)play(who, shown("WEB", 1));
  }
}

// The API does not say which items are reverse-keyed; whoever reads them knows.
TEST(answering, knows_what_speaks_against_oneself_in_the_default_questionnaire) {
  std::ifstream file(test::tree_path("src/assessment/data/default_questionnaire.json"));
  const json::value whole = json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  int items = 0;
  for (const json::value& section : whole.at("sections").as_array()) {
    for (const json::value& item : section.at("items").as_array()) {
      ++items;
      EXPECT_EQ(speaks_against("default", std::string(item.at("key").as_string())), item.at("reverse").as_bool());
    }
  }
  EXPECT_EQ(items, 48);
}

}  // namespace
}  // namespace posthorn::cli
