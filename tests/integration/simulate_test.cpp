// The simulator against a real server that is killed on the way: what people did is in the store and at the receiver,
// once, and nothing else is.
#include <algorithm>
#include <future>
#include <map>
#include <set>

#include "integration/assessments.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

using texts_by_uid = std::map<std::string, std::vector<std::string>>;

std::string state_after(const std::string& ending) { return ending == "complete" ? "scored" : ending; }

class simulating : public assessments {
 protected:
  // Another deployment's production beside loans' test: neither may show in the other.
  simulating() : phones(make_deployment("phones", "assessment", "production")) {
    make_endpoint(receiver.url("/loans"));
    const api_caller caller = server.as(phones.api_key);
    EXPECT_EQ(caller.post("/v1/endpoints", R"({"url":")" + receiver.url("/phones") + "\"}").status, 201);
    EXPECT_EQ(
        caller.patch("/v1/integrations/" + phones.integration_id, R"({"assessment":{"platform":"ANDROID"}})").status,
        200);
  }

  std::string file(const std::string& name) const { return directory.path() + "/" + name; }

  std::vector<std::string> arguments(const environment& in, std::vector<std::string> more) const {
    std::vector<std::string> all{"simulate", "--url", "http://127.0.0.1:" + std::to_string(server.port()),
                                 "--integration-id", in.integration_id};
    std::ranges::move(more, std::back_inserter(all));
    return all;
  }
  finished_program simulate(const environment& in, std::vector<std::string> more) const {
    return run_posthorn(arguments(in, std::move(more)), {"POSTHORN_API_KEY=" + in.api_key});
  }
  std::future<finished_program> simulating_in_background(const environment& in, std::vector<std::string> more) const {
    return std::async(std::launch::async, [all = arguments(in, std::move(more)), key = in.api_key] {
      return run_posthorn(all, {"POSTHORN_API_KEY=" + key});
    });
  }

  json::array people_of(const std::string& name) const {
    std::ifstream in(file(name));
    return json::parse(std::string(std::istreambuf_iterator<char>(in), {})).at("people").as_array();
  }

  // A list from its first row to its last, page by page.
  json::array rows(const environment& in, const std::string& list) const {
    json::array all;
    std::string more;
    do {
      const http_answer page = server.as(in.api_key).get(list + "?limit=500" + more);
      EXPECT_EQ(page.status, 200) << page.body;
      const json::value body = page.json();
      for (const json::value& each : body.at("data").as_array()) all.push_back(each);
      more = body.at("next_cursor").is_null() ? "" : "&cursor=" + text(body.at("next_cursor"));
    } while (!more.empty());
    return all;
  }

  void let_time_pass_for_those_who_left() {
    const std::string left =
        "UPDATE session SET created_at=created_at-86400000,expires_at=created_at "
        "WHERE state IN ('created','consented','in_progress')";
    child_process sql({"/usr/bin/sqlite3", "-cmd", ".timeout 10000", server.data() + "/posthorn.db", left},
                      {.environment = {}, .err_file = "/dev/null"});
    ASSERT_EQ(sql.wait(), 0);
  }

  void expect_states(const environment& in, const json::array& people) const {
    std::map<std::string, std::string> planned, kept;
    for (const json::value& each : people) planned[text(each.at("uid"))] = state_after(text(each.at("expected")));
    const json::array sessions = rows(in, "/v1/sessions");
    for (const json::value& each : sessions) kept[text(each.at("uid"))] = text(each.at("state"));
    EXPECT_EQ(kept, planned);
    EXPECT_EQ(sessions.size(), people.size()) << "one session for each uid";
  }

  // The types of each uid, in the order in which they came first, once each has been verified; and their ids.
  texts_by_uid received(const std::string& path, const environment& in, std::set<std::string>& ids) const {
    texts_by_uid types;
    for (const received_request& each : receiver.requests()) {
      if (each.path != path || !ids.insert(each.id()).second) continue;
      EXPECT_TRUE(is_signed_with(each, {in.api_key}));
      const json::value body = json::parse(each.body);
      EXPECT_EQ(text(body.at("integration_id")), in.integration_id);
      EXPECT_EQ(text(body.at("event").at("type")), each.type());
      types[text(body.at("uid"))].push_back(each.type());
    }
    return types;
  }

  void expect_events(const std::string& path, const environment& in, const json::array& people) const {
    texts_by_uid planned, kept;
    std::size_t events = 0;
    for (const json::value& each : people) {
      for (const json::value& type : each.at("events").as_array()) planned[text(each.at("uid"))].push_back(text(type));
      events += each.at("events").as_array().size();
    }
    std::set<std::string> received_ids, kept_ids;
    EXPECT_EQ(received(path, in, received_ids), planned) << "completion before score, none missing, none invented";

    const json::array rows_kept = rows(in, "/v1/events");
    for (const json::value& each : rows_kept) {
      kept_ids.insert(text(each.at("id")));
      kept[text(each.at("uid"))].push_back(text(each.at("type")));
    }
    for (auto* list : {&planned, &kept}) {
      for (auto& [uid, types] : *list) std::ranges::sort(types);
    }
    EXPECT_EQ(kept, planned);
    EXPECT_EQ(kept_ids, received_ids);
    EXPECT_EQ(rows_kept.size(), events);
  }

  std::size_t distinct_received() const {
    std::set<std::string> ids;
    for (const received_request& each : receiver.requests()) ids.insert(each.id());
    return ids.size();
  }

  environment phones;
  temp_directory directory;
};

