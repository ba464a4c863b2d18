// Through a proxy: CONNECT carries the vetted address, TLS goes through to the receiver, and every way a proxy says no.
#include "net/outbound_proxy.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

#include "unit/net/loopback.hpp"
#include "unit/net/test_certificates.hpp"

namespace posthorn::net {
namespace {

TEST(outbound_proxy, is_read_from_its_url) {
  const auto plain = outbound_proxy::parse("http://proxy.internal:3128");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host, "proxy.internal");
  EXPECT_EQ(plain->port, 3128);
  EXPECT_EQ(plain->authorization, "");
  const auto full = outbound_proxy::parse("http://user:p@ss@[::1]:3128/");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->host, "::1");
  EXPECT_EQ(full->authorization, "Basic dXNlcjpwQHNz");
  const auto encoded = outbound_proxy::parse("http://user%40corp:p%3A%40%2f%25@proxy:3128");
  ASSERT_TRUE(encoded);
  EXPECT_EQ(encoded->authorization, "Basic " + base::to_base64("user@corp:p:@/%"));
  for (const char* broken : {"http://user:100%@proxy:3128", "http://us%3Aer:secret@proxy:3128",
                             "http://user:sec%0aret@proxy:3128", "http://user:%zz@proxy:3128"}) {
    const auto refused = outbound_proxy::parse(broken);
    ASSERT_FALSE(refused) << broken;
    EXPECT_EQ(refused.error().detail.find("sec"), std::string::npos) << "a secret is not repeated";
  }
  for (const char* wrong :
       {"", "proxy:3128", "https://proxy:3128", "http://proxy", "http://:3128", "http://proxy:0", "http://proxy:65536",
        "http://proxy:31x", "http://user@proxy:3128", "http://a b:3128", "http://proxy/x:3128"}) {
    EXPECT_FALSE(outbound_proxy::parse(wrong)) << wrong;
  }
}

TEST(outbound_proxy, asks_for_an_address_and_reads_the_answer) {
  const outbound_proxy by{"proxy", 3128, "Basic dXNlcjpw"};
  EXPECT_EQ(connect_request(by, {asio::ip::make_address("192.0.2.7"), 443}),
            "CONNECT 192.0.2.7:443 HTTP/1.1\r\nHost: 192.0.2.7:443\r\nProxy-Authorization: Basic dXNlcjpw\r\n\r\n");
  EXPECT_TRUE(connect_request({"proxy", 1, ""}, {asio::ip::make_address("2001:db8::7"), 443})
                  .starts_with("CONNECT [2001:db8::7]:443 HTTP/1.1\r\n"));

  EXPECT_FALSE(read_connect_answer("HTTP/1.1 200 OK\r\nVia: x\r\n").whole);
  EXPECT_TRUE(read_connect_answer("HTTP/1.1 200 OK\r\n\r\n").accepted);
  EXPECT_TRUE(read_connect_answer("HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n").accepted);
  EXPECT_EQ(read_connect_answer("HTTP/1.1 407 Who are you\r\n\r\n").problem, "the proxy answered 407 Who are you");
  EXPECT_FALSE(read_connect_answer("HTTP/1.1 200 OK\r\n\r\nmore").accepted);
  EXPECT_FALSE(read_connect_answer("SSH-2.0-x\r\n\r\n").accepted);
  EXPECT_TRUE(read_connect_answer(std::string(base::limits::connect_answer_bytes_max, 'x')).whole);
}

class through_a_proxy : public testing::Test {
 protected:
  // A proxy that answers CONNECT with `answer` and then is the receiver itself.
  loopback_server::script proxy_script(std::string answer, loopback_server::script then) {
    return [this, answer = std::move(answer), then = std::move(then)](tcp::socket& socket,
                                                                      int number) -> asio::awaitable<void> {
      asked = co_await read_request(socket);
      const bool open = co_await send(socket, answer);
      if (open) co_await then(socket, number);
    };
  }

