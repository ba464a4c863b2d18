#include "unit/dispatch/scripted_receiver.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace posthorn::dispatch {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view crlf = "\r\n";

received_request parse(std::string_view head) {
  received_request request;
  while (!head.empty()) {
    const std::size_t end = head.find(crlf);
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + crlf.size());
    const std::size_t colon = line.find(": ");
    if (request.line.empty()) {
      request.line = line;
    } else if (colon != std::string_view::npos) {
      request.head.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
  }
  return request;
}

}  // namespace

struct scripted_receiver::session {
  explicit session(tcp::socket of) : socket(std::move(of)) {}
  tcp::socket socket;
  std::string in, out;
};

std::string received_request::field(std::string_view name) const {
  const auto found = std::ranges::find(head, name, &fields::value_type::first);
  return found == head.end() ? std::string() : found->second;
}

std::string answer(int status, std::string_view body, std::string_view extra) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  text += extra;
  if (status != 204 && status != 304) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append(crlf).append(body);
}

scripted_receiver::scripted_receiver(script plays)
    : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()),
      plays_(std::move(plays)) {
  acceptor_.listen();
  accept_next();
  thread_ = std::thread([this] { io_.run(); });
}

scripted_receiver::~scripted_receiver() {
  io_.stop();
  thread_.join();
}

std::string scripted_receiver::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

void scripted_receiver::accept_next() {
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (error) return;
    {
      const std::lock_guard lock(mutex_);
      ++connections_;
    }
    read_head(std::make_shared<session>(std::move(socket)));
    accept_next();
  });
}

void scripted_receiver::read_head(const std::shared_ptr<session>& on) {
  asio::async_read_until(on->socket, asio::dynamic_buffer(on->in), "\r\n\r\n",
                         [this, on](error_code error, std::size_t bytes) {
                           if (!error) read_body(on, bytes);
                         });
}

void scripted_receiver::read_body(const std::shared_ptr<session>& on, std::size_t head_bytes) {
  received_request request = parse(std::string_view(on->in).substr(0, head_bytes));
  on->in.erase(0, head_bytes);
  const std::string length = request.field("Content-Length");
  const std::size_t whole = length.empty() ? 0 : std::stoul(length);
  const std::size_t missing = whole - std::min(whole, on->in.size());
  asio::async_read(on->socket, asio::dynamic_buffer(on->in), asio::transfer_exactly(missing),
                   [this, on, whole, request = std::move(request)](error_code error, std::size_t) mutable {
                     if (error) return;
                     request.body = on->in.substr(0, whole);
                     on->in.erase(0, whole);
                     take(on, std::move(request));
                   });
}

void scripted_receiver::take(const std::shared_ptr<session>& on, received_request request) {
  std::optional<std::string> text = plays_(request);
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
    open_most_ = std::max(open_most_, ++open_);
    if (!text) held_.push_back(on);
  }
  changed_.notify_all();
  if (text) reply(on, std::move(*text));
}

void scripted_receiver::reply(const std::shared_ptr<session>& on, std::string text) {
  {
    // Before the write: whoever reads the answer may send its next request at once.
    const std::lock_guard lock(mutex_);
    --open_;
  }
  if (text.empty()) return;
  on->out = std::move(text);
  asio::async_write(on->socket, asio::buffer(on->out), [this, on](error_code error, std::size_t) {
    if (!error) read_head(on);
  });
}

received_request scripted_receiver::request(std::size_t number) const {
  std::unique_lock lock(mutex_);
  await(lock, changed_, [&] { return requests_.size() > number; });
  return requests_[number];
}

void scripted_receiver::await_held(std::size_t count) const {
  std::unique_lock lock(mutex_);
  await(lock, changed_, [&] { return held_.size() >= count; });
}

void scripted_receiver::answer_oldest(std::string text) {
  std::unique_lock lock(mutex_);
  await(lock, changed_, [&] { return !held_.empty(); });
  asio::post(io_,
             [this, on = std::move(held_.front()), text = std::move(text)]() mutable { reply(on, std::move(text)); });
  held_.pop_front();
}

std::size_t scripted_receiver::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_.size();
}

std::size_t scripted_receiver::held() const {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

std::size_t scripted_receiver::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

std::size_t scripted_receiver::open_most() const {
  const std::lock_guard lock(mutex_);
  return open_most_;
}

scripted_receiver::script always(std::string text) {
  return [text = std::move(text)](const received_request&) { return std::optional(text); };
}

scripted_receiver::script hold_all() {
  return [](const received_request&) { return std::optional<std::string>(); };
}

scripted_receiver::script in_turn(std::vector<std::string> texts) {
  return [texts = std::move(texts), next = std::size_t{0}](const received_request&) mutable {
    return std::optional(texts[std::min(next++, texts.size() - 1)]);
  };
}

}  // namespace posthorn::dispatch
