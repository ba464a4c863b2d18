// Reading an endpoint's authentication and its custom headers. "***" in place of a secret means: as
// it was, so that what was read can be sent back.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <cctype>

#include "api/endpoint_json.hpp"
#include "api/text_forms.hpp"
#include "base/limits.hpp"
#include "net/http1_fields.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

using header_list = std::vector<std::pair<std::string, std::string>>;

// Hop-by-hop (RFC 9110 section 7.6.1), framing, and what Posthorn writes itself.
constexpr std::array<std::string_view, 17> refused_headers = {"connection",
                                                              "keep-alive",
                                                              "proxy-authenticate",
                                                              "proxy-authorization",
                                                              "proxy-connection",
                                                              "te",
                                                              "trailer",
                                                              "upgrade",
                                                              "transfer-encoding",
                                                              "host",
                                                              "content-length",
                                                              "content-type",
                                                              "content-encoding",
                                                              "expect",
                                                              "date",
                                                              "user-agent",
                                                              "x-signature"};

constexpr std::string_view auth_kinds = "\"none\", \"bearer_token\", \"basic_auth\", \"api_key\" or \"oauth2\"";

// The rule that a custom header's name breaks, or "".
std::string_view header_fault(std::string_view name) {
  if (!net::is_token(name) || name.size() > limits::name_chars_max) return "is not a header name";
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::ranges::find(refused_headers, lower) != refused_headers.end()) return "is set by Posthorn or the connection";
  if (lower.starts_with("webhook-")) return "is reserved: Posthorn writes the webhook-… headers";
  return {};
}

// A secret as given, or `before` where the mask stands and there was one.
std::optional<std::string> secret(body_fields& fields, std::string_view name, const std::string* before) {
  if (!fields.has(name)) {
    fields.require(name, "it is the secret of this kind of authentication");
    return std::nullopt;
  }
  auto given = fields.text(name, 1, limits::secret_bytes_max);
  if (!given) return std::nullopt;
  if (*given == masked_secret) {
    if (before != nullptr) return *before;
    fields.refuse(name, "is only a mask, and there is no secret that it could stand for");
    return std::nullopt;
  }
  if (!net::is_field_value(*given) || net::trim_white_space(*given) != *given) {
    fields.refuse(name, "must not have control characters, nor begin or end with white space");
    return std::nullopt;
  }
  return given;
}

void apply_bearer(model::endpoint& to, body_fields& auth) {
  auth.only({"authType", "token"});
  const auto* before = std::get_if<model::auth_bearer>(&to.auth);
  auto token = secret(auth, "token", before != nullptr ? &before->token : nullptr);
  if (!token) return;
  if (token->find_first_of(" \t") != std::string::npos) return auth.refuse("token", "must not have white space");
  to.auth = model::auth_bearer{*std::move(token)};
}

void apply_basic(model::endpoint& to, body_fields& auth) {
  auth.only({"authType", "username", "password"});
  auth.require("username", "basic authentication has one");
  const auto* before = std::get_if<model::auth_basic>(&to.auth);
  auto username = auth.text("username", 1, limits::secret_bytes_max);
  if (username && (username->find(':') != std::string::npos || !net::is_field_value(*username))) {
    auth.refuse("username", "must have neither ':' nor control characters (RFC 7617)");
    return;
  }
  auto password = secret(auth, "password", before != nullptr ? &before->password : nullptr);
  if (username && password) to.auth = model::auth_basic{*std::move(username), *std::move(password)};
}

void apply_api_key(model::endpoint& to, body_fields& auth) {
  auth.only({"authType", "header", "value"});
  auth.require("header", "the name of the header that carries the key");
  const auto* before = std::get_if<model::auth_api_key>(&to.auth);
  auto header = auth.text("header", 1, limits::name_chars_max);
  if (header) {
    if (const std::string_view rule = header_fault(*header); !rule.empty()) {
      auth.refuse("header", std::string(rule));
      return;
    }
  }
  auto value = secret(auth, "value", before != nullptr ? &before->value : nullptr);
  if (header && value) to.auth = model::auth_api_key{*std::move(header), *std::move(value)};
}

bool is_visible_or_space(char c) { return c >= 0x20 && c < 0x7f; }
// RFC 6749 section 3.3, and the space between two scopes.
bool is_scope_char(char c) { return is_visible_or_space(c) && c != '"' && c != '\\'; }

