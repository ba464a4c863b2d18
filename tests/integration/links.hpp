// A running server with an integration for assessments, and links to them.
#pragma once

#include <string>
#include <vector>

#include "integration/assessments.hpp"

namespace posthorn::test {

class links : public assessments {
 protected:
  explicit links(server_options with = {}) : assessments(std::move(with)) {}

  static std::string slug(const http_answer& refused) {
    const std::string type = text(refused.json().at("type"));
    return type.substr(type.rfind('/') + 1);
  }
  static std::string token_of(const boost::json::value& link) {
    const std::string url = text(link.at("url"));
    return url.substr(url.find('#') + 1);
  }

  boost::json::value start_batch(const std::string& body) {
    const http_answer made = api().post("/v1/link-batches", body);
    EXPECT_EQ(made.status, 202) << made.body;
    return made.json();
  }
  boost::json::value until_made(const boost::json::value& batch) {
    return read_until("/v1/link-batches/" + text(batch.at("id")),
                      [](const boost::json::value& now) { return now.at("state") == "made"; });
  }
  // All links of a batch, page by page.
  std::vector<boost::json::value> all_of(const boost::json::value& batch) {
    const std::string at = "/v1/link-batches/" + text(batch.at("id")) + "/links?limit=500";
    std::vector<boost::json::value> found;
    for (std::string cursor;;) {
      const boost::json::value page = read(at + (cursor.empty() ? "" : "&cursor=" + cursor));
      for (const boost::json::value& each : page.at("data").as_array()) found.push_back(each);
      if (page.at("next_cursor").is_null()) return found;
      cursor = text(page.at("next_cursor"));
    }
  }
  boost::json::value link_of(const std::string& uid) {
    return all_of(start_batch(R"({"name":"one","uids":[")" + uid + "\"]}")).at(0);
  }
  boost::json::value seen(const boost::json::value& link) { return read("/v1/links/" + text(link.at("id"))); }
  http_answer regenerate(const boost::json::value& link) {
    return api().post("/v1/links/" + text(link.at("id")) + "/regenerate");
  }

  // As the page does. `address`: who fails often has to wait, so tests of many failures come from many.
  http_answer open(const std::string& token, const std::string& address = "") {
    http_headers headers{{"Content-Type", "application/json"}};
    if (!address.empty()) headers.emplace_back("X-Forwarded-For", address);
    http_connection connection(server.port());
    return connection.call("POST", "/v1/journey/link", headers, R"({"token":")" + token + "\"}");
  }
  // The caller that the link leads to.
  api_caller person_by(const boost::json::value& link) {
    const http_answer opened = open(token_of(link));
    EXPECT_EQ(opened.status, 200) << opened.body;
    return server.as(text(opened.json().at("access_token")));
  }

  // Time is moved in the store, not waited for.
  void move_link_time(const boost::json::value& link, const std::string& assignments) {
    child_process sql({"/usr/bin/sqlite3", "-cmd", ".timeout 10000", server.data() + "/posthorn.db",
                       "UPDATE link SET " + assignments + " WHERE uid='" + text(link.at("uid")) + "'"},
                      {.environment = {}, .err_file = "/dev/null"});
    ASSERT_EQ(sql.wait(), 0);
  }
};

}  // namespace posthorn::test
