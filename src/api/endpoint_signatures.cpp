// Reading which signatures an endpoint's requests carry, and changing their secrets. "***" in place of a secret means:
// as it was, and what a rotation left to sign beside it stays too.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "api/endpoint_json.hpp"
#include "api/text_forms.hpp"
#include "base/limits.hpp"
#include "signing/generate.hpp"
#include "signing/standard_webhooks.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using model::signature_scheme;

constexpr std::string_view schemes = "\"x_signature\", \"standard_v1\" or \"standard_v1a\"";

std::string new_secret(signature_scheme scheme) {
  return scheme == signature_scheme::standard_v1 ? signing::new_v1_secret() : signing::new_v1a_secret();
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
  auto given = fields.text("secret", 1, limits::secret_bytes_max);
  if (fields.has("secret") && !given) return std::nullopt;
  if (!given || *given == masked_secret) {
    if (before != to.signatures.end() && !before->secret.empty()) return before->secret;
    made.push_back(new_secret(scheme));
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
  fields.only({"scheme", "secret", "public_key", "previous_until"});
  fields.require("scheme", schemes);
  const auto scheme = fields.choice("scheme", model::signature_scheme_from, schemes);
  if (!scheme) return std::nullopt;
  if (*scheme == signature_scheme::x_signature) {
    if (fields.has("secret")) {
      fields.refuse("secret", "X-Signature's key is the integration's API key: rotate that instead");
      return std::nullopt;
    }
    return model::signature_setting{.scheme = *scheme};
  }
  auto text = signing_secret(to, *scheme, fields, made);
  if (!text) return std::nullopt;
  const auto before = std::ranges::find(to.signatures, *scheme, &model::signature_setting::scheme);
  if (before != to.signatures.end() && before->secret == *text) return *before;
  return model::signature_setting{.scheme = *scheme, .secret = *std::move(text)};
}

// The setting whose secret is to be rotated; null where an error has been added.
model::signature_setting* setting_to_rotate(model::endpoint& of, body_fields& fields) {
  const auto named = fields.choice("scheme", model::signature_scheme_from, schemes);
  if (fields.has("scheme") && !named) return nullptr;
  if (named == signature_scheme::x_signature) {
    fields.refuse("scheme", "x_signature has no secret here: its key is the integration's API key, rotate that");
    return nullptr;
  }
  model::signature_setting* found = nullptr;
  for (model::signature_setting& one : of.signatures) {
    if (one.scheme == signature_scheme::x_signature || (named && one.scheme != *named)) continue;
    if (found != nullptr) {
      fields.refuse("scheme", "is required: the endpoint signs with several", base::fault::missing_field);
      return nullptr;
    }
    found = &one;
  }
  if (found == nullptr) fields.refuse("scheme", "must be one of the endpoint's own signatures that have a secret");
  return found;
}

}  // namespace

void apply_signatures(model::endpoint& to, body_fields& fields, std::vector<std::string>& made) {
  const json::value* given = fields.find("signatures");
  if (given == nullptr) {
    // A preset names its scheme; the secret is made here.
    for (model::signature_setting& one : to.signatures) {
      if (one.scheme == signature_scheme::x_signature || !one.secret.empty()) continue;
      made.push_back(new_secret(one.scheme));
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

base::result<void> rotate_secret(model::endpoint& to, const json::object& body, base::epoch_ms now_wall,
                                 std::vector<std::string>& made) {
  body_errors errors;
  body_fields fields(body, "", errors);
  fields.only({"scheme", "overlap_s", "secret"});
  model::signature_setting* setting = setting_to_rotate(to, fields);
  const auto overlap_s = fields.has("overlap_s") ? fields.integer("overlap_s", 0, limits::secret_overlap_s_max)
                                                 : std::optional<std::int64_t>(limits::secret_overlap_s_default);
  auto given = fields.text("secret", 1, limits::secret_bytes_max);
  if (given && setting != nullptr) {
    if (*given == setting->secret) {
      fields.refuse("secret", "is the one in use: give another, or leave it out to have one made");
    } else if (const auto good = check_secret(setting->scheme, *given); !good) {
      fields.refuse("secret", good.error().detail);
    }
  }
  if (errors.any()) return errors.outcome();
  const bool overlaps = *overlap_s > 0;
  setting->previous_secret = overlaps ? std::move(setting->secret) : std::string();
  setting->previous_until = overlaps ? now_wall + *overlap_s * 1'000 : 0;
  setting->secret = given ? *std::move(given) : new_secret(setting->scheme);
  made.push_back(setting->secret);
  return {};
}

}  // namespace posthorn::api
