// What a hostile or broken receiver does to the sender, over real sockets and against the whole server: each case ends
// within its deadline, in its documented error class, with bounded memory, and its neighbours are delivered to.
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <fstream>
#include <memory>

#include "integration/platform.hpp"
#include "support/raw_receiver.hpp"
#include "unit/net/test_certificates.hpp"

namespace posthorn::test {
namespace {

using net::test_authority;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
// Several receivers send without end. A sanitizer keeps what has been freed, and its own books.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long memory_kib_max = 600 * 1024;
#else
constexpr long memory_kib_max = 120 * 1024;
#endif

// Reads the request, sends `text`, and then does `then`.
raw_receiver::script speaking_first(std::string text) {
  return [text = std::move(text)](int fd, int) {
    send_text(fd, text);
    wait_for_close(fd);
  };
}

raw_receiver::script answering(std::string text, std::function<void(int)> then = wait_for_close) {
  return [text = std::move(text), then = std::move(then)](int fd, int) {
    if (!read_request(fd).empty() && send_text(fd, text)) then(fd);
  };
}

raw_receiver::script endless(std::string first, std::string again) {
  return answering(std::move(first), [again = std::move(again)](int fd) {
    while (send_text(fd, again)) {
    }
  });
}

// A second between two bytes, for as long as anyone listens.
void drip(int fd) {
  timeval second{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
  char dropped = 0;
  while (send_text(fd, "x") && (::recv(fd, &dropped, 1, 0) > 0 || errno == EAGAIN)) {
  }
}

// 1 MiB of zeros, deflated: what a receiver that decodes it would have to hold.
std::string gzip_bomb() {
  constexpr std::string_view deflated{"\x1f\x8b\x08\0\0\0\0\0\0\xff\xed\xc1\x01\x0d\0\0\0\xc2\xa0\xf7\x4f\0", 22};
  return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 22\r\n\r\n" + std::string(deflated);
}

// A TLS server that answers 200 behind a handshake that succeeds; `shown` for each connection.
raw_receiver::script tls_answering(std::function<net::certificate(int)> shown) {
  return [shown = std::move(shown)](int fd, int number) {
    const net::certificate mine = shown(number);
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> pem(BIO_new_mem_buf(mine.pem.data(), -1), &BIO_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> key_pem(BIO_new_mem_buf(mine.key_pem.data(), -1), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> leaf(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr),
                                                           &X509_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(key_pem.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    SSL_CTX_use_certificate(context.get(), leaf.get());
    SSL_CTX_use_PrivateKey(context.get(), key.get());
    const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context.get()), &SSL_free);
    SSL_set_fd(session.get(), fd);
    if (SSL_accept(session.get()) != 1) return;
    std::array<char, 8'192> request{};
    if (SSL_read(session.get(), request.data(), static_cast<int>(request.size())) <= 0) return;
    SSL_write(session.get(), ok.data(), static_cast<int>(ok.size()));
    // The connection is not kept, so that the next delivery shakes hands anew.
    SSL_shutdown(session.get());
  };
}

struct hostile_case {
  std::string name;
  std::string url;
  std::string error;  // of the attempt; "": none
  int status = 0;     // of the attempt; 0: none
  bool delivered = false;
};

class hostile_receivers : public platform {
 protected:
  hostile_receivers() : hostile_receivers(std::make_shared<test_authority>()) {}
  explicit hostile_receivers(std::shared_ptr<test_authority> trusted)
      : platform({.flags = {"--ca-file", trusted->file()}}), authority_(std::move(trusted)) {}

  std::string plain(raw_receiver::script plays) { return "http://127.0.0.1:" + port_of(std::move(plays)) + "/hook"; }
  std::string tls(raw_receiver::script plays) { return "https://127.0.0.1:" + port_of(std::move(plays)) + "/hook"; }
  std::string port_of(raw_receiver::script plays) {
    receivers_.push_back(std::make_unique<raw_receiver>(std::move(plays)));
    return std::to_string(receivers_.back()->port());
  }

  std::string endpoint_for(const std::string& url, const std::string& type) {
    return make_endpoint(
        url, R"(,"order":"none","timeout_ms":1000,"retry":{"schedule_s":[0]},"event_types":[")" + type + "\"]");
  }

  // Sends to it alone; the delivery.
  std::string send_to(const std::string& type, std::size_t bytes = 10) {
    return send(R"({"type":")" + type + R"(","payload":")" + std::string(bytes, 'x') + "\"}").deliveries.at(0);
  }

  boost::json::value read_until_finished(const std::string& delivery) {
    return read_until("/v1/deliveries/" + delivery, [](const boost::json::value& now) {
      return now.at("state").as_string() == "delivered" || now.at("state").as_string() == "failed";
    });
  }

  long memory_high_water_kib() {
    std::ifstream status("/proc/" + std::to_string(server.pid()) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
    }
    return 0;
  }

  std::shared_ptr<test_authority> authority_;
  std::vector<std::unique_ptr<raw_receiver>> receivers_;
};

void expect_end(const hostile_case& of, const boost::json::value& delivery) {
  const auto& attempts = delivery.at("attempts").as_array();
  ASSERT_EQ(attempts.size(), 1u) << of.name;
  const auto& attempt = attempts[0];
  EXPECT_EQ(delivery.at("state").as_string(), of.delivered ? "delivered" : "failed") << of.name << ": " << attempt;
  EXPECT_EQ(attempt.at("error").is_null() ? "" : std::string(attempt.at("error").as_string()), of.error)
      << of.name << ": " << attempt;
  EXPECT_EQ(attempt.at("status").is_null() ? 0 : attempt.at("status").as_int64(), of.status) << of.name;
  EXPECT_EQ(attempt.at("error_detail").is_null(), of.error.empty()) << of.name << ": an error says what happened";
}

TEST_F(hostile_receivers, each_end_in_their_error_class_and_hurt_nobody_else) {
  raw_receiver private_target(answering(std::string(ok)));
  const deaf_listener deaf;
  std::uint16_t closed_port = 0;
  {
    closed_port = deaf_listener().port();
  }
  const auto then_reset = [](int fd) { reset(fd); };
  const std::string at = "http://127.0.0.1:";
  const auto leaf = [this](net::leaf_wish wish) { return [this, wish](int) { return authority_->issue(wish); }; };
  const test_authority stranger;

  const std::vector<hostile_case> cases = {
      {"refuses", at + std::to_string(closed_port) + "/", "connect"},
      {"resets in the headers", plain(answering("HTTP/1.1 200 OK\r\nConte", then_reset)), "connection"},
      {"resets in the body", plain(answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", then_reset)),
       "connection", 200},
      {"never accepts", at + std::to_string(deaf.port()) + "/", "timeout"},
      {"hangs in the TLS handshake", tls([](int fd, int) { wait_for_close(fd); }), "timeout"},
      {"hangs after the headers", plain(answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")), "timeout", 200},
      {"drips", plain(answering("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", drip)), "timeout", 200},
      {"endless body",
       plain(endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                     "4000\r\n" + std::string(0x4000, 'x') + "\r\n")),
       "too_large", 200},
      {"endless headers", plain(endless("HTTP/1.1 200 OK\r\n", "X-Filler: " + std::string(4'000, 'x') + "\r\n")),
       "too_large"},
      {"a gigabyte announced", plain(answering("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")), "too_large",
       200},
      {"bad chunking", plain(answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")), "protocol",
       200},
      {"not HTTP", plain(answering("SSH-2.0-OpenSSH_9.2\r\n\r\n")), "protocol"},
      {"gzip bomb", plain(answering(gzip_bomb())), "", 200, true},
      {"redirects inside",
       plain(answering("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:" + std::to_string(private_target.port()) +
                       "/\r\nContent-Length: 0\r\n\r\n")),
       "", 301},
      {"resets after the answer", plain(answering(std::string(ok), then_reset)), "", 200, true},
      {"HTTP/1.0", plain(answering("HTTP/1.0 200 OK\r\n\r\nok", [](int) {})), "", 200, true},
      {"100 first", plain(answering("HTTP/1.1 100 Continue\r\n\r\n" + std::string(ok))), "", 200, true},
      {"answers early", plain([](int fd, int) {
         if (send_text(fd, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")) wait_for_close(fd);
       }),
       "", 413},
      {"certificate of another name", tls(tls_answering(leaf({.alternative_names = "DNS:elsewhere.example"}))), "tls"},
      {"expired certificate", tls(tls_answering(leaf({.valid_from_s = -7'200, .valid_until_s = -3'600}))), "tls"},
      {"certificate not yet valid", tls(tls_answering(leaf({.valid_from_s = 3'600, .valid_until_s = 7'200}))), "tls"},
      {"unknown authority", tls(tls_answering([&](int) { return stranger.issue(); })), "tls"},
      {"self-signed certificate", tls(tls_answering([&](int) { return stranger.own(); })), "tls"},
      {"plain http behind https", tls(speaking_first(std::string(ok))), "tls"},
  };

  // All at once, beside a neighbour that is well.
  endpoint_for(receiver.url(), "neighbour");
  std::vector<std::string> deliveries;
  for (std::size_t i = 0; i < cases.size(); ++i) endpoint_for(cases[i].url, "case." + std::to_string(i));
  for (std::size_t i = 0; i < cases.size(); ++i) {
    deliveries.push_back(send_to("case." + std::to_string(i), cases[i].name == "answers early" ? 200'000 : 10));
    static_cast<void>(send_to("neighbour"));
  }
  EXPECT_TRUE(receiver.wait_for_accepted(cases.size())) << "the neighbour";
  for (std::size_t i = 0; i < cases.size(); ++i) expect_end(cases[i], read_until_finished(deliveries[i]));
  EXPECT_EQ(private_target.connections(), 0) << "a redirect is never followed";
  EXPECT_LT(memory_high_water_kib(), memory_kib_max);
  EXPECT_EQ(server.terminate(), 0);
}

TEST_F(hostile_receivers, that_close_kept_connections_lose_and_double_nothing) {
  std::mutex mutex;
  std::map<std::string, int> seen;
  endpoint_for(plain([&](int fd, int) {
                 const std::string request = read_request(fd);
                 if (request.empty()) return;
                 {
                   const std::lock_guard lock(mutex);
                   const std::size_t id = request.find("webhook-id: ") + 12;
                   ++seen[request.substr(id, request.find("\r\n", id) - id)];
                 }
                 send_text(fd, ok);  // keep-alive by its words, closed by its deeds
               }),
               "kept");
  std::vector<std::string> deliveries;
  for (int i = 0; i < 50; ++i) deliveries.push_back(send_to("kept"));
  for (const std::string& each : deliveries) read_until_state(each, "delivered");
  const std::lock_guard lock(mutex);
  EXPECT_EQ(seen.size(), 50u);
  for (const auto& [id, times] : seen) EXPECT_EQ(times, 1) << id;
}

TEST_F(hostile_receivers, may_change_their_certificate_between_two_deliveries) {
  const std::string url = tls(tls_answering([this](int) { return authority_->issue(); }));
  endpoint_for(url, "rotated");
  for (int i = 0; i < 3; ++i) read_until_state(send_to("rotated"), "delivered");
  EXPECT_GE(receivers_.back()->connections(), 3) << "each with a certificate of its own";
}

}  // namespace
}  // namespace posthorn::test
