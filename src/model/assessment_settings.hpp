// How an integration's assessments run and look (contract 2.7). Plain values; "" is "none" in every URL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/limits.hpp"
#include "model/session.hpp"

namespace posthorn::model {

// One version of a questionnaire or scorecard. Of a scorecard, key "default" is the one that fits the platform.
struct document_ref {
  std::string key = "default";
  std::int32_t version = 1;

  bool operator==(const document_ref&) const = default;
};

// Where the person's browser goes on to after each end; nowhere: the hosted page shows a plain page of its own.
struct redirect_urls {
  std::string complete;
  std::string incomplete;
  std::string cancelled;
  std::string expired;

  bool operator==(const redirect_urls&) const = default;
};

struct branding {
  std::string name;
  std::string logo_url;
  std::string colour;  // "#rrggbb"

  bool operator==(const branding&) const = default;
};

// A customer's own program that scores in the built-in scorer's place.
struct external_scorer {
  std::string url;
  std::int32_t timeout_ms = base::limits::endpoint_timeout_ms_default;

  bool operator==(const external_scorer&) const = default;
};

// What a session copies at its creation (platform, time limit, documents) stays as it was then; the rest is read anew.
struct assessment_settings {
  model::platform platform = platform::web;
  std::string use_case;
  std::int32_t time_limit_s = base::limits::session_limit_s_default;
  redirect_urls redirects;
  model::branding branding;
  std::string privacy_policy_url;
  document_ref questionnaire;
  document_ref scorecard;
  std::optional<external_scorer> scorer;

  bool operator==(const assessment_settings&) const = default;
};

}  // namespace posthorn::model
