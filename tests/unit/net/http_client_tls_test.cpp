#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "net/http_client.hpp"
#include "unit/net/loopback.hpp"
#include "unit/net/test_certificates.hpp"

namespace posthorn::net {
namespace {

using tls_socket = asio::ssl::stream<tcp::socket&>;

constexpr const char* ok_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr exchange_limits hasty{.timeout_ms = 150};

class http_client_tls_test : public testing::Test {
 protected:
  using tls_script = std::function<asio::awaitable<void>(tls_socket&, tcp::socket&)>;

  // A TLS server with `shown`; the script starts after a handshake that succeeded.
  loopback_server::script behind_tls(const certificate& shown, tls_script plays) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    context->use_certificate_chain(asio::buffer(shown.pem));
    context->use_private_key(asio::buffer(shown.key_pem), asio::ssl::context::pem);
    SSL_CTX_set_session_id_context(context->native_handle(), reinterpret_cast<const unsigned char*>("t"), 1);
    contexts.push_back(context);
    return [this, context, plays = std::move(plays)](tcp::socket& socket, int) -> asio::awaitable<void> {
      tls_socket stream(socket, *context);
      boost::system::error_code error;
      co_await stream.async_handshake(tls_socket::server, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      resumed += SSL_session_reused(stream.native_handle());
      const char* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
      server_name = name != nullptr ? name : "";
      co_await plays(stream, socket);
    };
  }
  static asio::awaitable<void> answer(tls_socket& stream, tcp::socket&) {
    bool open = true;
    while (open) {
      const std::string request = co_await read_request(stream);
      if (request.empty()) co_return;
      open = co_await send(stream, ok_answer);
    }
  }

  exchange_result post(const loopback_server& server, const std::string& host = "localhost",
                       exchange_limits limits = {}) {
    held = fixture.client.open_route({true, host, server.port()});
    return fixture.exchange(*held, client_fixture::small_request, limits);
  }

