// Export and erasure of one person (contract 6: "an admin can export and erase one uid (answers, results, payloads,
// links); audited; event skeletons (type, times, outcomes) remain"), to the last byte of the data directory.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "integration/assessments.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

constexpr const char* uid = "5e1f00d5e1f00d5e1f00d501";    // a session's, and an id of certificates as well
constexpr const char* other = "0ddba110ddba110ddba11002";  // who stays
const std::string marker = "kept-nowhere-7f3a";            // what only the person's payloads and answers say

class erasing : public assessments {
 protected:
  static std::string of(const std::string& path, const std::string& more = "") {
    return std::string("/v1/people/") + path + more;
  }

  // The files of the data directory that have `text` in them.
  std::vector<std::string> files_with(const std::string& text) const {
    std::vector<std::string> found;
    for (const auto& each : std::filesystem::recursive_directory_iterator(server.data())) {
      if (!each.is_regular_file()) continue;
      std::ifstream file(each.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(file), {});
      if (bytes.find(text) != std::string::npos) found.push_back(each.path().filename());
    }
    return found;
  }

  void scored_session(const std::string& who) {
    const api_caller person = consenting(who);
    EXPECT_EQ(answers(person, every_answer(2)).status, 200);
    EXPECT_EQ(answers(person, every_answer(3)).status, 200);
    EXPECT_EQ(state_of(submit(person)), "scored");
  }

  void make_rule() {
    const http_answer rule = api().post(
        "/v1/certificate-rules", R"({"name":"Safety","description":"Annual","owner_id":"0badcafe0badcafe0badcafe",)"
                                 R"("validity_days":30,"lessons":["1e550000000000000000000a"]})");
    ASSERT_EQ(rule.status, 201) << rule.body;
  }
  void link(const std::string& who) {
    const http_answer made = api().post("/v1/link-batches", R"({"name":"intake","uids":[")" + who + "\"]}");
    EXPECT_EQ(made.status, 202) << made.body;
  }
  // Awarded by its lesson; asking for it by hand as well changes nothing, and is told in the log of changes.
  void certificate(const std::string& who) {
    EXPECT_EQ(
        api()
            .post("/v1/lesson-completions", R"({"user_id":")" + who + R"(","lesson_id":"1e550000000000000000000a"})")
            .status,
        200);
    const json::value page = read("/v1/certificates?user_id=" + who);
    ASSERT_EQ(page.at("data").as_array().size(), 1u);
    EXPECT_EQ(api().post("/v1/certificates/" + text(page.at("data").at(0).at("id")) + "/renew").status, 200);
  }

  accepted event(const std::string& who, const std::string& note) {
    return send(R"({"type":"order.paid","uid":")" + who + R"(","payload":{"note":")" + note + "\"}}",
                {{"Idempotency-Key", "key-" + who}});
  }

  void until_all_delivered(const std::string& who) {
    read_until("/v1/events?uid=" + who, [](const json::value& page) {
      return std::ranges::all_of(page.at("data").as_array(),
                                 [](const json::value& each) { return each.at("state").as_string() != "pending"; });
    });
  }

  json::value erase(const std::string& who, int status = 200) {
    const http_answer done = api().remove(of(who));
    EXPECT_EQ(done.status, status) << done.body;
    return done.json();
  }
};

