#include "crash/tally.hpp"

#include <algorithm>

namespace posthorn::test {
namespace {

// How long before a kill an answered 200 may have gone unrecorded. Outcomes are committed within milliseconds; the
// rest is room for a busy machine.
constexpr std::chrono::seconds unrecorded_max{2};
// How late the receiver may read what a server sent that is dead by then.
constexpr std::chrono::seconds read_late_max{1};

// `"name":"VALUE"` of the bodies that the producers make.
std::string member(const std::string& body, const std::string& name) {
  const std::string before = "\"" + name + "\":\"";
  const std::size_t at = body.find(before);
  if (at == std::string::npos) return {};
  const std::size_t start = at + before.size();
  return body.substr(start, body.find('"', start) - start);
}

}  // namespace

reply tally::take(const received_request& request) {
  const bool is_signed = is_signed_with(request, {api_key_});
  const std::lock_guard lock(mutex_);
  ++arrivals_;
  if (!is_signed) wrongs_.push_back("wrong signature on " + request.id());
  judge_identity(request);
  delivery& of = deliveries_[request.path + " " + request.id()];
  if (++of.tries == 1 && random_() % 16 == 0) of.refusals = 1 + static_cast<int>(random_() % 2);
  if (of.arrived) judge_repeat(request, of);
  if (of.refusals > 0) {
    --of.refusals;
    return random_() % 4 == 0 ? reply::dropped() : reply{.status = 503};
  }
  if (!of.arrived && request.path != "/free") judge_order(request);
  of.arrived = true;
  of.last_200 = request.at;
  changed_.notify_all();
  return {};
}

void tally::judge_repeat(const received_request& request, const delivery& of) {
  ++duplicates_;
  const bool explained = std::ranges::any_of(
      kills_, [&](time kill) { return of.last_200 <= kill + read_late_max && of.last_200 >= kill - unrecorded_max; });
  if (!explained)
    wrongs_.push_back("came again without a kill just after its 200: " + request.path + " " + request.id());
}

// Ids grow with the commits, so the order of acceptance is theirs.
void tally::judge_order(const received_request& request) {
  std::string& last = last_of_uid_[request.path + " " + member(request.body, "uid")];
  if (last >= request.id()) wrongs_.push_back("out of order: " + request.id() + " after " + last);
  last = request.id();
}

void tally::judge_identity(const received_request& request) {
  const std::string id = request.id();
  const auto [known, is_new] = bodies_.try_emplace(id, request.body);
  if (known->second != request.body) wrongs_.push_back("two bodies under " + id);
  if (!is_new) return;
  const std::string tag = member(request.body, "tag");
  if (!tag.starts_with("keyed")) return;
  const auto [first, only] = id_of_tag_.try_emplace(tag, id);
  if (!only) wrongs_.push_back("one idempotency key made two events: " + first->second + " and " + id);
}

void tally::note_kill() {
  const std::lock_guard lock(mutex_);
  kills_.push_back(std::chrono::steady_clock::now());
}

bool tally::has_arrived(const std::string& path, const std::string& id) const {
  const auto found = deliveries_.find(path + " " + id);
  return found != deliveries_.end() && found->second.arrived;
}

std::vector<std::string> tally::missing(const std::vector<accepted_event>& events) const {
  std::vector<std::string> out;
  for (const accepted_event& event : events) {
    for (const std::string path : {"/ordered", "/free", "/batches"}) {
      if (path == "/batches" && !event.batch) continue;
      if (!has_arrived(path, event.id)) out.push_back(path + " " + event.id);
    }
  }
  return out;
}

std::vector<std::string> tally::wait_for_all(const std::vector<accepted_event>& events, std::chrono::seconds timeout) {
  std::unique_lock lock(mutex_);
  std::vector<std::string> left = missing(events);
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (!left.empty() && std::chrono::steady_clock::now() < until) {
    // The whole list is gone through again only once what is known to be missing has come.
    const std::string next = left.back();
    const std::size_t space = next.find(' ');
    if (changed_.wait_until(lock, until, [&] { return has_arrived(next.substr(0, space), next.substr(space + 1)); })) {
      left.pop_back();
    }
  }
  return left;
}

std::vector<std::string> tally::wrongs() const {
  const std::lock_guard lock(mutex_);
  return wrongs_;
}

std::vector<std::string> tally::mismatches(const std::vector<accepted_event>& events) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const accepted_event& event : events) {
    const auto found = bodies_.find(event.id);
    if (found == bodies_.end() || found->second != event.body) out.push_back(event.id);
  }
  return out;
}

std::size_t tally::arrivals() const {
  const std::lock_guard lock(mutex_);
  return arrivals_;
}

std::size_t tally::duplicates() const {
  const std::lock_guard lock(mutex_);
  return duplicates_;
}

}  // namespace posthorn::test
