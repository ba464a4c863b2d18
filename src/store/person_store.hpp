// All that is stored about one person of an integration, found by uid (contract 6): told for an export, and erased.
// The other ports tell the rest of an export: sessions, certificates, events.
// Calls wait for reads and commits: from a thread that may block, never from an io_context or the writer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/ids.hpp"
#include "model/link.hpp"
#include "store/queries.hpp"

namespace posthorn::store {

struct person {
  model::integration_no integration = 0;
  std::string integration_id;  // the same one's
  std::string uid;             // not empty
};

struct lesson_record {
  std::string lesson;
  base::epoch_ms at = 0;  // wall time
};

struct link_record {
  model::link_id id = 0;
  base::epoch_ms created_at = 0;  // engine time
  base::epoch_ms expires_at = 0;
  bool opened = false;
};

struct person_traces {
  std::vector<link_record> links;
  std::vector<lesson_record> lessons;
  std::vector<request_log_entry> requests;  // refused calls that named the uid, newest first
};

// How many of each were erased by one call.
struct erasure_report {
  std::uint64_t events = 0;
  std::uint64_t sessions = 0;
  std::uint64_t links = 0;
  std::uint64_t certificates = 0;
  std::uint64_t lessons = 0;
  std::uint64_t requests = 0;  // lines of the request log
  std::uint64_t changes = 0;   // entries of the log of changes that named the uid
};

class person_store {
 public:
  virtual ~person_store() = default;

  virtual base::result<person_traces> find_traces(const person& of) = 0;

  // Erases what was there when it was called, in units of work that each hold the writer for milliseconds. Events keep
  // their type, times and outcomes; their uid, payload and evidence are overwritten on disk, as is whatever is deleted.
  // Sessions go in whatever state; a live one ends without an event.
  // not_acceptable_now, before anything is erased: an event of the person is still owed to an endpoint, or a batch that
  // is being made has a link for them.
  // too_many_requests: another erasure runs.
  // After any other error, and after a crash, call it again: what is gone stays gone, and the rest follows.
  virtual base::result<erasure_report> erase(const person& of) = 0;
};

}  // namespace posthorn::store
