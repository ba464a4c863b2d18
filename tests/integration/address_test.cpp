// The address guard of a server that runs as in production (contract 3; --allow-private-endpoints is off): what an
// endpoint's URL may name at its creation, and what a name may resolve to when a connection is made.
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
  EXPECT_NE(std::string(tries[1].at("error_detail").as_string()).find("127.0.0.2"), std::string::npos) << ended;
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

}  // namespace
}  // namespace posthorn::test
