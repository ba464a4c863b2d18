// The address guard of a server that runs as in production (contract 3; --allow-private-endpoints is off): what an
// endpoint's URL may name at its creation, and what a name may resolve to when a connection is made.
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <memory>
#include <thread>

#include "integration/platform.hpp"
#include "support/name_server.hpp"
#include "support/private_spellings.hpp"

namespace posthorn::test {
namespace {

namespace asio = boost::asio;
using boost::json::value;

// Counts who connects to 127.0.0.2, where nobody may.
class forbidden_neighbour {
 public:
  forbidden_neighbour(asio::io_context& io, std::uint16_t port)
      : acceptor_(io, {asio::ip::make_address_v4("127.0.0.2"), port}) {
    accept();
  }
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, asio::ip::tcp::socket) {
      if (error) return;
      ++connections_;
      accept();
    });
  }

  asio::ip::tcp::acceptor acceptor_;
  std::atomic<int> connections_{0};
};

// A DNS server on a thread of its own; the posthorn asks it, and may reach 127.0.0.1 and no other private address.
struct names_of_customers {
  names_of_customers() : server(io) {
    server.ttl_s = 1;  // the resolver keeps it limits::dns_ttl_s_min
  }
  ~names_of_customers() {
    io.stop();
    thread.join();
  }
  void set(const std::string& name, const std::string& address) {
    asio::post(io, asio::use_future([&] { server.names[name] = address; })).get();
  }

  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> stays{io.get_executor()};
  name_server server;
  std::thread thread{[this] { io.run(); }};
};

class guarded : public platform {
 protected:
  guarded() : platform({.allow_private_endpoints = false}) {}
};

class addresses : public platform {
 protected:
  addresses() : addresses(std::make_unique<names_of_customers>()) {}
  explicit addresses(std::unique_ptr<names_of_customers> of)
      : platform({.flags = {"--allow-subnet", "127.0.0.1/32", "--dns-server", of->server.address()},
                  .allow_private_endpoints = false}),
        names(std::move(of)) {}

  std::uint16_t receiver_port() const {
    const std::string url = receiver.url("");
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }

  std::unique_ptr<names_of_customers> names;
};

TEST_F(guarded, addresses_are_refused_at_creation_however_they_are_written) {
  for (const char* host : private_spellings) {
    const http_answer direct =
        api().post("/v1/endpoints", R"({"url":"https://)" + std::string(host) + R"(:8443/hook"})");
    EXPECT_EQ(direct.status, 422) << host << ": " << direct.body;
    EXPECT_NE(direct.body.find("/url"), std::string::npos) << host << ": " << direct.body;
    const http_answer token =
        api().post("/v1/endpoints", R"({"url":"https://hooks.example/","auth":{"authType":"oauth2",)"
                                    R"("client_id":"us","client_secret":"hush","token_url":"https://)" +
                                        std::string(host) + R"(/token"}})");
    EXPECT_EQ(token.status, 422) << host << ": " << token.body;
    EXPECT_NE(token.body.find("/auth/token_url"), std::string::npos) << host << ": " << token.body;
  }
  for (const char* url : {"https://hooks.example@127.0.0.2/", "https://127.0.0.2#@hooks.example/",
                          "https://127.0.0.2\\\\@hooks.example/", "https://hooks.example\\n.127.0.0.2/"}) {
    const http_answer tricky = api().post("/v1/endpoints", R"({"url":")" + std::string(url) + "\"}");
    EXPECT_EQ(tricky.status, 422) << url << ": " << tricky.body;
  }
}

