// Reads for people and the API. A page takes limits::read_ms_max, or as long as limits::read_steps_min ids take to be
// looked at: call from a thread that may block.
// Lists are newest first and paged: `cursor` is the last id seen (0: from the newest); `next_cursor` 0 ends the list.
// A page may be short, even empty, with a next_cursor: the time for one read was used up; go on from there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "model/delivery.hpp"
#include "model/endpoint.hpp"
#include "model/ids.hpp"

namespace posthorn::store {

struct delivery_view {
  model::delivery_id id = 0;
  model::event_id event = 0;
  model::endpoint_id endpoint = 0;
  model::delivery_state state = model::delivery_state::pending;
  std::int32_t attempts = 0;
  std::int32_t last_status = 0;  // 0: none yet, or no answer
  model::error_class last_error = model::error_class::none;
  base::epoch_ms next_try_at = 0;            // engine time; 0: none planned
  base::epoch_ms finished_at = 0;            // wall time; 0: not finished
  base::epoch_ms probe_at = 0;               // engine time; of a degraded endpoint's next probe; 0: it is not degraded
  std::string waits_for;                     // why it is not moving: "", "order", "endpoint paused", …
  std::vector<model::attempt> attempt_list;  // filled by find_event and find_delivery only
};

struct event_view {
  model::event_id id = 0;
  model::integration_no integration = 0;
  std::string type;
  std::string uid;
  base::epoch_ms accepted_at = 0;  // wall time
  bool erased = false;             // its person was: uid, payload and evidence are gone
  model::event_state state = model::event_state::pending;
  std::uint64_t payload_bytes = 0;
  std::vector<delivery_view> deliveries;
};

struct event_filter {
  model::integration_no integration = 0;
  std::optional<std::string> uid{};
  std::optional<std::string> type{};
  std::optional<model::endpoint_id> endpoint{};
  std::optional<model::event_state> state{};
  base::epoch_ms since = 0;  // accepted_at ≥ since
  base::epoch_ms until = 0;  // accepted_at < until; 0: no bound
};

struct delivery_filter {
  model::integration_no integration = 0;
  std::optional<model::endpoint_id> endpoint{};
  std::optional<model::delivery_state> state{};
};

template <class Row>
struct page {
  std::vector<Row> rows;
  std::int64_t next_cursor = 0;
};

// One refused or failed API call (contract 2.10), kept in a bounded log.
// Of whom a log is read: one integration, else all of one company, else everything.
struct log_subject {
  std::string integration_id{};   // "": not one integration
  model::company_id company = 0;  // 0: every company
};

struct request_log_entry {
  std::int64_t id = 0;
  base::epoch_ms at = 0;  // wall time
  std::string method;
  std::string route;
  int status = 0;
  std::string error;  // the fault's slug
  std::string detail;
  std::string uid;             // as named by the caller; empty: none
  std::string integration_id;  // as named by the caller or known by its key; empty: none
  std::string remote;
};

using condition_map = std::unordered_map<model::endpoint_id, model::endpoint_condition>;

class queries {
 public:
  virtual ~queries() = default;
  virtual base::result<page<event_view>> list_events(const event_filter& filter, std::int64_t cursor,
                                                     std::size_t limit) = 0;
  // not_found also for an event of another integration.
  virtual base::result<event_view> find_event(model::integration_no integration, model::event_id id) = 0;
  // erased: the event's person was.
  virtual base::result<std::string> find_payload(model::integration_no integration, model::event_id id) = 0;
  virtual base::result<page<delivery_view>> list_deliveries(const delivery_filter& filter, std::int64_t cursor,
                                                            std::size_t limit) = 0;
  virtual base::result<delivery_view> find_delivery(model::integration_no integration, model::delivery_id id) = 0;
  // Of the endpoints that fail or failed lately, as it is now (the directory is as of the last change of state).
  virtual base::result<condition_map> conditions(model::integration_no integration) = 0;
  virtual base::result<page<request_log_entry>> list_requests(const log_subject& of, std::int64_t cursor,
                                                              std::size_t limit) = 0;
};

// Thread: any; never blocks. Above limits::request_log_rows_per_s_max entries are counted, not kept.
class request_log {
 public:
  virtual ~request_log() = default;
  virtual void note(request_log_entry entry) = 0;
};

}  // namespace posthorn::store