  test_authority authority;
  client_fixture fixture{authority.file()};
  std::vector<std::shared_ptr<asio::ssl::context>> contexts;
  std::shared_ptr<route> held;
  int resumed = 0;
  std::string server_name;
};

TEST_F(http_client_tls_test, verifies_sends_the_name_and_pools) {
  loopback_server server(fixture.io, behind_tls(authority.issue(), answer));
  const exchange_result first = post(server);
  EXPECT_EQ(first.status, 200) << first.detail;
  EXPECT_EQ(first.response_body, "ok");
  EXPECT_EQ(server_name, "localhost");
  EXPECT_GT(first.timing.tls_us, first.timing.connect_us);
  const exchange_result second = post(server);
  EXPECT_EQ(second.status, 200) << second.detail;
  EXPECT_TRUE(second.reused_connection);
  EXPECT_EQ(second.timing.tls_us, 0);
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(http_client_tls_test, verifies_a_numeric_host_by_its_address) {
  loopback_server server(fixture.io, behind_tls(authority.issue(), answer));
  EXPECT_EQ(post(server, "127.0.0.1").status, 200);
  EXPECT_EQ(server_name, "") << "no name indication for an address (RFC 6066)";
  loopback_server other(fixture.io,
                        behind_tls(authority.issue({.alternative_names = "DNS:127.0.0.1,IP:127.0.0.2"}), answer));
  EXPECT_EQ(post(other, "127.0.0.1").error, exchange_error::tls);
}

TEST_F(http_client_tls_test, refuses_wrong_certificates_and_says_why) {
  struct wrong {
    certificate shown;
    const char* reason;
  };
  for (const wrong& one :
       {wrong{authority.issue({.alternative_names = "DNS:other.example"}), "hostname mismatch"},
        wrong{authority.issue({.alternative_names = "DNS:*.localhost"}), "hostname mismatch"},
        wrong{authority.issue({.valid_from_s = -7200, .valid_until_s = -3600}), "certificate has expired"},
        wrong{authority.issue({.valid_from_s = 3600, .valid_until_s = 7200}), "certificate is not yet valid"},
        wrong{test_authority().own(), "self-signed certificate"},
        wrong{test_authority().issue(), "unable to get local issuer certificate"}}) {
    loopback_server server(fixture.io, behind_tls(one.shown, answer));
    const exchange_result got = post(server);
    EXPECT_EQ(got.error, exchange_error::tls);
    EXPECT_NE(got.detail.find(one.reason), std::string::npos) << got.detail;
    EXPECT_EQ(got.status, 0);
    EXPECT_EQ(fixture.client.idle_connections(), 0U);
  }
}

TEST_F(http_client_tls_test, resumes_the_session_on_a_new_connection) {
  loopback_server server(fixture.io,
                         behind_tls(authority.issue(), [](tls_socket& stream, tcp::socket&) -> asio::awaitable<void> {
                           co_await read_request(stream);
                           co_await send(stream, ok_answer);
                         }));
  EXPECT_EQ(post(server).status, 200);
  EXPECT_EQ(post(server).status, 200);
  EXPECT_EQ(server.accepted(), 2);
  EXPECT_EQ(resumed, 1);
}

TEST_F(http_client_tls_test, speaks_no_older_version_than_1_2) {
  loopback_server server(fixture.io, behind_tls(authority.issue(), answer));
  SSL_CTX_set_security_level(contexts[0]->native_handle(), 0);
  SSL_CTX_set_max_proto_version(contexts[0]->native_handle(), TLS1_1_VERSION);
  EXPECT_EQ(post(server).error, exchange_error::tls);
  SSL_CTX_set_max_proto_version(contexts[0]->native_handle(), TLS1_2_VERSION);
  EXPECT_EQ(post(server).status, 200);
}

TEST_F(http_client_tls_test, large_messages_go_both_ways) {
  const std::string body(300'000, 'r');
  std::size_t seen = 0;
  loopback_server server(fixture.io,
                         behind_tls(authority.issue(), [&](tls_socket& stream, tcp::socket&) -> asio::awaitable<void> {
                           seen = (co_await read_request(stream)).size();
                           co_await send(stream, "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + body);
                           co_await wait_for_close(stream);
                         }));
  const std::string request = "POST / HTTP/1.1\r\nContent-Length: 8388608\r\n\r\n" + std::string(8 << 20, 'q');
  const auto to = fixture.client.open_route({true, "localhost", server.port()});
  const exchange_result got = fixture.exchange(*to, request, {.timeout_ms = 120'000});
  EXPECT_EQ(got.status, 200) << got.detail;
  EXPECT_EQ(got.response_body.size(), base::limits::attempt_body_bytes_max);
  EXPECT_EQ(seen, request.size());
  EXPECT_EQ(to->idle(), 1U);
}

TEST_F(http_client_tls_test, an_early_answer_is_kept_though_the_request_is_never_taken) {
  loopback_server server(
      fixture.io, behind_tls(authority.issue(), [](tls_socket& stream, tcp::socket& socket) -> asio::awaitable<void> {
        co_await send(stream, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
        co_await socket.async_wait(tcp::socket::wait_error, asio::as_tuple(asio::use_awaitable));
      }));
  const std::string request = "POST / HTTP/1.1\r\nContent-Length: 33554432\r\n\r\n" + std::string(32 << 20, 'q');
  const auto to = fixture.client.open_route({true, "localhost", server.port()});
  EXPECT_EQ(fixture.exchange(*to, request).status, 413);
  EXPECT_EQ(to->idle(), 0U);
}

TEST_F(http_client_tls_test, a_pooled_connection_that_died_is_replaced) {
  for (const bool with_reset : {false, true}) {
    loopback_server server(
        fixture.io,
        behind_tls(authority.issue(), [with_reset](tls_socket& stream, tcp::socket& socket) -> asio::awaitable<void> {
          co_await read_request(stream);
          co_await send(stream, ok_answer);
          co_await read_request(stream);
          if (with_reset) reset(socket);
        }));
    EXPECT_EQ(post(server).status, 200);
    const exchange_result second = post(server);
    EXPECT_EQ(second.status, 200) << second.detail;
    EXPECT_EQ(server.accepted(), 2);
  }
}

// What was decrypted with the answer no longer shows at the socket.
TEST_F(http_client_tls_test, a_connection_with_more_than_the_answer_is_not_used_again) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: ";
  const auto answer_of = [&](std::size_t bytes) {
    std::string text = head + std::to_string(bytes) + "\r\n\r\n";
    return text + std::string(bytes, 'a');
  };
  // From a record's worth of sizes, the ones that end where a read of the client may end.
  for (const std::size_t size : {std::size_t{2048}, std::size_t{4096}, std::size_t{8192}}) {
    const std::size_t around = answer_of(size).size() - size;
    const std::string record = answer_of(size - around) + ok_answer;
    ASSERT_EQ(record.size(), size + std::string_view(ok_answer).size());
    loopback_server server(
        fixture.io,
        behind_tls(authority.issue(), [record](tls_socket& stream, tcp::socket& socket) -> asio::awaitable<void> {
          co_await read_request(stream);
          co_await send(stream, record);
          co_await wait_for_close(socket);
        }));
    for (int i = 0; i < 2; ++i) EXPECT_EQ(post(server).response_body.front(), 'a') << size;
    EXPECT_EQ(server.accepted(), 2) << size;
  }
}

TEST_F(http_client_tls_test, broken_answers_are_told_apart) {
  const auto behind = [this](tls_script plays) { return behind_tls(authority.issue(), std::move(plays)); };
  loopback_server hangs(fixture.io, behind([](tls_socket& stream, tcp::socket&) -> asio::awaitable<void> {
                          co_await read_request(stream);
                          co_await wait_for_close(stream);
                        }));
  EXPECT_EQ(post(hangs, "localhost", hasty).error, exchange_error::timeout);
  loopback_server closes(fixture.io, behind([](tls_socket& stream, tcp::socket&) -> asio::awaitable<void> {
                           co_await read_request(stream);
                           co_await send(stream, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                         }));
  EXPECT_EQ(post(closes).error, exchange_error::connection);
  loopback_server garbles(fixture.io, behind([](tls_socket& stream, tcp::socket& socket) -> asio::awaitable<void> {
                            co_await read_request(stream);
                            co_await send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                          }));
  EXPECT_EQ(post(garbles).error, exchange_error::tls);
}

TEST_F(http_client_tls_test, hostile_handshakes_end_as_tls_or_timeout) {
  loopback_server chatty(fixture.io, [](tcp::socket& socket, int) -> asio::awaitable<void> {
    co_await send(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
    co_await wait_for_close(socket);
  });
  EXPECT_EQ(post(chatty).error, exchange_error::tls);
  loopback_server closing(fixture.io, [](tcp::socket& socket, int) -> asio::awaitable<void> {
    co_await socket.async_wait(tcp::socket::wait_read, asio::use_awaitable);
    std::array<char, 4096> dropped;
    co_await socket.async_read_some(asio::buffer(dropped), asio::use_awaitable);
  });
  const exchange_result closed = post(closing);
  EXPECT_EQ(closed.error, exchange_error::tls);
  EXPECT_NE(closed.detail.find("connection closed"), std::string::npos) << closed.detail;
  loopback_server resetting(fixture.io, [](tcp::socket& socket, int) -> asio::awaitable<void> {
    co_await socket.async_wait(tcp::socket::wait_read, asio::use_awaitable);
    reset(socket);
  });
  EXPECT_EQ(post(resetting).error, exchange_error::tls);
  loopback_server silent(fixture.io,
                         [](tcp::socket& socket, int) -> asio::awaitable<void> { co_await wait_for_close(socket); });
  const exchange_result hung = post(silent, "localhost", hasty);
  EXPECT_EQ(hung.error, exchange_error::timeout);
  EXPECT_NE(hung.detail.find("during the TLS handshake"), std::string::npos) << hung.detail;
}

TEST_F(http_client_tls_test, shows_a_client_certificate_on_connections_of_its_own) {
  loopback_server server(fixture.io, behind_tls(authority.issue(), answer));
  SSL_CTX* const strict = contexts.back()->native_handle();
  ASSERT_EQ(SSL_CTX_load_verify_file(strict, authority.file().c_str()), 1);
  SSL_CTX_set_verify(strict, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);

  const certificate own = authority.issue();
  const auto identity = fixture.tls->with_certificate(own.pem, own.key_pem);
  ASSERT_TRUE(identity) << identity.error().detail;
  const auto shown = fixture.client.open_route({true, "localhost", server.port()}, *identity);
  const exchange_result first = fixture.exchange(*shown, client_fixture::small_request);
  EXPECT_EQ(first.status, 200) << first.detail;
  EXPECT_TRUE(fixture.exchange(*shown, client_fixture::small_request).reused_connection);

  const exchange_result without = post(server);
  EXPECT_FALSE(without.reused_connection) << "another identity's connection is not to be borrowed";
  EXPECT_NE(without.error, exchange_error::none);
  EXPECT_EQ(without.status, 0);

  const certificate other = authority.issue();
  EXPECT_EQ(fixture.tls->with_certificate(own.pem, other.key_pem).error().code, base::fault::invalid_field);
  EXPECT_EQ(fixture.tls->with_certificate("", own.key_pem).error().code, base::fault::invalid_field);
}

// The system's directory, as Debian's ca-certificates keeps it; and not before a session begins.
TEST_F(http_client_tls_test, finds_an_authority_in_the_systems_directory_when_it_is_needed) {
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("posthorn-certs-" + base::random_text(12));
  std::filesystem::create_directories(directory);
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_file(authority.file().c_str(), "r"), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> root(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr),
                                                         &X509_free);
  ASSERT_TRUE(root);
  const std::shared_ptr<const tls_client_context> trusting = tls_client_context::make({}).value();
  ::setenv("SSL_CERT_DIR", directory.c_str(), 1);
  loopback_server server(fixture.io, behind_tls(authority.issue(), answer));
  http_client client(fixture.io, fixture.names, fixture.guard, trusting, nullptr);
  const auto ask = [&] {
    const auto to = client.open_route({true, "localhost", server.port()});
    const asio::const_buffer whole = asio::buffer(std::string_view(client_fixture::small_request));
    return fixture.finish(client.exchange(*to, {&whole, 1}, {}));
  };
  EXPECT_EQ(ask().error, exchange_error::tls);
  ::unsetenv("SSL_CERT_DIR");
  std::filesystem::copy(authority.file(),
                        directory / fmt::format("{:08x}.0", X509_NAME_hash(X509_get_subject_name(root.get()))));
  const exchange_result found = ask();
  EXPECT_EQ(found.status, 200) << found.detail;
  std::filesystem::remove_all(directory);
}

TEST(tls_client_context, needs_a_file_with_certificates) {
  for (const char* file : {"/nonexistent.pem", "/dev/null"}) {
    const auto made = tls_client_context::make({{file}});
    ASSERT_FALSE(made) << file;
    EXPECT_EQ(made.error().code, base::fault::invalid_configuration);
  }
}

}  // namespace
}  // namespace posthorn::net