  static constexpr const char* accepted = "HTTP/1.1 200 OK\r\n\r\n";
  static constexpr const char* ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  test_authority authority;
  outbound_proxy proxy{"127.0.0.1", 1, "Basic dXNlcjpw"};
  client_fixture fixture{authority.file(), &proxy};
  std::string asked;
};

TEST_F(through_a_proxy, the_vetted_address_is_asked_for) {
  loopback_server server(fixture.io, proxy_script(accepted, answer_all(ok)));
  proxy.port = server.port();
  const exchange_result first = fixture.post(8443);
  EXPECT_EQ(first.status, 200) << first.detail;
  EXPECT_TRUE(asked.starts_with("CONNECT 127.0.0.1:8443 HTTP/1.1\r\n")) << asked;
  EXPECT_NE(asked.find("\r\nProxy-Authorization: Basic dXNlcjpw\r\n"), std::string::npos);
}

TEST_F(through_a_proxy, tls_goes_through_and_checks_the_receivers_name) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  const certificate shown = authority.issue();
  context.use_certificate_chain(asio::buffer(shown.pem));
  context.use_private_key(asio::buffer(shown.key_pem), asio::ssl::context::pem);
  const auto receiver = [&context](tcp::socket& socket, int) -> asio::awaitable<void> {
    asio::ssl::stream<tcp::socket&> stream(socket, context);
    boost::system::error_code error;
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    const std::string request = co_await read_request(stream);
    if (!request.empty()) co_await send(stream, ok);
  };
  loopback_server server(fixture.io, proxy_script(accepted, receiver));
  proxy.port = server.port();
  const auto to = fixture.client.open_route({true, "localhost", 8443});
  const exchange_result good = fixture.exchange(*to, client_fixture::small_request);
  EXPECT_EQ(good.status, 200) << good.detail;
  EXPECT_NE(asked.find(":8443 HTTP/1.1"), std::string::npos);
  EXPECT_EQ(asked.find("localhost"), std::string::npos) << "the name is not the proxy's to resolve";

  const auto other = fixture.client.open_route({true, "127.0.0.2", 8443});
  const exchange_result wrong = fixture.exchange(*other, client_fixture::small_request);
  EXPECT_EQ(wrong.error, exchange_error::tls) << wrong.detail;
}

TEST_F(through_a_proxy, a_refusal_is_a_failed_connection_that_says_so) {
  loopback_server server(fixture.io,
                         proxy_script("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", answer_all(ok)));
  proxy.port = server.port();
  const exchange_result refused = fixture.post(8443);
  EXPECT_EQ(refused.error, exchange_error::connect);
  EXPECT_EQ(refused.status, 0);
  EXPECT_NE(refused.detail.find("the proxy answered 403 Forbidden"), std::string::npos) << refused.detail;
}

TEST_F(through_a_proxy, a_proxy_that_hangs_costs_the_deadline_and_no_more) {
  loopback_server server(fixture.io, [](tcp::socket& socket, int) { return wait_for_close(socket); });
  proxy.port = server.port();
  const exchange_result hung = fixture.post(8443, {.timeout_ms = 200});
  EXPECT_EQ(hung.error, exchange_error::timeout) << hung.detail;
}

TEST_F(through_a_proxy, the_guard_judges_the_receiver_not_the_proxy) {
  const address_guard strict;
  http_client client(fixture.io, fixture.names, strict, fixture.tls, &proxy);
  const auto to = client.open_route({false, "127.0.0.1", 8443});
  const std::string request = client_fixture::small_request;
  const asio::const_buffer whole = asio::buffer(request);
  const exchange_result refused = fixture.finish(client.exchange(*to, {&whole, 1}, {}));
  EXPECT_EQ(refused.error, exchange_error::address_refused) << refused.detail;
}

}  // namespace
}  // namespace posthorn::net