void apply_oauth2(model::endpoint& to, body_fields& auth, const net::url_rules& urls) {
  auth.only({"authType", "token_url", "client_id", "client_secret", "scope"});
  auth.require("token_url", "where the access token is asked for");
  auth.require("client_id", "who asks for the access token");
  const auto* before = std::get_if<model::auth_oauth2>(&to.auth);
  auto token_url = auth.text("token_url", 1, limits::url_bytes_max);
  if (token_url) {
    const std::string_view known = before != nullptr ? std::string_view(before->token_url) : std::string_view();
    if (const auto parsed = net::parse_endpoint_url(*token_url, net::rules_for(*token_url, known, urls)); !parsed) {
      auth.refuse("token_url", parsed.error().detail);
      token_url.reset();
    }
  }
  auto client_id = auth.text("client_id", 1, limits::secret_bytes_max);
  if (client_id && !std::ranges::all_of(*client_id, is_visible_or_space)) {
    auth.refuse("client_id", "must be printable ASCII (RFC 6749 appendix A.1)");
    client_id.reset();
  }
  auto client_secret = secret(auth, "client_secret", before != nullptr ? &before->client_secret : nullptr);
  auto scope = auth.has("scope") ? auth.text("scope", 0, limits::oauth_scope_bytes_max) : std::string();
  if (scope && !std::ranges::all_of(*scope, is_scope_char)) {
    auth.refuse("scope", "must be names of printable ASCII without '\"' and '\\', separated by spaces (RFC 6749)");
    scope.reset();
  }
  if (!token_url || !client_id || !client_secret || !scope) return;
  to.auth =
      model::auth_oauth2{*std::move(token_url), *std::move(client_id), *std::move(client_secret), *std::move(scope)};
}

// The header that the endpoint's authentication writes, or "".
std::string_view auth_header(const model::endpoint& of) {
  if (const auto* key = std::get_if<model::auth_api_key>(&of.auth)) return key->header;
  return std::holds_alternative<model::auth_none>(of.auth) ? "" : "Authorization";
}

const std::string* find_header(const header_list& in, std::string_view name) {
  const auto found =
      std::ranges::find_if(in, [name](const auto& each) { return net::equals_ignoring_case(each.first, name); });
  return found == in.end() ? nullptr : &found->second;
}

// `stored`: the headers of now, whose values the mask stands for.
header_list read_headers(const json::object& map, const header_list& stored, body_errors& errors) {
  body_fields headers(map, "/headers", errors);
  header_list read;
  for (const auto& member : map) {
    const std::string_view name = member.key();
    const json::string* value = member.value().if_string();
    if (const std::string_view rule = header_fault(name); !rule.empty()) {
      headers.refuse(name, std::string(rule));
    } else if (find_header(read, name) != nullptr) {
      headers.refuse(name, "is given twice: header names ignore case");
    } else if (value == nullptr || value->size() > limits::custom_header_value_bytes_max ||
               !net::is_field_value(std::string_view(*value))) {
      headers.refuse(name, fmt::format("must be a string of at most {} bytes without control characters",
                                       limits::custom_header_value_bytes_max));
    } else if (std::string_view(*value) != masked_secret) {
      read.emplace_back(name, std::string_view(*value));
    } else if (const std::string* kept = find_header(stored, name)) {
      read.emplace_back(name, *kept);
    } else {
      headers.refuse(name, "is only a mask, and no value of this header is stored that it could stand for: give one");
    }
  }
  return read;
}

}  // namespace

void apply_auth(model::endpoint& to, body_fields& fields, const net::url_rules& urls) {
  const json::value* given = fields.find("auth");
  if (given == nullptr) return;
  if (!given->is_object()) return fields.refuse("auth", "must be an object with authType");
  body_fields auth(given->get_object(), "/auth", fields.errors());
  auth.require("authType", auth_kinds);
  const auto kind = auth.text("authType", 1, limits::name_chars_max);
  if (!kind) return;
  if (*kind == "none") {
    auth.only({"authType"});
    to.auth = model::auth_none{};
  } else if (*kind == "bearer_token") {
    apply_bearer(to, auth);
  } else if (*kind == "basic_auth") {
    apply_basic(to, auth);
  } else if (*kind == "api_key") {
    apply_api_key(to, auth);
  } else if (*kind == "oauth2") {
    apply_oauth2(to, auth, urls);
  } else {
    auth.refuse("authType", "must be " + std::string(auth_kinds));
  }
}

void apply_headers(model::endpoint& to, body_fields& fields) {
  const json::value* given = fields.find("headers");
  if (given != nullptr) {
    const json::object* map = given->if_object();
    if (map == nullptr || map->size() > limits::custom_headers_max) {
      return fields.refuse("headers",
                           fmt::format("must be an object of at most {} names and values", limits::custom_headers_max));
    }
    to.headers = read_headers(*map, to.headers, fields.errors());
  }
  // Either side may have changed: the two must not write one header twice.
  const std::string_view taken = auth_header(to);
  for (const auto& [name, value] : to.headers) {
    if (!taken.empty() && net::equals_ignoring_case(name, taken)) {
      fields.errors().add(base::fault::invalid_field, "/headers/" + name,
                          "is written by the endpoint's authentication already");
    }
  }
}

}  // namespace posthorn::api
