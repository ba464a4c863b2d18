// The store's ports in memory, for what the API itself decides; whole-server tests use the real store.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "account/authenticator.hpp"
#include "account/people_service.hpp"
#include "api/failure_guard.hpp"
#include "store/audit_log.hpp"
#include "store/certificate_store.hpp"
#include "store/config_store.hpp"
#include "store/directory.hpp"
#include "store/event_intake.hpp"
#include "store/health.hpp"
#include "store/link_store.hpp"
#include "store/people_store.hpp"
#include "store/person_store.hpp"
#include "store/queries.hpp"
#include "store/replay_store.hpp"
#include "store/session_store.hpp"
#include "store/traffic_log.hpp"

namespace posthorn::api {

// For what has no business with certificates.
class no_certificates final : public store::certificate_store {
 public:
  base::result<void> change_certificates(const decision&) override { return down(); }
  base::result<store::page<model::certificate>> list_certificates(const store::certificate_filter&, std::int64_t,
                                                                  std::size_t) override {
    return down();
  }
  base::result<model::certificate> find_certificate(model::integration_no, std::string_view) override { return down(); }
  base::result<std::vector<model::certificate_rule>> list_rules(model::integration_no) override { return down(); }
  base::result<base::epoch_ms> next_certificate_end() override { return down(); }

 private:
  static std::unexpected<base::error> down() { return base::fail(base::fault::store_unavailable, "no certificates"); }
};

// Likewise with sessions.
class no_sessions final : public store::session_store {
 public:
  base::result<void> change_sessions(const decision&) override { return down(); }
  base::result<store::page<store::session_record>> list_sessions(const store::session_filter&, model::session_id,
                                                                 std::size_t) override {
    return down();
  }
  base::result<store::session_record> find_session(model::integration_no, model::session_id) override { return down(); }
  base::result<base::epoch_ms> next_session_end() override { return down(); }
  base::result<std::vector<store::due_scoring>> due_scorings(base::epoch_ms, std::size_t) override { return down(); }

 private:
  static std::unexpected<base::error> down() { return base::fail(base::fault::store_unavailable, "no sessions"); }
};

// Likewise with counts.
class no_traffic final : public store::traffic_log {
 public:
  base::result<std::vector<store::traffic_row>> read_traffic(const store::traffic_filter&) override {
    return base::fail(base::fault::store_unavailable, "no counts");
  }
  [[nodiscard]] std::shared_ptr<const store::backlog_map> backlog() const override {
    return std::make_shared<const store::backlog_map>();
  }
};

class no_links final : public store::link_store {
 public:
  base::result<void> change_links(const decision&) override { return down(); }
  base::result<store::page<model::link_batch>> list_link_batches(model::integration_no, model::link_batch_id,
                                                                 std::size_t) override {
    return down();
  }
  base::result<model::link_batch> find_link_batch(model::integration_no, model::link_batch_id) override {
    return down();
  }
  base::result<store::page<store::link_view>> list_links(model::integration_no, model::link_batch_id, model::link_id,
                                                         std::size_t) override {
    return down();
  }
  base::result<store::link_view> find_link(model::integration_no, model::link_id) override { return down(); }
  base::result<bool> has_link_work() override { return down(); }

 private:
  static std::unexpected<base::error> down() { return base::fail(base::fault::store_unavailable, "no links"); }
};

class no_persons final : public store::person_store {
 public:
  base::result<store::person_traces> find_traces(const store::person&) override { return store::person_traces(); }
  base::result<store::erasure_report> erase(const store::person&) override { return store::erasure_report(); }
};

// Likewise with people.
class no_people final : public store::people_store {
 public:
  base::result<void> change_people(const decision&) override { return down(); }
  base::result<std::optional<model::member>> find_member(model::member_id) override { return down(); }
  base::result<std::vector<model::member>> find_members(std::string_view) override { return down(); }
  base::result<std::vector<model::member>> members_of(model::company_id) override { return down(); }
  base::result<std::vector<model::invitation>> invitations_of(model::company_id) override { return down(); }
  base::result<std::optional<model::invitation>> find_invitation_of(std::string_view) override { return down(); }
  base::result<std::optional<model::one_time_token>> find_token(std::string_view) override { return down(); }
  base::result<std::vector<store::told_notice>> told_notices() override { return down(); }
  base::result<std::vector<model::console_session>> live_sessions(base::epoch_ms) override { return down(); }
  base::result<std::vector<store::mail_record>> mail_records(std::string_view) override { return down(); }
  base::result<std::vector<model::known_address>> known_addresses(base::epoch_ms) override { return down(); }

