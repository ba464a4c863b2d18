#include "unit/dispatch/dispatch_fixture.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "base/hash.hpp"

namespace posthorn::dispatch {

namespace asio = boost::asio;

namespace {
constexpr model::integration_no integration = 7;
}

store::shared_directory set_directory::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

template <class Change>
void set_directory::change(Change apply) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<store::directory>(*current_);
  apply(*next);
  ++next->version;
  current_ = next;
  version_ = next->version;
}

void set_directory::put(std::span<const model::endpoint> endpoints) {
  change([endpoints](store::directory& of) {
    for (const model::endpoint& each : endpoints) of.endpoints[each.id] = std::make_shared<const model::endpoint>(each);
  });
}

void set_directory::remove(model::endpoint_id id) {
  change([id](store::directory& of) { of.endpoints.erase(id); });
}

void set_directory::put_keys(std::vector<model::api_key> keys) {
  store::integration_entry entry;
  entry.value.number = integration;
  entry.keys = std::move(keys);
  change([&](store::directory& of) {
    of.integrations[integration] = std::make_shared<const store::integration_entry>(std::move(entry));
  });
}

void recording_log::record(std::vector<store::attempt_report> reports) {
  {
    const std::lock_guard lock(mutex_);
    largest_hand_over_ = std::max(largest_hand_over_, reports.size());
    for (store::attempt_report& each : reports) reports_[each.endpoint].push_back(std::move(each));
  }
  changed_.notify_all();
}

void recording_log::lane_has_room(model::endpoint_id endpoint) {
  {
    const std::lock_guard lock(mutex_);
    ++room_signals_[endpoint];
  }
  changed_.notify_all();
}

std::vector<store::attempt_report> recording_log::await_reports(model::endpoint_id of, std::size_t count) const {
  std::unique_lock lock(mutex_);
  const auto reported = [&] {
    const auto found = reports_.find(of);
    return found != reports_.end() && found->second.size() >= count;
  };
  await(lock, changed_, reported);
  return reports_.at(of);
}

void recording_log::await_room(model::endpoint_id of) const {
  std::unique_lock lock(mutex_);
  await(lock, changed_, [&] { return room_signals_.contains(of); });
}

std::size_t recording_log::reports(model::endpoint_id of) const {
  const std::lock_guard lock(mutex_);
  const auto found = reports_.find(of);
  return found == reports_.end() ? 0 : found->second.size();
}

std::size_t recording_log::room_signals(model::endpoint_id of) const {
  const std::lock_guard lock(mutex_);
  const auto found = room_signals_.find(of);
  return found == room_signals_.end() ? 0 : found->second;
}

std::size_t recording_log::largest_hand_over() const {
  const std::lock_guard lock(mutex_);
  return largest_hand_over_;
}

dispatch_fixture::dispatch_fixture(std::size_t workers) {
  directory.put_keys({{.id = 1,
                       .integration = integration,
                       .state = model::key_state::signing,
                       .text = api_key,
                       .created_at = 0,
                       .expires_at = 0}});
  std::vector<asio::io_context*> contexts;
  for (std::size_t i = 0; i < workers; ++i) {
    io_.push_back(std::make_unique<asio::io_context>(1));
    work_.emplace_back(io_.back()->get_executor());
    contexts.push_back(io_.back().get());
  }
  const dispatcher_options options{.allow_http = true,
                                   .tls = net::tls_client_context::make({}).value(),
                                   .proxy = {},
                                   .user_agent = "Posthorn/0.0-test"};
  dispatch = std::make_unique<dispatcher>(options, directory, log, clock, guard_, contexts);
  for (const auto& io : io_) threads_.emplace_back([&io] { io->run(); });
}

dispatch_fixture::~dispatch_fixture() {
  if (!stop_begun_) begin_stop().wait();
  // A stopped dispatcher leaves nothing behind that keeps an io_context running.
  work_.clear();
  for (std::thread& each : threads_) each.join();
}

model::endpoint dispatch_fixture::make_endpoint(const std::string& url, model::preset preset) {
  model::endpoint made = model::endpoint_from_preset(preset);
  made.id = ++last_endpoint_;
  made.integration = integration;
  made.url = url;
  made.timeout_ms = base::limits::endpoint_timeout_ms_max;
  if (preset == model::preset::standard) made.signatures.clear();
  return made;
}

model::endpoint dispatch_fixture::add_endpoint(const std::string& url, model::preset preset,
                                               const std::function<void(model::endpoint&)>& adjust) {
  model::endpoint made = make_endpoint(url, preset);
  if (adjust) adjust(made);
  directory.put(made);
  return made;
}

std::vector<model::endpoint> dispatch_fixture::add_endpoints(const std::string& url, std::size_t count) {
  std::vector<model::endpoint> made;
  while (made.size() < count) made.push_back(make_endpoint(url, model::preset::assessment));
  directory.put(made);
  return made;
}

store::owed_delivery dispatch_fixture::owe(model::endpoint_id to, std::string body) {
  auto event = std::make_shared<model::event_body>();
  event->id = last_event_ += 2;
  event->integration = integration;
  event->type = "application.complete";
  event->payload = std::move(body);
  return {.id = event->id + 1,
          .endpoint = to,
          .uid_hash = base::stable_hash(std::to_string(event->id)),
          .generation = 0,
          .tries = 0,
          .attempts = 0,
          .first_try = true,
          .event = std::move(event)};
}

void dispatch_fixture::offer(std::vector<store::owed_delivery> deliveries) {
  for (const store::owed_delivery& each : deliveries) {
    if (!dispatch->reserve(each.endpoint, each.uid_hash, each.event->payload.size())) {
      throw std::logic_error("the test offers more than the lane has room for");
    }
  }
  dispatch->offer(std::move(deliveries));
}

void dispatch_fixture::offer(model::endpoint_id to, std::size_t count) {
  std::vector<store::owed_delivery> deliveries;
  for (std::size_t i = 0; i < count; ++i) deliveries.push_back(owe(to));
  offer(std::move(deliveries));
}

void dispatch_fixture::settle() {
  // What is posted in the course of one round is done in the next; no request needs more than a few.
  for (int round = 0; round < 8; ++round) {
    for (const auto& io : io_) {
      std::promise<void> reached;
      asio::post(*io, [&reached] { reached.set_value(); });
      reached.get_future().wait();
    }
  }
}

std::future<void> dispatch_fixture::begin_stop() {
  stop_begun_ = true;
  const auto stopped = std::make_shared<std::promise<void>>();
  dispatch->stop([stopped] { stopped->set_value(); });
  return stopped->get_future();
}

void dispatch_fixture::abandon() {
  stop_begun_ = true;
  for (const auto& io : io_) io->stop();
  for (std::thread& each : threads_) each.join();
  threads_.clear();
  dispatch.reset();
}

}  // namespace posthorn::dispatch