// Everything that can hold a uid: session, answers, results, link, certificate, lesson, events that were delivered,
// refused and reported, an Idempotency-Key, the attempts' evidence, refused calls, the log of changes.
TEST_F(erasing, leaves_no_byte_of_the_person_and_the_skeleton_of_the_events) {
  receiver.answer_with([](const received_request& request, int) {
    // A receiver that gives back what it got: all of it becomes evidence.
    return reply{.status = request.path == "/refuse" ? 400 : 200, .body = request.body};
  });
  make_endpoint(receiver.url());
  const std::string refusing = make_endpoint(
      receiver.url("/refuse"), R"(,"event_types":["order.*"],"retry":{"schedule_s":[0,0]},"order":"none")");
  make_endpoint(receiver.url("/news"), R"(,"kind":"operational","preset":"standard","event_types":["*"])");
  make_rule();
  for (const char* who : {other, uid}) {
    link(who);
    scored_session(who);
    certificate(who);
    EXPECT_EQ(ask_token(who).status, 422) << "a refused call that names the uid";
  }
  const accepted mine = event(uid, marker);
  const accepted theirs = event(other, "stays");
  for (const accepted& each : {mine, theirs}) {
    read_until_state(each.deliveries.at(0), "delivered");
    read_until_state(each.deliveries.at(1), "failed");
  }
  ASSERT_TRUE(receiver.wait_for([](const auto& log) {
    return std::ranges::count(log, "delivery.failed",
                              [](const auto& each) { return each.header("webhook-event-type"); }) >= 2;
  }));
  until_all_delivered(uid);
  until_all_delivered(other);
  until_all_delivered(refusing);

  // The request log is written behind the calls.
  const json::value whole =
      read_until(of(uid), [](const json::value& now) { return !now.at("refused_requests").as_array().empty(); });
  EXPECT_EQ(whole.at("sessions").as_array().size(), 1u);
  EXPECT_FALSE(whole.at("sessions").at(0).at("given").at("items").as_object().empty());
  EXPECT_EQ(whole.at("links").as_array().size(), 1u);
  EXPECT_EQ(whole.at("certificates").as_array().size(), 1u);
  EXPECT_EQ(whole.at("lesson_completions").as_array().size(), 1u);
  const json::array& events = whole.at("events").as_array();
  EXPECT_GE(events.size(), 4u);
  EXPECT_EQ(text(events[0].at("payload")), R"({"note":")" + marker + "\"}");
  EXPECT_NE(text(events[0].at("deliveries").at(0).at("attempts").at(0).at("response_body")).find(marker),
            std::string::npos);
  EXPECT_TRUE(whole.at("next_cursor").is_null());
  EXPECT_FALSE(files_with(uid).empty());

  const json::value done = erase(uid).at("erased");
  EXPECT_EQ(done.at("sessions"), json::value(1));
  EXPECT_EQ(done.at("links"), json::value(1));
  EXPECT_EQ(done.at("certificates"), json::value(1));
  EXPECT_EQ(done.at("lesson_completions"), json::value(1));
  EXPECT_EQ(done.at("events").to_number<std::size_t>(), events.size() + 1) << "and the notice of the failed delivery";
  EXPECT_EQ(files_with(uid), types{});
  EXPECT_EQ(files_with(marker), types{});
  EXPECT_FALSE(files_with(other).empty());

  const auto holds = [&] {
    const json::value skeleton = read("/v1/events/" + mine.id);
    EXPECT_TRUE(skeleton.at("erased").as_bool() && skeleton.at("uid").is_null());
    EXPECT_EQ(text(skeleton.at("type")), "order.paid");
    EXPECT_EQ(text(skeleton.at("state")), "failed");
    EXPECT_EQ(text(skeleton.at("deliveries").at(0).at("state")), "delivered");
    const json::value attempt = skeleton.at("deliveries").at(1).at("attempts").at(0);
    EXPECT_EQ(attempt.at("status"), json::value(400));
    EXPECT_EQ(text(attempt.at("response_body")), "");
    EXPECT_EQ(read("/v1/events?type=order.paid").at("data").as_array().size(), 2u);
    EXPECT_TRUE(read("/v1/events?uid=" + std::string(uid)).at("data").as_array().empty());
    EXPECT_EQ(read("/v1/events?uid=" + std::string(other)).at("data").as_array().size(), events.size());
    for (const std::string& gone : {"/v1/events/" + mine.id + "/payload"}) EXPECT_EQ(api().get(gone).status, 410);
  };
  holds();
  const json::value kept = read(of(other));
  EXPECT_EQ(kept.at("sessions").as_array().size(), 1u);
  EXPECT_EQ(kept.at("certificates").as_array().size(), 1u);
  EXPECT_NE(text(kept.at("events").at(0).at("payload")).find("stays"), std::string::npos);

  const json::value log = server.admin().get("/v1/audit?limit=1").json().at("data").at(0);
  EXPECT_EQ(text(log.at("action")), "GET /v1/people/{uid}") << "an export is told, too";
  EXPECT_EQ(text(log.at("object")), other);
  EXPECT_EQ(server.admin().get("/v1/audit").body.find(uid), std::string::npos);
  EXPECT_NE(server.admin().get("/v1/audit").body.find("DELETE /v1/people/{uid}"), std::string::npos);

  // The index is made anew from what the store has.
  ASSERT_EQ(server.terminate(), 0);
  for (const char* file : {"/index.db", "/index.db-wal", "/index.db-shm"}) {
    std::filesystem::remove(server.data() + file);
  }
  server.start();
  holds();
  EXPECT_EQ(files_with(uid), types{});
}

