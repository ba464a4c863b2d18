// A receiver on 127.0.0.1 with a thread of its own. Each request is answered by a script at once, or held until the
// test answers it; it counts how many are open at the same time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace posthorn::dispatch {

// A test that waits in vain ends with an error instead of hanging.
template <class Predicate>
void await(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, Predicate holds) {
  if (!changed.wait_for(lock, std::chrono::seconds(60), holds)) throw std::runtime_error("waited in vain");
}

using fields = std::vector<std::pair<std::string, std::string>>;

struct received_request {
  std::string line;  // "POST /hook HTTP/1.1"
  fields head;       // names as sent, in the order sent
  std::string body;

  // The value of the field whose name is spelt exactly so; empty: there is none.
  [[nodiscard]] std::string field(std::string_view name) const;
};

// A whole answer with a Content-Length. `extra`: further field lines, each with its CRLF.
[[nodiscard]] std::string answer(int status, std::string_view body = {}, std::string_view extra = {});

class scripted_receiver {
 public:
  // Called on the receiver's thread. nullopt: held until answer_oldest(); an empty text: the connection closes.
  using script = std::function<std::optional<std::string>(const received_request&)>;

  explicit scripted_receiver(script plays);
  scripted_receiver(const scripted_receiver&) = delete;
  scripted_receiver& operator=(const scripted_receiver&) = delete;
  // Closes every connection, those of held requests included.
  ~scripted_receiver();

  [[nodiscard]] std::string url(std::string_view path) const;

  // Request `number`, from 0, once it has come.
  [[nodiscard]] received_request request(std::size_t number) const;
  void await_held(std::size_t count) const;
  void answer_oldest(std::string text);

  [[nodiscard]] std::size_t requests() const;
  [[nodiscard]] std::size_t held() const;
  [[nodiscard]] std::size_t connections() const;
  // The greatest number of requests that were without an answer at one moment.
  [[nodiscard]] std::size_t open_most() const;

 private:
  struct session;

  void accept_next();
  void read_head(const std::shared_ptr<session>& on);
  void read_body(const std::shared_ptr<session>& on, std::size_t head_bytes);
  void take(const std::shared_ptr<session>& on, received_request request);
  void reply(const std::shared_ptr<session>& on, std::string text);

  boost::asio::io_context io_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  const std::uint16_t port_;
  const script plays_;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::deque<received_request> requests_;
  std::deque<std::shared_ptr<session>> held_;
  std::size_t open_ = 0, open_most_ = 0, connections_ = 0;

  std::thread thread_;
};

// Scripts.
[[nodiscard]] scripted_receiver::script always(std::string text);
[[nodiscard]] scripted_receiver::script hold_all();
// The given answers one after the other, the last one for ever.
[[nodiscard]] scripted_receiver::script in_turn(std::vector<std::string> texts);

}  // namespace posthorn::dispatch
