// What a test needs to call every operation of openapi.yaml: a tenant who owns one of each thing, and requests made
// from the description's own examples. A new operation needs an example of its body there and nothing here, unless its
// address names a thing that cannot be made by a POST to its collection.
#pragma once

#include <string>

#include "integration/platform.hpp"
#include "support/api_description.hpp"

namespace posthorn::test {

struct tenant {
  std::string company_id;
  std::string deployment_id;  // without endpoints, beside the one that the rest is of
  std::string integration_id;
  std::string api_key;
  std::string production_key;  // of the same deployment's other environment
  std::string endpoint;        // paused, signs in every scheme
  std::string event;
  std::string delivery;  // of the event to the endpoint: parked
};

struct prepared_request {
  std::string method;
  std::string target;
  std::string content_type;
  std::string body;
};

class api_walk : public platform {
 protected:
  explicit api_walk(server_options with = {})
      : platform(std::move(with)), description(server.admin().get("/openapi.json").json()) {}

  [[nodiscard]] std::string make_company();
  // `company` "": the first one.
  [[nodiscard]] tenant make_tenant(std::string company = {});
  // With ids of `of` in its path. `naming` adds ?integration_id=, where the operation takes it.
  [[nodiscard]] prepared_request request_for(const operation& what, const tenant& of, bool naming = false);
  [[nodiscard]] http_answer call(const prepared_request& what, http_headers headers = {}) const;

  // Has the first admin made, of the description's own example, by the link that the start has printed.
  void make_first_admin();
  // The cookie of a new member; `company` as make_tenant's.
  [[nodiscard]] std::string make_member(const std::string& role, const std::string& company = {});

  // What the operation's own caller brings; of a journey, the token of a session that is ready for it.
  [[nodiscard]] http_headers credentials_of(const operation& what, const tenant& of);
  // A fresh session of the tenant's, on that platform, with the policy accepted where told to: its token.
  [[nodiscard]] std::string make_session(const tenant& of, const std::string& on = "WEB", bool consents = true);

  // A link of the tenant's that was not opened yet.
  [[nodiscard]] boost::json::value make_link(const tenant& of);

  api_description description;

 private:
  [[nodiscard]] std::string make_unscored(const tenant& of);
  [[nodiscard]] std::string value_of(const operation& what, const std::string& parameter, const tenant& of);
  [[nodiscard]] std::string with_own_ids(const operation& what, const tenant& of);
  [[nodiscard]] std::string first_company() const;
  // The token of a new invitation's link.
  [[nodiscard]] std::string invite(const std::string& role, const std::string& company);
  [[nodiscard]] std::string newest_in(const std::string& collection, const tenant& of) const;
  void describe_event_type(const std::string& name, const tenant& of);
  [[nodiscard]] std::string made_in(const std::string& collection, const tenant& of);

  int names_given_ = 0;
};

// Credentials as headers.
[[nodiscard]] inline http_headers with_key(const std::string& key) { return {{"api-key", key}}; }
[[nodiscard]] inline http_headers with_bearer(const std::string& token) {
  return {{"Authorization", "Bearer " + token}};
}
// As the console calls.
[[nodiscard]] inline http_headers with_cookie(const std::string& cookie) {
  return {{"Cookie", cookie}, {"X-Posthorn-Console", "1"}};
}

}  // namespace posthorn::test