TEST_F(erasing, waits_for_what_is_still_owed_and_erases_nothing_before) {
  const std::string endpoint = make_endpoint(receiver.url());
  scored_session(uid);
  until_all_delivered(uid);
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/pause").status, 200);
  const accepted parked = event(uid, marker);
  const json::value refused = erase(uid, 409);
  EXPECT_EQ(text(refused.at("type")).substr(text(refused.at("type")).rfind('/')), "/not-acceptable-now");
  EXPECT_NE(text(refused.at("detail")).find(parked.id), std::string::npos) << refused;
  EXPECT_NE(text(refused.at("detail")).find("/cancel"), std::string::npos) << refused;
  EXPECT_EQ(read(of(uid)).at("sessions").as_array().size(), 1u);
  EXPECT_EQ(api().post("/v1/deliveries/" + parked.deliveries.at(0) + "/cancel").status, 200);
  EXPECT_EQ(erase(uid).at("erased").at("sessions"), json::value(1));
  EXPECT_EQ(files_with(uid), types{});
  EXPECT_EQ(files_with(marker), types{});
}

TEST_F(erasing, an_erased_event_is_never_sent_again) {
  const std::string endpoint = make_endpoint(receiver.url(), R"(,"order":"none")");
  const accepted mine = event(uid, marker);
  const accepted theirs = event(other, "stays");
  read_until_state(mine.deliveries.at(0), "delivered");
  read_until_state(theirs.deliveries.at(0), "delivered");
  erase(uid);
  for (const std::string& again : {"/v1/deliveries/" + mine.deliveries.at(0) + "/replay"}) {
    const http_answer refused = api().post(again);
    EXPECT_EQ(refused.status, 410) << refused.body;
    EXPECT_EQ(text(refused.json().at("type")).substr(text(refused.json().at("type")).rfind('/')), "/erased");
  }
  EXPECT_EQ(api().post("/v1/events/" + mine.id + "/replay", "{}").status, 410);
  const http_answer job = api().post("/v1/replays", R"({"endpoint_id":")" + endpoint + R"(","state":"delivered"})");
  ASSERT_EQ(job.status, 202) << job.body;
  const json::value ended = read_until("/v1/jobs/" + text(job.json().at("id")),
                                       [](const json::value& now) { return text(now.at("state")) != "running"; });
  EXPECT_EQ(ended.at("requeued"), json::value(1)) << ended;
  EXPECT_EQ(ended.at("skipped"), json::value(1)) << ended;
  ASSERT_TRUE(receiver.wait_for_accepted(3));
  std::size_t arrivals = 0;
  for (const received_request& each : receiver.requests()) arrivals += each.id() == mine.id ? 1 : 0;
  EXPECT_EQ(arrivals, 1u);
  // The key may come again: it is a new event.
  EXPECT_NE(event(uid, "anew").id, mine.id);
}

