// Batches of links (contract 2.8): "a batch name and a count: that many links … export as CSV; uids come from an
// uploaded CSV or are generated", in numbers, over kills, and with every line that is wrong.
#include <set>

#include "integration/links.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class link_batch : public links {
 protected:
  http_answer upload(const std::string& csv, const std::string& query = "?name=upload") {
    http_connection connection(server.port());
    return connection.call("POST", "/v1/link-batches" + query,
                           {{"api-key", test_env.api_key}, {"Content-Type", "text/csv; charset=utf-8"}}, csv);
  }
  http_answer export_of(const json::value& batch, const std::string& more = "") {
    return api().get("/v1/link-batches/" + text(batch.at("id")) + "/links?format=csv" + more);
  }
  std::vector<std::string> details_of(const http_answer& refused) {
    EXPECT_EQ(refused.status, 422) << refused.body;
    std::vector<std::string> details;
    const json::value problem = refused.json();
    for (const json::value& each : problem.at("errors").as_array()) details.push_back(text(each.at("detail")));
    return details;
  }
};

std::size_t lines_of(const std::string& csv) { return static_cast<std::size_t>(std::ranges::count(csv, '\n')); }

TEST_F(link_batch, of_ten_thousand_is_made_with_progress_and_exported) {
  const json::value batch = start_batch(R"({"name":"Spring intake","count":10000})");
  EXPECT_EQ(batch.at("made"), 500) << "the first ones come with the answer";
  EXPECT_EQ(batch.at("state"), "making");
  EXPECT_EQ(batch.at("name"), "Spring intake");
  const json::value whole = until_made(batch);
  EXPECT_EQ(whole.at("made"), 10'000);
  const http_answer csv = export_of(batch);
  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(lines_of(csv.body), 10'001u);
  EXPECT_EQ(csv.header("Next-Cursor"), "");
  EXPECT_TRUE(csv.header("Content-Disposition").contains("links.csv"));
  std::set<std::string> uids, urls;
  for (const json::value& each : all_of(batch)) {
    uids.insert(text(each.at("uid")));
    urls.insert(text(each.at("url")));
  }
  EXPECT_EQ(uids.size(), 10'000u);
  EXPECT_EQ(urls.size(), 10'000u);
  EXPECT_EQ(read("/v1/link-batches").at("data").at(0), whole);
}

TEST_F(link_batch, killed_on_the_way_ends_with_exactly_its_uids_in_their_order) {
  std::string csv = "uid\n";
  std::vector<std::string> uids;
  for (int i = 0; i < 10'000; ++i) {
    uids.push_back("person-" + std::to_string(i * 7));
    csv += uids.back() + "\n";
  }
  const json::value batch = upload(csv).json();
  std::int64_t before = 0;
  for (int kills = 0; kills < 4; ++kills) {
    const json::value some = read_until("/v1/link-batches/" + text(batch.at("id")), [&](const json::value& now) {
      return now.at("made").as_int64() > before || now.at("state") == "made";
    });
    before = some.at("made").as_int64();
    server.kill();
    server.start();
    EXPECT_GE(read("/v1/link-batches/" + text(batch.at("id"))).at("made").as_int64(), before);
  }
  EXPECT_EQ(until_made(batch).at("made"), 10'000);
  std::vector<std::string> found;
  for (const json::value& each : all_of(batch)) found.push_back(text(each.at("uid")));
  EXPECT_EQ(found, uids);
}

TEST_F(link_batch, is_exported_once_it_is_whole) {
  const json::value batch = start_batch(R"({"name":"large","count":10000})");
  const http_answer early = export_of(batch);
  EXPECT_TRUE(early.status == 409 || early.status == 200) << "by then it may be made";
  (void)until_made(batch);
  EXPECT_EQ(export_of(batch).status, 200);
  const http_answer part = export_of(batch, "&limit=300");
  EXPECT_EQ(lines_of(part.body), 301u);
  EXPECT_EQ(lines_of(export_of(batch, "&limit=300&cursor=" + part.header("Next-Cursor")).body), 301u);
}

TEST_F(link_batch, export_can_be_uploaded_again) {
  const std::string odd = "uid,name\r\n\"anna-0001\",\"Anna \"\"A\"\"\"\r\n'-ben-1,Ben\r\ncarl-0003,\"C\nD\"\r\n\r\n";
  const http_answer made = upload("\xEF\xBB\xBF" + odd);
  ASSERT_EQ(made.status, 202) << made.body;
  EXPECT_EQ(made.json().at("count"), 3);
  EXPECT_EQ(made.json().at("state"), "made") << "small ones are whole at once";
  const std::string csv = export_of(made.json()).body;
  EXPECT_TRUE(csv.contains("\"'-ben-1\"")) << csv;
  const http_answer again = upload(csv, "?name=again");
  ASSERT_EQ(again.status, 202) << again.body;
  std::vector<std::string> uids;
  for (const json::value& each : all_of(again.json())) uids.push_back(text(each.at("uid")));
  EXPECT_EQ(uids, (std::vector<std::string>{"anna-0001", "-ben-1", "carl-0003"}));
}

TEST_F(link_batch, names_every_line_that_is_wrong) {
  const std::vector<std::string> wrong =
      details_of(upload("anna-0001\nben\n\ncarl-0003,x\n\"dora\"1\nanna-0001\nemil_0005\n"));
  ASSERT_EQ(wrong.size(), 5u);
  EXPECT_EQ(wrong[0], "line 2: the uid must be 5 to 60 characters of A-Z, a-z, 0-9 and '-'");
  EXPECT_TRUE(wrong[1].starts_with("line 4: has several cells")) << wrong[1];
  EXPECT_TRUE(wrong[2].starts_with("line 5: has a quote")) << wrong[2];
  EXPECT_EQ(wrong[3], "line 6: has the uid of line 1 again: each uid once");
  EXPECT_TRUE(wrong[4].starts_with("line 7: ")) << wrong[4];
  EXPECT_EQ(details_of(upload("uid\n")).at(0), "has no uid: send one a line");
  EXPECT_EQ(details_of(upload("name,uid\nAnna\n")).at(0), "line 2: has no cell in the column `uid`");
  std::string many;
  for (int i = 0; i < 10'001; ++i) many += "person-" + std::to_string(i) + "\n";
  EXPECT_TRUE(details_of(upload(many)).at(0).contains("more than 10000")) << "no batch is cut short";
  EXPECT_EQ(upload("anna-0001\n", "").status, 422) << "it has no name";
  EXPECT_EQ(upload(std::string(1'100'000, 'a')).status, 413);
  EXPECT_TRUE(read("/v1/link-batches").at("data").as_array().empty()) << "nothing was made";
}

TEST_F(link_batch, is_refused_by_what_is_wrong_with_its_body) {
  const struct {
    std::string body, pointer;
  } cases[] = {
      {R"({"count":5})", "/name"},
      {R"({"name":"","count":5})", "/name"},
      {R"({"name":"a"})", "/count"},
      {R"({"name":"a","count":5,"uids":["anna-0001"]})", "/count"},
      {R"({"name":"a","count":0})", "/count"},
      {R"({"name":"a","count":10001})", "/count"},
      {R"({"name":"a","uids":[]})", "/uids"},
      {R"({"name":"a","uids":["anna-0001","b"]})", "/uids/1"},
      {R"({"name":"a","uids":["anna-0001",7]})", "/uids/1"},
      {R"({"name":"a","uids":["anna-0001","ben-00001","anna-0001"]})", "/uids/2"},
      {R"({"name":"a","count":5,"x":1})", "/x"},
  };
  for (const auto& each : cases) {
    const http_answer refused = api().post("/v1/link-batches", each.body);
    EXPECT_EQ(refused.status, 422) << each.body;
    EXPECT_EQ(refused.json().at("errors").at(0).at("pointer"), json::value(each.pointer)) << refused.body;
  }
  EXPECT_EQ(api().post("/v1/link-batches?name=b", R"({"name":"a","count":5})").status, 422);
  http_connection connection(server.port());
  EXPECT_EQ(connection
                .call("POST", "/v1/link-batches?name=b",
                      {{"api-key", test_env.api_key}, {"Content-Type", "text/plain"}}, "anna-0001")
                .status,
            415);
  const json::value batch = start_batch(R"({"name":"a","count":5})");
  EXPECT_EQ(api().get("/v1/link-batches/" + text(batch.at("id")) + "/links?format=xml").status, 422);
  EXPECT_EQ(api().get("/v1/link-batches/lkb_0000000000000").status, 404);
  EXPECT_EQ(api().get("/v1/links/lnk_0000000000000").status, 404);
  EXPECT_EQ(api().post("/v1/links/lnk_0000000000000/regenerate").status, 404);
  const environment other = make_deployment("other", "assessment");
  EXPECT_EQ(server.as(other.api_key).get("/v1/link-batches/" + text(batch.at("id"))).status, 404);
  EXPECT_EQ(server.as(other.api_key).get("/v1/links/" + text(all_of(batch).at(0).at("id"))).status, 404);
}

}  // namespace
}  // namespace posthorn::test
