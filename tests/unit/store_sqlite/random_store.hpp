// A store with random events in random states, and the same in plain vectors for a brute-force oracle.
#pragma once

#include <algorithm>
#include <random>

#include "store/queries.hpp"
#include "store/sqlite/evidence.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {

class random_store {
 public:
  static constexpr base::epoch_ms start = 1'700'000'000'000;
  static constexpr int integrations = 2;
  static constexpr int endpoints_each = 4;  // of them number 2 is paused and number 3 deleted

  explicit random_store(int events, unsigned seed = 7) : random_(seed), last_id_(start << 20) {
    store_.exec("BEGIN");
    for (int i = 1; i <= integrations; ++i) add_integration(i);
    for (int i = 0; i < events; ++i) add_event(i >= events - 50);
    store_.exec("COMMIT");
    std::ranges::sort(events_, std::greater(), &event_view::id);
  }

  static model::endpoint_id endpoint(int integration, int k) { return integration * 10 + k; }

  temp_store& files() { return store_; }
  [[nodiscard]] const std::vector<event_view>& events() const { return events_; }  // newest first

  [[nodiscard]] std::vector<delivery_view> deliveries(model::integration_no of) const {
    std::vector<delivery_view> all;
    for (const event_view& each : events_) {
      if (each.integration == of) all.insert(all.end(), each.deliveries.begin(), each.deliveries.end());
    }
    std::ranges::sort(all, std::greater(), &delivery_view::id);
    return all;
  }

