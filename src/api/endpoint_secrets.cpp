// Reading the settings of an endpoint that hold secrets or end up as header lines. "***" in place of a secret means: as
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
#include "signing/generate.hpp"
#include "signing/standard_webhooks.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using model::signature_scheme;

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

// The header that the endpoint's authentication writes, or "".
std::string_view auth_header(const model::endpoint& of) {
  if (const auto* key = std::get_if<model::auth_api_key>(&of.auth)) return key->header;
  return std::holds_alternative<model::auth_none>(of.auth) ? "" : "Authorization";
}

base::result<void> check_secret(signature_scheme scheme, std::string_view text) {
  if (scheme == signature_scheme::standard_v1) {
    if (const auto key = signing::v1_key::parse(text); !key) return std::unexpected(key.error());
  } else {
    if (const auto key = signing::v1a_secret_key::parse(text); !key) return std::unexpected(key.error());
  }
  return {};
}

std::optional<std::string> signing_secret(const model::endpoint& to, signature_scheme scheme, body_fields& fields,
                                          std::vector<std::string>& made) {
  const auto before = std::ranges::find(to.signatures, scheme, &model::signature_setting::scheme);
  const auto given = fields.text("secret", 1, limits::secret_bytes_max);
  if (fields.has("secret") && !given) return std::nullopt;
  if (!given || *given == masked_secret) {
    if (before != to.signatures.end() && !before->secret.empty()) return before->secret;
    made.push_back(scheme == signature_scheme::standard_v1 ? signing::new_v1_secret() : signing::new_v1a_secret());
    return made.back();
  }
  if (auto good = check_secret(scheme, *given); !good) {
    fields.refuse("secret", good.error().detail);
    return std::nullopt;
  }
  return given;
}

std::optional<model::signature_setting> signature(const model::endpoint& to, body_fields& fields,
                                                  std::vector<std::string>& made) {
  fields.only({"scheme", "secret", "public_key"});
  fields.require("scheme", "\"x_signature\", \"standard_v1\" or \"standard_v1a\"");
  const auto scheme =
      fields.choice("scheme", model::signature_scheme_from, "\"x_signature\", \"standard_v1\" or \"standard_v1a\"");
  if (!scheme) return std::nullopt;
  if (*scheme == signature_scheme::x_signature) {
    if (fields.has("secret")) {
      fields.refuse("secret", "X-Signature's key is the integration's API key: rotate that instead");
      return std::nullopt;
    }
    return model::signature_setting{*scheme, {}};
  }
  auto text = signing_secret(to, *scheme, fields, made);
  if (!text) return std::nullopt;
  return model::signature_setting{*scheme, *std::move(text)};
}

}  // namespace

void apply_auth(model::endpoint& to, body_fields& fields) {
  const json::value* given = fields.find("auth");
  if (given == nullptr) return;
  if (!given->is_object()) return fields.refuse("auth", "must be an object with authType");
  body_fields auth(given->get_object(), "/auth", fields.errors());
  auth.require("authType", "\"none\", \"bearer_token\", \"basic_auth\" or \"api_key\"");
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
    auth.refuse("authType", "\"oauth2\" is not available in this version");
  } else {
    auth.refuse("authType", "must be \"none\", \"bearer_token\", \"basic_auth\" or \"api_key\"");
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
    body_fields headers(*map, "/headers", fields.errors());
    to.headers.clear();
    for (const auto& member : *map) {
      const std::string_view name = member.key();
      const json::string* value = member.value().if_string();
      const bool repeated = std::ranges::any_of(
          to.headers, [name](const auto& earlier) { return net::equals_ignoring_case(earlier.first, name); });
      if (const std::string_view rule = header_fault(name); !rule.empty()) {
        headers.refuse(name, std::string(rule));
      } else if (repeated) {
        headers.refuse(name, "is given twice: header names ignore case");
      } else if (value == nullptr || value->size() > limits::custom_header_value_bytes_max ||
                 !net::is_field_value(std::string_view(*value))) {
        headers.refuse(name, fmt::format("must be a string of at most {} bytes without control characters",
                                         limits::custom_header_value_bytes_max));
      } else {
        to.headers.emplace_back(name, std::string_view(*value));
      }
    }
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

void apply_signatures(model::endpoint& to, body_fields& fields, std::vector<std::string>& made) {
  const json::value* given = fields.find("signatures");
  if (given == nullptr) {
    // A preset names its scheme; the secret is made here.
    for (model::signature_setting& one : to.signatures) {
      if (one.scheme == signature_scheme::x_signature || !one.secret.empty()) continue;
      made.push_back(one.scheme == signature_scheme::standard_v1 ? signing::new_v1_secret()
                                                                 : signing::new_v1a_secret());
      one.secret = made.back();
    }
    return;
  }
  const json::array* list = given->if_array();
  if (list == nullptr || list->size() > limits::signatures_max) {
    return fields.refuse("signatures", fmt::format("must be an array of at most {}", limits::signatures_max));
  }
  std::vector<model::signature_setting> settings;
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (!(*list)[i].is_object()) return fields.refuse_item("signatures", i, "must be an object with scheme");
    body_fields one((*list)[i].get_object(), fmt::format("/signatures/{}", i), fields.errors());
    auto setting = signature(to, one, made);
    if (!setting) continue;
    if (std::ranges::find(settings, setting->scheme, &model::signature_setting::scheme) != settings.end()) {
      one.refuse("scheme", "is given twice");
    } else {
      settings.push_back(*std::move(setting));
    }
  }
  to.signatures = std::move(settings);
}

}  // namespace posthorn::api
