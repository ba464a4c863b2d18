// One request on its way through the API.
#pragma once

#include <boost/asio/post.hpp>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "account/authenticator.hpp"
#include "api/mailbox.hpp"
#include "api/routes.hpp"
#include "api/services.hpp"
#include "base/boundary.hpp"

namespace posthorn::api {

// Who calls with a session's token (scope::journey).
struct journey_caller {
  assessment::session_claims claims = {};
  bool time_over = false;  // the token's own time is over; it is ours all the same
};

// Lives in the frame of api_handler::handle, on its io_context's thread.
struct call {
  const net::request& request;
  services& with;
  mailbox& mail;
  account::caller who = {};
  journey_caller person = {};
  path_values values = {};

  // The integration that the call is about: named in the body (`in_body`) or as ?integration_id=, else the key's own.
  [[nodiscard]] base::result<store::shared_integration> reach(std::string_view in_body = {});
  // Path value `place` as an id; not_found if it has not the form of one.
  [[nodiscard]] base::result<base::id_value> id(std::string_view prefix, std::size_t place = 0) const;
  // A query parameter, percent-decoded; nullopt where absent.
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;

  // The entry of a call that the log of changes tells of; the store writes it with the change.
  std::optional<store::audit_note> audit = {};
  std::string request_id = {};  // "" until it is needed
  // More members of the problem, should the call be refused: `,"name":value`, any number of them.
  std::string problem_members = {};

  // Known so far, for the request log.
  std::string integration_id = {};
  std::string uid = {};
};

// `work` as a job of another thread, in the name of who calls: what it returns, or throws, is sent back. All three
// outlive the job.
template <class Outcome, class Work>
[[nodiscard]] auto job_of(call& from, reply<Outcome>& back, Work& work) {
  if (from.audit) from.audit->entry.integration_id = from.integration_id;
  return [&from, &back, &work] {
    const store::acting as(from.audit ? &*from.audit : nullptr);
    try {
      back.send(work());
    } catch (...) {
      back.send(std::unexpected(base::error_of(std::current_exception())));
    }
  };
}

// Runs `work` where it may block, and comes back with what it returns, a base::result. Name the lambda before awaiting.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> off_thread(call& from, Work work) {
  reply<std::invoke_result_t<Work&>> back(from.mail);
  boost::asio::post(from.with.blocking, job_of(from, back, work));
  co_return co_await back.receive();
}

}  // namespace posthorn::api