 private:
  static std::unexpected<base::error> down() { return base::fail(base::fault::store_unavailable, "no people"); }
};

// A console that nobody can enter.
struct empty_console {
  empty_console(const store::directory_source& directory, const base::clock& clock)
      : people(nobody, directory, sessions, clock), logins(clock) {}

  no_people nobody;
  account::live_sessions sessions;
  account::people_service people;
  account::login_guard logins;
  account::hash_queue hashes;
};

class fake_store : public store::event_intake,
                   public store::directory_source,
                   public store::config_store,
                   public store::queries,
                   public store::replay_store,
                   public store::audit_log,
                   public store::request_log,
                   public store::health_source {
 public:
  fake_store() {
    next_.admin_token_digest = account::digest_of("ph_admin_token");
    next_.companies[1].id = 1;
    publish();
  }

  // Made by hand: an integration with one key.
  void add(model::integration_no number, const std::string& id, const std::string& key) {
    auto entry = std::make_shared<store::integration_entry>();
    entry->value.number = number;
    entry->value.integration_id = id;
    model::api_key made;
    made.integration = number;
    made.text = key;
    entry->keys.push_back(made);
    next_.by_integration_id[id] = number;
    next_.by_key_digest[account::digest_of(key)] = number;
    next_.integrations[number] = std::move(entry);
    publish();
  }

  void accept(std::vector<store::event_draft> drafts, store::accept_done done) override {
    std::vector<store::accept_result> results;
    for (const store::event_draft& draft : drafts) {
      if (refuse_with) {
        results.push_back(std::unexpected(*refuse_with));
        continue;
      }
      results.push_back(
          store::accepted_event{.id = next_id_, .deliveries = static_cast<std::uint32_t>(draft.targets.size())});
      next_id_ += 1 + static_cast<model::event_id>(draft.targets.size());
    }
    for (store::event_draft& draft : drafts) accepted.push_back(std::move(draft));
    done(std::move(results));
  }

  store::shared_directory current() const override {
    const std::lock_guard lock(guard_);
    return current_;
  }
  std::uint64_t version() const noexcept override { return current()->version; }

  base::result<model::company> create_company(std::string name) override {
    model::company made{.id = 2, .name = std::move(name), .created_at = 1};
    next_.companies[2] = made;
    publish();
    return made;
  }
  base::result<void> set_admin_token_digest(std::string) override { return {}; }
  base::result<store::made_deployment> create_deployment(model::company_id company, std::string name,
                                                         model::preset preset) override {
    store::made_deployment made;
    made.value = {.id = 5, .company = company, .name = std::move(name), .default_preset = preset, .created_at = 1};
    made.test.value.integration_id = "20000000000000000001";
    made.test.key.text = "ph_test_made";
    made.production.value.env = model::environment::production;
    made.production.value.integration_id = "20000000000000000002";
    made.production.key.text = "ph_prod_made";
    next_.deployments[5] = made.value;
    publish();
    return made;
  }
  base::result<model::deployment> rename_deployment(model::deployment_id, std::string) override { return missing(); }
  base::result<void> delete_deployment(model::deployment_id) override { return missing(); }
  base::result<model::integration> update_integration(model::integration_no, const integration_change&) override {
    return missing();
  }
  base::result<model::event_type> put_event_type(model::event_type) override { return missing(); }
  base::result<void> delete_event_type(model::company_id, std::string) override { return missing(); }
  base::result<model::api_key> rotate_key(model::integration_no, int) override { return missing(); }

  base::result<model::endpoint> create_endpoint(model::endpoint wanted) override {
    wanted.id = 100 + static_cast<model::endpoint_id>(next_.endpoints.size());
    wanted.created_at = 1;
    put(wanted);
    return wanted;
  }
  base::result<model::endpoint> update_endpoint(model::endpoint_id id, endpoint_change change) override {
    model::endpoint changed = *next_.endpoints.at(id);
    if (auto done = change(changed); !done) return std::unexpected(done.error());
    ++changed.config_version;
    put(changed);
    return changed;
  }
  base::result<model::endpoint> set_endpoint_state(model::endpoint_id id, model::endpoint_state state,
                                                   std::string reason) override {
    model::endpoint changed = *next_.endpoints.at(id);
    changed.state = state;
    changed.state_reason = std::move(reason);
    put(changed);
    return changed;
  }
  base::result<void> delete_endpoint(model::endpoint_id) override { return missing(); }
  base::result<void> retry_delivery(model::delivery_id) override { return {}; }
  base::result<void> cancel_delivery(model::delivery_id) override {
    return base::fail(base::fault::not_acceptable_now, "finished");
  }

  base::result<store::page<store::event_view>> list_events(const store::event_filter& filter, std::int64_t cursor,
                                                           std::size_t limit) override {
    last_filter = filter;
    last_cursor = cursor;
    store::page<store::event_view> page;
    page.rows.resize(std::min<std::size_t>(limit, 2));
    page.next_cursor = 77;
    return page;
  }
  base::result<store::event_view> find_event(model::integration_no, model::event_id) override { return missing(); }
  base::result<std::string> find_payload(model::integration_no, model::event_id) override { return "{\"a\": 1}"; }
  base::result<store::page<store::delivery_view>> list_deliveries(const store::delivery_filter&, std::int64_t,
                                                                  std::size_t) override {
    return store::page<store::delivery_view>{};
  }
  base::result<store::delivery_view> find_delivery(model::integration_no, model::delivery_id id) override {
    store::delivery_view found;
    found.id = id;
    found.attempt_list.resize(1);
    found.attempt_list[0].response_body = "bad \xff byte";
    return found;
  }
  base::result<store::condition_map> conditions(model::integration_no) override { return store::condition_map{}; }
  base::result<store::page<store::request_log_entry>> list_requests(const store::log_subject&, std::int64_t,
                                                                    std::size_t) override {
    store::page<store::request_log_entry> page;
    page.rows = noted;
    return page;
  }

  base::result<void> replay_delivery(model::delivery_id) override { return {}; }
  base::result<std::vector<store::replayed_delivery>> replay_event(model::event_id,
                                                                   const std::vector<model::endpoint_id>&) override {
    return missing();
  }
  base::result<model::job> start_job(model::job wanted) override {
    wanted.id = 700;
    wanted.created_at = 1'000;
    last_job = wanted;
    return wanted;
  }
  base::result<model::job> cancel_job(model::integration_no, model::job_id) override { return missing(); }
  base::result<model::job> find_job(model::integration_no, model::job_id) override { return missing(); }
  base::result<store::page<model::job>> list_jobs(model::integration_no, std::int64_t, std::size_t) override {
    return store::page<model::job>{};
  }

  base::result<void> write() override {
    if (refuse_audit) return base::fail(base::fault::store_unavailable, "no log");
    written.push_back(store::acting::current()->entry);
    return {};
  }
  base::result<store::page<store::audit_entry>> list_changes(const store::log_subject&, std::int64_t,
                                                             std::size_t) override {
    store::page<store::audit_entry> page;
    page.rows = written;
    return page;
  }
  void note(store::request_log_entry entry) override { noted.push_back(std::move(entry)); }
  store::health_report health() const override { return report; }
  store::store_stats stats() const override { return counted; }

  std::vector<store::event_draft> accepted;
  std::vector<store::request_log_entry> noted;
  std::vector<store::audit_entry> written;  // guarded by the calls' own order
  bool refuse_audit = false;
  std::optional<base::error> refuse_with;
  store::event_filter last_filter;
  model::job last_job;
  std::int64_t last_cursor = 0;
  store::health_report report;
  store::store_stats counted{.events_accepted = 42};

 private:
  static std::unexpected<base::error> missing() { return base::fail(base::fault::not_found, "there is none"); }

  void put(const model::endpoint& value) {
    auto shared = std::make_shared<const model::endpoint>(value);
    next_.endpoints[value.id] = shared;
    auto entry = std::make_shared<store::integration_entry>(*next_.integrations.at(value.integration));
    std::erase_if(entry->endpoints, [&](const store::shared_endpoint& e) { return e->id == value.id; });
    entry->endpoints.push_back(shared);
    next_.integrations[value.integration] = std::move(entry);
    publish();
  }

  void publish() {
    ++next_.version;
    const std::lock_guard lock(guard_);
    current_ = std::make_shared<const store::directory>(next_);
  }

  mutable std::mutex guard_;
  store::shared_directory current_;  // guarded by guard_
  store::directory next_;
  model::event_id next_id_ = 1'000;
};

}  // namespace posthorn::api
