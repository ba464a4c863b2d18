#include "recorder.hpp"

#include <cstdio>

#include "base/clock.hpp"
#include "base/json_text.hpp"

namespace example {
namespace {

using namespace posthorn;

constexpr std::string_view refused_body = R"({"detail":"Validation Failure"})";
constexpr std::string_view ok_body = R"({"detail":"ok"})";

// True `left` times for that type.
bool take_one(std::unordered_map<std::string, int>& left, const std::string& type) {
  const auto found = left.find(type);
  if (found == left.end() || found->second == 0) return false;
  --found->second;
  return true;
}

// The signature is right, so the body is what the sender meant, readable or not: keeping it and saying so beats
// refusing it, which would only bring the same bytes again.
receiver::event read_or_keep(const webhook& request) {
  auto event = receiver::parse_event(request.body, request.type_header);
  if (event) return std::move(*event);
  std::fprintf(stderr, "unreadable event: %s\n", event.error().detail.c_str());
  return {std::string(request.type_header), "", "", receiver::unknown_event{std::string(request.body)}};
}

std::string who_is(const receiver::duplicate_keys& keys) { return keys.by_id.value_or(keys.by_content.value_or("")); }

struct outcome {
  std::string_view type;
  std::string_view uid;
  std::string_view webhook_id;
  bool verified = false;
  bool duplicate = false;
  unsigned status = 0;
  int try_no = 0;
};

std::string to_json(const outcome& of) {
  std::string json = R"({"at":")" + base::to_rfc3339(base::system_clock().wall()) + R"(","type":)";
  base::append_json_string(json, of.type);
  json += R"(,"uid":)";
  base::append_json_string(json, of.uid);
  json += R"(,"webhook_id":)";
  base::append_json_string(json, of.webhook_id);
  json += std::string(R"(,"verified":)") + (of.verified ? "true" : "false");
  json += std::string(R"(,"duplicate":)") + (of.duplicate ? "true" : "false");
  return json + R"(,"status":)" + std::to_string(of.status) + R"(,"try":)" + std::to_string(of.try_no) + "}";
}

}  // namespace

base::result<void> recorder::set_keys(const std::vector<std::string>& keys) {
  if (keys.empty()) return base::fail(base::fault::invalid_configuration, "no key to verify with");
  receiver::verifier fresh;
  for (const std::string& key : keys) {
    const auto added = fresh.add_key(key);
    if (!added) return added;
  }
  verifier_ = std::move(fresh);
  return {};
}

answer recorder::receive(const webhook& request) {
  const std::string_view webhook_id = request.headers.webhook_id.value_or("");
  const auto verified = verifier_.verify(request.headers, request.body, base::system_clock().wall() / 1000);
  if (!verified) {
    std::fprintf(stderr, "refused: %s\n", std::string(receiver::text_of(verified.error())).c_str());
    const std::string who = "unverified " + std::string(webhook_id);
    print({who, to_json({request.type_header, "", webhook_id, false, false, 403, count_try(who)})});
    return {403, std::string(refused_body)};
  }
  const receiver::event event = read_or_keep(request);
  const receiver::duplicate_keys keys = receiver::duplicate_keys_of(event, webhook_id, request.path);
  const bool duplicate = seen_.contains(keys);
  answer out = answer_verified(event, keys, duplicate, request.body);
  const std::string who = who_is(keys);
  print({who, to_json({event.type, event.uid, webhook_id, true, duplicate, out.status, count_try(who)})});
  return out;
}

answer recorder::answer_verified(const receiver::event& event, const receiver::duplicate_keys& keys, bool duplicate,
                                 std::string_view body) {
  if (take_one(drops_left_, event.type)) return {0, ""};
  if (take_one(refusals_left_, event.type)) return {503, R"({"detail":"refused as told"})"};
  if (!duplicate) {
    // Recorded first, seen second, answered last: a crash between two of them costs a duplicate and never an event.
    events_.emplace_back(body);
    if (events_.size() > lines_max) events_.pop_front();
    seen_.insert(keys);
  }
  return {200, std::string(ok_body)};
}

void recorder::print(line one) {
  std::printf("%s\n", one.json.c_str());
  std::fflush(stdout);
  lines_.push_back(std::move(one));
  if (lines_.size() <= lines_max) return;
  tries_.erase(lines_.front().who);
  lines_.pop_front();
}

std::string recorder::received() const {
  std::string json = "[";
  for (const line& one : lines_) {
    if (json.size() > 1) json += ',';
    json += one.json;
  }
  return json + "]";
}

}  // namespace example