TEST_F(addresses, which_a_name_moves_to_between_two_tries_are_refused) {
  const forbidden_neighbour neighbour(names->io, receiver_port());
  names->set("hooks.customer.test", "127.0.0.1");
  receiver.answer_with([this](const received_request&, int) {
    names->set("hooks.customer.test", "127.0.0.2");
    return reply{.status = 500, .headers = {{"Connection", "close"}}};
  });
  // The second try comes when the first one's answer is no longer cached.
  make_endpoint("http://hooks.customer.test:" + std::to_string(receiver_port()) + "/hook",
                R"(,"retry":{"schedule_s":[0,6]})");
  const accepted event = send_numbered("user-00001", 1);
  const value ended = read_until_state(event.deliveries.at(0), "failed");
  const auto& tries = ended.at("attempts").as_array();
  ASSERT_EQ(tries.size(), 2u);
  EXPECT_EQ(tries[0].at("status").as_int64(), 500);
  EXPECT_EQ(tries[1].at("error").as_string(), "address_refused") << ended;
  EXPECT_EQ(tries[1].at("error_detail").as_string(), "hooks.customer.test leads to no address that may be reached");
  EXPECT_EQ(boost::json::serialize(ended).find("127.0.0.2"), std::string::npos) << ended;
  EXPECT_NE(server.log().find("127.0.0.2 may not be reached: loopback address"), std::string::npos);
  EXPECT_EQ(neighbour.connections(), 0);
}

TEST_F(addresses, of_names_are_judged_at_the_first_connection_too) {
  const forbidden_neighbour neighbour(names->io, receiver_port());
  names->set("inside.customer.test", "127.0.0.2");
  make_endpoint("http://inside.customer.test:" + std::to_string(receiver_port()) + "/hook",
                R"(,"retry":{"schedule_s":[0]})");
  const accepted event = send_numbered("user-00001", 1);
  const value ended = read_until_state(event.deliveries.at(0), "failed");
  EXPECT_EQ(ended.at("attempts").at(0).at("error").as_string(), "address_refused") << ended;
  EXPECT_EQ(neighbour.connections(), 0);
}

// Of what was reached under --allow-subnet, too, and of an access token's address.
TEST_F(addresses, of_ones_own_network_show_in_the_log_alone) {
  names->set("closed.customer.test", "127.0.0.1");
  const std::string closed = "http://closed.customer.test:1/hook";  // port 1: nobody listens
  make_endpoint(closed, R"(,"retry":{"schedule_s":[0]})");
  const value refused = read_until_state(send_numbered("user-00001", 1).deliveries.at(0), "failed");
  EXPECT_EQ(refused.at("attempts").at(0).at("error_detail").as_string(), "connection refused by closed.customer.test:1")
      << refused;
  EXPECT_NE(server.log().find(R"("peer":"127.0.0.1:1")"), std::string::npos);

  names->set("answers.customer.test", "127.0.0.1");
  names->set("tokens.customer.test", "127.0.0.2");
  receiver.answer_with([](const received_request&, int) { return reply::dropped(); });
  const std::string open = "http://answers.customer.test:" + std::to_string(receiver_port()) + "/hook";
  const std::string id = make_endpoint(open, R"(,"retry":{"schedule_s":[0]},"event_types":["test.second"])");
  const value dropped = read_until_state(send_numbered("user-00002", 2, "test.second").deliveries.at(1), "failed");
  EXPECT_EQ(dropped.at("attempts").at(0).at("error").as_string(), "connection") << dropped;
  EXPECT_EQ(boost::json::serialize(dropped.at("attempts")).find("127.0.0.1"), std::string::npos) << dropped;
  EXPECT_EQ(api()
                .patch("/v1/endpoints/" + id, R"({"auth":{"authType":"oauth2","client_id":"us","client_secret":"hush",)"
                                              R"("token_url":"http://tokens.customer.test/token"}})")
                .status,
            200);
  const value unauthorized = read_until_state(send_numbered("user-00003", 3, "test.second").deliveries.at(1), "failed");
  EXPECT_EQ(unauthorized.at("attempts").at(0).at("error_detail").as_string(),
            "the token endpoint: tokens.customer.test leads to no address that may be reached")
      << unauthorized;
}

constexpr std::array local_names{"localhost",      "LOCALHOST.",  "db.localhost", "printer.local",
                                 "Printer.LOCAL.", "db.internal", "nas.home.arpa"};

std::string scorer_at(const std::string& url) {
  return R"({"assessment":{"external_scorer":{"url":")" + url + R"("}}})";
}

TEST_F(guarded, names_of_ones_own_are_refused_wherever_an_address_is_configured) {
  const std::string known = make_endpoint("https://hooks.example/");
  for (const char* host : local_names) {
    const std::string url = "https://" + std::string(host) + ":8443/hook";
    const auto expect_refused = [&](const http_answer& given, std::string_view field) {
      EXPECT_EQ(given.status, 422) << url << ": " << given.body;
      EXPECT_NE(given.body.find(field), std::string::npos) << url << ": " << given.body;
      EXPECT_NE(given.body.find("may not be reached: a name of the server"), std::string::npos) << given.body;
    };
    const std::string auth =
        R"("auth":{"authType":"oauth2","client_id":"us","client_secret":"hush","token_url":")" + url + "\"}";
    expect_refused(api().post("/v1/endpoints", R"({"url":")" + url + "\"}"), "/url");
    expect_refused(api().patch("/v1/endpoints/" + known, R"({"url":")" + url + "\"}"), "/url");
    expect_refused(api().post("/v1/endpoints", R"({"url":"https://hooks.example/",)" + auth + "}"), "/auth/token_url");
    expect_refused(api().patch("/v1/endpoints/" + known, "{" + auth + "}"), "/auth/token_url");
    expect_refused(api().patch("/v1/integrations/" + test_env.integration_id, scorer_at(url)), "/external_scorer/url");
  }
}