TEST_F(erasing, reaches_its_own_environment_and_a_live_session_ends_without_event) {
  const json::value made = server.admin().post("/v1/deployments", R"({"name":"both"})").json().at("environments");
  const environment elsewhere{text(made.at("test").at("integration_id")), text(made.at("test").at("api_key"))};
  const std::string token = text(ask_token(uid, elsewhere).json().at("access_token"));
  const api_caller live = consenting(uid);
  EXPECT_EQ(answers(live, every_answer(2, 5)).status, 200);
  EXPECT_EQ(server.as(elsewhere.api_key).remove(of(uid, "?integration_id=" + test_env.integration_id)).status, 403);
  erase(uid);
  EXPECT_EQ(live.get("/v1/journey").status, 401);
  EXPECT_EQ(answers(live, every_answer(2)).status, 401);
  EXPECT_TRUE(read("/v1/sessions?uid=" + std::string(uid)).at("data").as_array().empty());
  EXPECT_EQ(events_of(uid), 0u);
  EXPECT_EQ(server.as(token).get("/v1/journey").status, 200) << "the other environment's";
  EXPECT_EQ(ask_token(uid).status, 200) << "a new person, as far as anybody knows";
}

// Overwriting reads the whole file and needs the journal for itself: only for an erasure that took something away, and
// then until it has been done.
TEST_F(erasing, goes_through_the_file_only_for_what_was_erased) {
  scored_session(uid);
  const std::string gate = server.data() + "/gate";
  ASSERT_EQ(::mkfifo(gate.c_str(), 0600), 0);
  child_process reader({"/usr/bin/sqlite3", "-readonly", server.data() + "/posthorn.db", "BEGIN",
                        "SELECT count(*) FROM event", ".shell echo reads; cat " + gate});
  ASSERT_EQ(reader.out_line(), "reads");
  EXPECT_EQ(erase("nobody-0001").at("erased").at("sessions"), json::value(0));
  erase(uid, 503);
  erase("nobody-0001", 503);  // somebody's traces are left
  std::ofstream(gate) << "go on";
  EXPECT_EQ(reader.wait(), 0);
  EXPECT_EQ(erase("nobody-0001").at("erased").at("sessions"), json::value(0));
  EXPECT_EQ(files_with(uid), types{});
}

TEST_F(erasing, goes_on_after_a_kill_when_it_is_asked_again) {
  constexpr int batches = 8, lines = 1'000;
  for (int batch = 0; batch < batches; ++batch) {
    std::string body;
    for (int i = 0; i < lines; ++i) {
      body += R"({"type":"order.paid","uid":")" + std::string(uid) + R"(","payload":{"note":")" + marker +
              std::string(500, 'x') + "\"}}\n";
    }
    ASSERT_EQ(api().post_batch(body).status, 202);
  }
  scored_session(uid);
  const std::string newest = text(read("/v1/events?type=order.paid&limit=1").at("data").at(0).at("id"));
  std::future<http_answer> asked = std::async(std::launch::async, [this] { return api().remove(of(uid)); });
  read_until("/v1/events/" + newest, [](const json::value& now) { return now.at("erased").as_bool(); });
  server.kill();
  (void)asked.get();
  server.start();
  erase(uid);
  EXPECT_EQ(files_with(uid), types{});
  EXPECT_EQ(files_with(marker), types{});
  std::size_t skeletons = 0;
  std::string at;
  do {
    const json::value page = read("/v1/events?type=order.paid&limit=500" + (at.empty() ? at : "&cursor=" + at));
    for (const auto& each : page.at("data").as_array()) skeletons += each.at("erased").as_bool() ? 1 : 0;
    at = page.at("next_cursor").is_null() ? "" : text(page.at("next_cursor"));
  } while (!at.empty());
  EXPECT_EQ(skeletons, static_cast<std::size_t>(batches * lines));
}

}  // namespace
}  // namespace posthorn::test