  // Adds one more; `fresh`: it may have deliveries in lanes, without rows.
  void add_event(bool fresh) {
    event_view made;
    made.id = last_id_ += 1 + below(5'000);
    made.integration = 1 + below(integrations);
    made.type = "type." + std::to_string(below(5));
    if (below(4) > 0) made.uid = "uid-" + std::to_string(below(40));
    // Time goes on by up to 20 s an event, and often stands still.
    now_ += below(3) == 0 ? 0 : below(20'000);
    made.accepted_at = now_;
    made.payload_bytes = 1 + static_cast<std::uint64_t>(below(900));
    std::string targets;
    if (fresh && watermark_open_) {
      store_.exec("INSERT OR REPLACE INTO meta VALUES('watermark'," + std::to_string(made.id - 1) + ")");
      watermark_open_ = false;
    }
    for (int k = 0; k < endpoints_each; ++k) {
      if (below(3) > 0) continue;
      const model::endpoint_id to = endpoint(static_cast<int>(made.integration), k);
      targets.append(reinterpret_cast<const char*>(&to), sizeof to);
      made.deliveries.push_back(add_delivery(++last_id_, made.id, to, fresh));
    }
    insert(made, targets);
    if (below(20) == 0) {
      const model::endpoint_id to = endpoint(static_cast<int>(made.integration), below(endpoints_each));
      last_id_ += below(100);
      made.deliveries.push_back(add_delivery(++last_id_, made.id, to, false));
      store_.exec("INSERT INTO extra_delivery VALUES(" + std::to_string(last_id_) + "," + std::to_string(made.id) +
                  "," + std::to_string(to) + ")");
    }
    made.state = state(made);
    events_.push_back(std::move(made));
  }

  static model::event_state state(const event_view& of) {
    const auto count = [&](auto... states) {
      return std::ranges::count_if(of.deliveries, [&](const delivery_view& d) { return ((d.state == states) || ...); });
    };
    using enum model::delivery_state;
    if (of.deliveries.empty()) return model::event_state::unrouted;
    if (count(pending, retrying, parked) > 0) return model::event_state::pending;
    return count(failed, cancelled) > 0 ? model::event_state::failed : model::event_state::delivered;
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

  void add_integration(int number) {
    const std::string n = std::to_string(number);
    store_.exec("INSERT INTO integration VALUES(" + n + "," + n + ",1,'test','id" + n + "',30,1,'{}')");
    const char* states[] = {"active", "active", "paused", "active"};
    for (int k = 0; k < endpoints_each; ++k) {
      store_.exec(
          "INSERT INTO endpoint(id,integration,settings,sealed,config_version,state,state_reason,not_before,created_at,"
          "deleted_at) VALUES(" +
          std::to_string(endpoint(number, k)) + "," + n + ",'{}',x'',1,'" + states[k] + "','',0,0," +
          (k == 3 ? "1" : "NULL") + ")");
    }
  }

  delivery_view add_delivery(model::delivery_id id, model::event_id event, model::endpoint_id to, bool fresh) {
    delivery_view made;
    made.id = id;
    made.event = event;
    made.endpoint = to;
    const int dice = below(10);
    if (fresh && dice < 5) return made;
    const bool pending = dice >= 8;
    made.attempts = below(3);
    if (!pending && dice < 7) made.attempts = std::max(made.attempts, 1);
    for (int n = 1; n <= made.attempts - (pending ? 0 : 1); ++n) add_attempt(made, n);
    pending ? add_pending(made) : add_outcome(made, dice < 5 ? 0 : dice - 5);
    return made;
  }

  void add_pending(delivery_view& made) {
    const auto k = static_cast<int>(made.endpoint % 10);
    const bool waits = below(3) == 0;
    const base::epoch_ms due = start + below(1'000);
    // Every fifth was sent again and has a later place in line.
    const std::int64_t seq = below(5) == 0 ? made.id + 1'000'000 * (1 + below(9)) : made.id;
    statement insert(store_.on(), "INSERT INTO pending VALUES(?1,?7,?2,?3,0,?4,NULL,?5,?5,0,?6)");
    insert.bind(1, made.endpoint).bind(2, made.id).bind(3, made.event).bind(5, made.attempts).bind(6, waits ? 2 : 0);
    insert.bind(7, seq);
    waits ? insert.bind_null(4) : insert.bind(4, due);
    EXPECT_EQ(insert.run(), SQLITE_OK);
    using enum model::delivery_state;
    made.state = k >= 2 ? parked : made.attempts == 0 ? model::delivery_state::pending : retrying;
    made.waits_for = k == 2 ? "endpoint paused" : k == 3 ? "endpoint deleted" : waits ? "order" : "";
    if (k < 2 && !waits) made.next_try_at = due;
  }

  void add_outcome(delivery_view& made, int result) {
    std::string evidence;
    if (made.attempts > 0) evidence = evidence_of(made, made.attempts);
    made.finished_at = start + below(1'000);
    made.state = static_cast<model::delivery_state>(static_cast<int>(model::delivery_state::delivered) + result);
    statement insert(store_.on(), "INSERT INTO outcome VALUES(?1,?2,?3,?4,?5,0,1,?6)");
    insert.bind(1, made.id).bind(2, made.endpoint).bind(3, made.finished_at).bind(4, result).bind(5, made.attempts);
    EXPECT_EQ(insert.bind_blob(6, evidence).run(), SQLITE_OK);
  }

  std::string evidence_of(delivery_view& made, int number) {
    model::attempt attempt;
    attempt.number = number;
    attempt.status = below(2) == 0 ? 0 : 200 + below(300);
    attempt.error = attempt.status == 0 ? model::error_class::timeout : model::error_class::none;
    made.last_status = attempt.status;
    made.last_error = attempt.error;
    std::string evidence;
    append_evidence(evidence, attempt);
    return evidence;
  }

  void add_attempt(delivery_view& made, int number) {
    const std::string evidence = evidence_of(made, number);
    statement insert(store_.on(), "INSERT INTO attempt VALUES(?1,?2,?3)");
    EXPECT_EQ(insert.bind(1, made.id).bind(2, number).bind_blob(3, evidence).run(), SQLITE_OK);
  }

  void insert(const event_view& of, const std::string& targets) {
    const std::string payload(of.payload_bytes, 'p');
    statement insert(store_.on(), "INSERT INTO event VALUES(?1,?2,?3,?4,?5,0,?6,?7)");
    insert.bind(1, of.id).bind(2, of.integration).bind_text(3, of.type).bind(4, of.accepted_at);
    EXPECT_EQ(insert.bind_text(5, of.uid).bind_blob(6, targets).bind_blob(7, payload).run(), SQLITE_OK);
    statement tick(store_.on(), "INSERT OR IGNORE INTO tick VALUES(?1,?2)");
    EXPECT_EQ(tick.bind(1, of.accepted_at / 60'000).bind(2, of.id).run(), SQLITE_OK);
  }

  temp_store store_;
  std::mt19937 random_;
  std::int64_t last_id_;
  base::epoch_ms now_ = start;
  bool watermark_open_ = true;
  std::vector<event_view> events_;
};

}  // namespace posthorn::store::sqlite