TEST_F(addresses, of_names_of_this_host_are_opened_by_a_block_of_its_addresses) {
  make_endpoint("http://localhost:" + std::to_string(receiver_port()) + "/hook");
  EXPECT_EQ(api().post("/v1/endpoints", R"({"url":"https://db.internal/"})").status, 422);
}

TEST(addresses_of_a_store, made_under_other_flags_stay) {
  server_process open;
  const http_answer deployment = open.admin().post("/v1/deployments", R"({"name":"shop","preset":"standard"})");
  const boost::json::value whole = deployment.json();
  const auto& test_env = whole.at("environments").at("test");
  const std::string key(test_env.at("api_key").as_string());
  const std::string integration = "/v1/integrations/" + std::string(test_env.at("integration_id").as_string());
  const std::string url = "https://db.internal/hook";
  const std::string settings = R"({"url":")" + url +
                               R"(","retry":{"schedule_s":[0]},"auth":{"authType":"oauth2",)"
                               R"("client_id":"us","client_secret":"hush","token_url":"https://localhost/token"}})";
  const http_answer made = open.as(key).post("/v1/endpoints", settings);
  ASSERT_EQ(made.status, 201) << made.body;
  ASSERT_EQ(open.as(key).patch(integration, scorer_at("https://scorer.local/")).status, 200);
  open.terminate();

  const server_process strict({.allow_private_endpoints = false, .data = open.data()});
  const api_caller api = strict.as(key);
  const std::string endpoint = "/v1/endpoints/" + std::string(made.json().at("id").as_string());
  EXPECT_EQ(api.get(endpoint).json().at("url").as_string(), url);
  EXPECT_EQ(api.get(endpoint).json().at("state").as_string(), "active");
  for (const std::string& unchanged : {std::string(R"({"timeout_ms":4321})"), settings}) {
    const http_answer kept = api.patch(endpoint, unchanged);
    EXPECT_EQ(kept.status, 200) << kept.body;
  }
  EXPECT_EQ(api.patch(integration, scorer_at("https://scorer.local/")).status, 200);
  EXPECT_EQ(api.patch(integration, scorer_at("https://scorer2.local/")).status, 422);
  EXPECT_EQ(api.patch(endpoint, R"({"url":"https://db2.internal/hook"})").status, 422);
}

}  // namespace
}  // namespace posthorn::test
