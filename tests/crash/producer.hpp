// One producer of the crash test: hands in events, single and in batches, whatever becomes of the server meanwhile.
#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "crash/tally.hpp"
#include "support/http_call.hpp"

namespace posthorn::test {

class producer {
 public:
  producer(std::uint16_t port, std::string api_key, int number, unsigned seed);
  producer(const producer&) = delete;
  producer& operator=(const producer&) = delete;
  ~producer() { stop(); }

  // Until this returns the producer sends. What it has been given ids for can be read afterwards.
  void stop();
  [[nodiscard]] const std::vector<accepted_event>& accepted() const noexcept { return accepted_; }
  [[nodiscard]] std::size_t unanswered() const noexcept { return unanswered_; }
  // Answers that are neither 202, 503 nor a broken connection.
  [[nodiscard]] const std::vector<std::string>& surprises() const noexcept { return surprises_; }

 private:
  struct made_event {
    std::string json;  // the request's
    std::string body;  // as it is to arrive
  };

  void run();
  [[nodiscard]] made_event make(bool keyed, const std::string& type);
  void send_single();
  void send_batch();
  // Sends until it is answered 202 if `keyed`, else once. status 0: it was never answered.
  http_answer send(const std::string& target, const std::string& content_type, const std::string& text,
                   const http_headers& more, bool keyed);
  void note(const boost::json::value& answer, made_event&& event, bool batch);

  http_connection connection_;
  const std::string api_key_;
  const int number_;
  std::mt19937 random_;
  std::uint64_t made_ = 0;
  std::vector<accepted_event> accepted_;
  std::size_t unanswered_ = 0;
  std::vector<std::string> surprises_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;  // last: it uses what stands above
};

}  // namespace posthorn::test