std::size_t events_planned(const json::array& people) {
  std::size_t events = 0;
  for (const json::value& each : people) events += each.at("events").as_array().size();
  return events;
}

TEST_F(simulating, a_thousand_journeys_over_a_kill_are_all_there_once) {
  auto web = simulating_in_background(
      test_env, {"--users", "600", "--concurrency", "40", "--seed", "1", "--uid-prefix", "web", "--json", file("web")});
  auto android = simulating_in_background(phones, {"--users", "400", "--profile", "android", "--concurrency", "20",
                                                   "--seed", "2", "--uid-prefix", "and", "--json", file("android")});
  ASSERT_TRUE(receiver.wait_for_accepted(300));
  EXPECT_EQ(web.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "to be killed underway";
  server.kill();
  server.start();
  const finished_program first = web.get(), second = android.get();
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(second.status, 0) << second.err;

  const json::array web_people = people_of("web"), android_people = people_of("android");
  ASSERT_EQ(web_people.size() + android_people.size(), 1'000u);
  let_time_pass_for_those_who_left();
  const std::size_t all = events_planned(web_people) + events_planned(android_people);
  const auto everything_came = [all](const scripted_receiver::log& log) {
    if (log.size() < all) return false;
    std::set<std::string> ids;
    for (const received_request& each : log) ids.insert(each.id());
    return ids.size() >= all;
  };
  EXPECT_TRUE(receiver.wait_for(everything_came)) << distinct_received() << " of " << all;

  const auto listed = [this](const environment& in) { return rows(in, "/v1/events").size(); };
  for (const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
       listed(test_env) + listed(phones) < all && std::chrono::steady_clock::now() < until;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  expect_states(test_env, web_people);
  expect_states(phones, android_people);
  expect_events("/loans", test_env, web_people);
  expect_events("/phones", phones, android_people);
}

TEST_F(simulating, a_journey_that_does_not_end_as_planned_fails_the_run) {
  EXPECT_EQ(simulate(test_env, {"--users", "2", "--uid-prefix", "again"}).status, 0);
  EXPECT_EQ(simulate(test_env, {"--users", "2", "--uid-prefix", "again", "--json", file("again")}).status, 1);
  for (const json::value& each : people_of("again")) {
    EXPECT_FALSE(each.at("as_planned").as_bool());
    EXPECT_TRUE(text(each.at("refusal")).contains("422")) << each;
  }
}

TEST_F(simulating, what_cannot_work_is_said_once_before_anybody_begins) {
  const finished_program other_platform = simulate(phones, {"--users", "9", "--profile", "ios"});
  EXPECT_EQ(other_platform.status, 1);
  EXPECT_TRUE(other_platform.err.contains("platform is IOS; this one's is ANDROID")) << other_platform.err;
  const finished_program wrong_key = simulate({test_env.integration_id, "ph_test_wrong"}, {"--users", "9"});
  EXPECT_EQ(wrong_key.status, 1);
  EXPECT_TRUE(wrong_key.err.contains("answered 401")) << wrong_key.err;
  EXPECT_TRUE(rows(test_env, "/v1/sessions").empty());

  for (const std::vector<std::string>& bad : {std::vector<std::string>{"--users", "0"},
                                              {"--users", "9", "--profile", "nobody"},
                                              {"--users", "9", "--uid-prefix", "a b"},
                                              {"--users", "9", "--pace", "slow"}}) {
    EXPECT_EQ(simulate(test_env, bad).status, 2) << bad.back();
  }
  EXPECT_EQ(simulate({"../keys", test_env.api_key}, {"--users", "9"}).status, 2);
}

TEST_F(simulating, an_interrupt_ends_it_with_the_table_so_far) {
  std::vector<std::string> command = arguments(test_env, {"--users", "5", "--pace", "real"});
  command.insert(command.begin(), posthorn_program());
  child_process people(std::move(command),
                       {.environment = {"POSTHORN_API_KEY=" + test_env.api_key}, .err_file = file("err")});
  read_until("/v1/sessions", [](const json::value& now) { return !now.at("data").as_array().empty(); });
  people.signal(SIGINT);
  std::vector<std::string> lines;
  while (auto line = people.out_line()) lines.push_back(*line);
  EXPECT_EQ(people.wait(), 1);
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_TRUE(lines[0].starts_with("outcome")) << lines[0];
  EXPECT_TRUE(lines[5].starts_with("0 of 5 journeys")) << lines[5];
}

}  // namespace
}  // namespace posthorn::test
