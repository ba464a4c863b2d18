// The one thread that changes the store: natural group commit, delivery state, backlog, recovery from faults.
// Everything waiting when a transaction ends goes into the next one, so a group grows with the load.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "store/audit_log.hpp"
#include "store/delivery_log.hpp"
#include "store/event_intake.hpp"
#include "store/health.hpp"
#include "store/secret_box.hpp"
#include "store/sqlite/audit_table.hpp"
#include "store/sqlite/backlog.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/sqlite/control.hpp"
#include "store/sqlite/idempotency_memory.hpp"
#include "store/sqlite/intake_queue.hpp"
#include "store/sqlite/job_runner.hpp"
#include "store/sqlite/request_journal.hpp"
#include "store/sqlite/traffic_table.hpp"

namespace posthorn::store::sqlite {

// What a unit of work sees: the open transaction.
struct unit_context {
  connection& on;
  commit_group& group;
  control& deliveries;
  idempotency_memory& keys;
  audited_change change = {};  // told in the log of changes, if the unit is some caller's
  // What a savepoint does not undo, in order, once all that may be refused has passed, the caller's entry in the log of
  // changes included.
  std::vector<std::move_only_function<void()>> effects = {};
  // As an effect. Takes type, uid and payload out of the drafts.
  void make_events_last(std::vector<event_draft> drafts);
};
using unit_of_work = std::function<base::result<void>(unit_context&)>;

class writer final : public event_intake, public delivery_log {
 public:
  struct options {
    std::string path;
    const secret_box* secrets = nullptr;
    base::clock* clock = nullptr;
    std::size_t disk_free_low_water = 0;
    idempotency_memory::older_lookup older_keys;
    // Called on the writer's thread after the commit that changed it.
    std::function<void(shared_directory)> publish;
    std::function<void(std::uint64_t events)> committed;
    std::function<model::event_id()> indexed_up_to;
    request_journal* requests = nullptr;
    event_taker takes;
  };

  // `on` is migrated and its master key checked.
  writer(options how, connection on, directory initial);
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  ~writer() override;

  // Recovers and begins to accept and to deliver into `sink`, which must outlive stop().
  base::result<void> start(delivery_sink& sink);
  // Refuses new work, commits what is queued, ends the thread. Idempotent.
  void stop();

  void accept(std::vector<event_draft> drafts, accept_done done) override;
  void record(std::vector<attempt_report> reports) override;
  void lane_has_room(model::endpoint_id endpoint) override;

  // Runs `unit` in a savepoint of the next group and waits for the commit. Set group.configuration_changed in it when
  // the directory must be read anew. On behalf of acting::current(), whose entry is written with it. Thread: any but
  // the writer's; works before start(), too.
  base::result<void> run(unit_of_work unit);
  // Writes what the journal (posthorn.db-wal) has into posthorn.db and empties it, so that it keeps no copies of what
  // has been overwritten. `then`, if there is one, is called on the writer's thread while the file is all there is.
  // store_unavailable: a reader needs the journal; try again. Threads as run().
  using with_file = std::function<base::result<void>(connection&)>;
  base::result<void> fold_journal(with_file then = {});

  [[nodiscard]] health_report health() const;
  [[nodiscard]] const counters& counts() const noexcept { return counters_; }
  [[nodiscard]] std::shared_ptr<const backlog_map> waiting() const;
  [[nodiscard]] const base::clock& time() const noexcept { return *how_.clock; }
  // Of the writer's thread only, e.g. for older_keys.
  [[nodiscard]] connection& on() noexcept { return session_->on; }

 private:
  struct unit_work {
    unit_of_work run;
    std::promise<base::result<void>> done;
    base::result<void> outcome;
    audit_note* behalf = nullptr;  // of the thread that waits for `done`
    bool folds = false;            // the journal, after the commit
    with_file then = {};           // that done
    bool answered = false;
  };
  struct inbox {
    std::vector<accept_work> accepts;
    std::vector<attempt_report> reports;
    std::vector<unit_work> units;
    std::vector<model::endpoint_id> rooms;
    [[nodiscard]] bool empty() const noexcept {
      return accepts.empty() && reports.empty() && units.empty() && rooms.empty();
    }
  };
  // All that hangs on one open connection.
  struct session {
    explicit session(connection opened)
        : on(std::move(opened)), sql(on), due(on), deliveries(on), jobs(on), traffic(on) {}
    connection on;
    rows sql;
    backlog due;
    control deliveries;
    job_runner jobs;
    traffic_table traffic;
  };

