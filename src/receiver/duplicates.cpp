#include "receiver/duplicates.hpp"

#include "base/json_text.hpp"

namespace posthorn::receiver {
namespace {

template <class... Each>
struct overloaded : Each... {
  using Each::operator()...;
};

std::string envelope_key(const event& of, std::int64_t own_time) {
  std::string key = "[";
  for (const std::string& part : {of.uid, of.integration_id, of.type}) {
    base::append_json_string(key, part);
    key += ',';
  }
  return key + std::to_string(own_time) + "]";
}

std::string certificate_key(const event& of, const certificate& document, std::string_view integration) {
  std::string key = "[";
  for (const std::string_view part : {integration, std::string_view(of.type), std::string_view(document.id)}) {
    base::append_json_string(key, part);
    key += ',';
  }
  if (document.expires) {
    base::append_json_string(key, *document.expires);
  } else {
    key += "null";
  }
  return key + "]";
}

}  // namespace

duplicate_keys duplicate_keys_of(const event& of, std::string_view webhook_id, std::string_view integration) {
  using key = std::optional<std::string>;
  const auto by_content = overloaded{
      [](const unknown_event&) -> key { return std::nullopt; },
      [&](const application_complete& e) -> key { return envelope_key(of, e.application_completed_at); },
      [&](const application_incomplete& e) -> key { return envelope_key(of, e.last_response_submitted_at); },
      [&](const application_expired& e) -> key { return envelope_key(of, e.application_expired_at); },
      [&](const application_cancelled& e) -> key { return envelope_key(of, e.application_cancelled_at); },
      [&](const psychometric_score_complete& e) -> key { return envelope_key(of, e.scored_at); },
      [&](const device_score_complete& e) -> key { return envelope_key(of, e.scored_at); },
      [&](const certificate& e) -> key { return certificate_key(of, e, integration); },
  };
  duplicate_keys keys;
  if (!webhook_id.empty()) keys.by_id = webhook_id;
  keys.by_content = std::visit(by_content, of.details);
  return keys;
}

bool seen_set::contains(const duplicate_keys& keys) const {
  return (keys.by_id && ids_.contains(*keys.by_id)) || (keys.by_content && contents_.contains(*keys.by_content));
}

void seen_set::insert(duplicate_keys keys) {
  // An element's address outlives the set's rehashing; its iterator does not.
  const auto put = [](std::unordered_set<std::string>& set, std::optional<std::string>& key) -> const std::string* {
    if (!key) return nullptr;
    const auto [at, fresh] = set.insert(std::move(*key));
    return fresh ? &*at : nullptr;
  };
  const auto drop = [](std::unordered_set<std::string>& set, const std::string* key) {
    if (key != nullptr) set.erase(set.find(*key));
  };
  const entry added = {put(ids_, keys.by_id), put(contents_, keys.by_content)};
  if (added.by_id == nullptr && added.by_content == nullptr) return;
  order_.push_back(added);
  if (order_.size() <= events_max_) return;
  drop(ids_, order_.front().by_id);
  drop(contents_, order_.front().by_content);
  order_.pop_front();
}

}  // namespace posthorn::receiver
