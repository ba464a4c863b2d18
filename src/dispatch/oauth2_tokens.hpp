// Access tokens by client credentials (RFC 6749 section 4.4), one for each endpoint that asks for it, kept until
// shortly before they expire. Each worker keeps its own: no lock, and a token a worker at the most.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/delivery.hpp"
#include "model/endpoint.hpp"
#include "net/http_client.hpp"
#include "net/url.hpp"

namespace posthorn::dispatch {

struct oauth2_token {
  std::string text;                                     // a secret; empty: there is none, because of
  model::error_class error = model::error_class::none;  // the network's, or `configuration` for a refusal
  std::string detail;                                   // for a person
};

// What a token endpoint's answer says. `expires_in_s` is limits::oauth2_token_s_default where it does not say.
struct token_answer {
  std::string text;  // empty: no token, `problem` says why
  int expires_in_s = 0;
  std::string problem;
};
[[nodiscard]] token_answer read_token_answer(int status, std::string_view body);

// The request for one; the client authenticates by HTTP Basic (section 2.3.1).
[[nodiscard]] std::string token_request(const model::auth_oauth2& by, const net::endpoint_url& to,
                                        std::string_view user_agent);

// One io_context, its thread only. Both references outlive it, and it outlives every get().
class oauth2_tokens {
 public:
  oauth2_tokens(boost::asio::io_context& io, net::http_client& client, net::url_rules urls, std::string user_agent)
      : io_(io), client_(client), urls_(urls), user_agent_(std::move(user_agent)) {}

  // The endpoint's token. Whoever comes while it is being fetched waits for the same answer.
  [[nodiscard]] boost::asio::awaitable<oauth2_token> get(std::shared_ptr<const model::endpoint> of);
  // The receiver did not take `text`: the next get() fetches anew.
  void drop(model::endpoint_id of, std::string_view text);

 private:
  struct entry;

  boost::asio::awaitable<oauth2_token> fetch(const model::auth_oauth2& by, int timeout_ms, entry& into);
  [[nodiscard]] std::shared_ptr<entry> entry_of(const model::endpoint& of);

  boost::asio::io_context& io_;
  net::http_client& client_;
  const net::url_rules urls_;
  const std::string user_agent_;
  std::unordered_map<model::endpoint_id, std::shared_ptr<entry>> entries_;
};

}  // namespace posthorn::dispatch