  static constexpr base::epoch_ms house_interval_ms = 100;

  base::result<void> wait_for(unit_work work);
  base::result<void> fold_now(const with_file& then);
  void loop();
  // False: it was the last.
  bool turn(inbox& work);
  // A turn has thrown: what it had in hand is refused, and the store is read anew.
  void give_up(inbox& work) noexcept;
  void close_store();
  void refuse_rest();
  void wait_for_work(inbox& taken);
  [[nodiscard]] commit_group new_group();
  void commit(inbox& work);
  // An SQLite code: whether it is committed.
  void answer_durable(inbox& work, std::vector<std::vector<accept_result>>& answers) noexcept;
  int transact(inbox& work, commit_group& group, std::vector<std::vector<accept_result>>& answers,
               shared_directory& changed, bool house_due);
  int load_changes(commit_group& group, shared_directory& changed);
  void apply(inbox& work, commit_group& group, std::vector<std::vector<accept_result>>& answers);
  void apply_reports(const std::vector<attempt_report>& reports, commit_group& group);
  void apply_unit(unit_work& unit, commit_group& group);
  // The group's transaction cannot be committed any more: nothing else is to be made a part of it.
  [[nodiscard]] bool is_lost(commit_group& group) const noexcept;
  [[nodiscard]] bool house_needs_keeping(base::epoch_ms now);
  void keep_house(commit_group& group);
  void keep_watermark_near(commit_group& group);
  void keep_lanes(commit_group& group);
  void keep_jobs(commit_group& group);
  void keep_steps(commit_group& group);
  void keep_requests(commit_group& group);
  void keep_clock(commit_group& group);
  void finish(inbox& work, commit_group& group, std::vector<std::vector<accept_result>>& answers,
              shared_directory changed);
  void offer(commit_group& group);
  void answer(accept_work& work, std::vector<accept_result> results) noexcept;
  static void answer(unit_work& unit, base::result<void> outcome) noexcept;
  void load_backlog();
  void look_around();
  void check_disk();
  void refuse(inbox& work, const base::error& why) noexcept;

  // Faults (writer_faults.cpp).
  void fall(inbox& work, commit_group& group, int code);
  void retain(std::vector<attempt_report>& reports);
  void give_back_offers(const commit_group& group);
  void give_back_rooms();
  void begin_fault();
  bool rise();
  base::result<void> recover_all();
  void set_health(bool can_accept, bool can_record, std::string reason);

  const options how_;
  counters counters_;
  std::atomic<std::size_t> queued_events_{0}, queued_bytes_{0};
  std::atomic<bool> accepting_{false};

  // Writer's thread only, once started.
  std::unique_ptr<session> session_;
  ledger known_;
  intake_queue intake_;
  id_allocator ids_;
  idempotency_memory idempotency_;
  no_lanes none_yet_;
  delivery_sink* sink_ = &none_yet_;
  shared_directory current_;
  std::uint64_t directory_version_ = 1;
  std::int64_t committed_id_ = 0;
  std::int64_t last_tick_minute_ = 0;
  std::int64_t persisted_watermark_ = -1;
  base::epoch_ms house_kept_at_ = 0;
  base::epoch_ms disk_checked_at_ = 0;
  base::epoch_ms next_load_at_ = 0;
  bool steps_left_ = true;
  base::epoch_ms chains_seen_at_ = 0;
  bool chains_wait_ = true;       // some delivery may wait for an earlier one of its uid
  bool traffic_counted_ = false;  // since the counts were last written
  bool fallen_ = false;
  base::epoch_ms reopen_at_ = 0;  // while fallen
  std::size_t last_group_items_ = 0;
  std::vector<attempt_report> retained_;                       // of failed groups, for the next one that works
  std::optional<model::delivery_id> broken_report_;            // whose recording threw in this group
  std::unordered_map<model::delivery_id, int> report_faults_;  // how often, since a group last worked
  model::job_id broken_job_ = 0;                               // whose step failed: it is to end
  std::vector<model::delivery_id> offering_;                   // to the lanes, at this moment
  std::unordered_set<model::delivery_id> held_by_lanes_;       // at the time of the fall

  mutable std::mutex mutex_;  // for all below
  std::condition_variable woken_;
  inbox inbox_;
  health_report health_;
  std::shared_ptr<const backlog_map> waiting_ = std::make_shared<const backlog_map>();
  bool sleeping_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace posthorn::store::sqlite
