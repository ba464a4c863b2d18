// The log of changes as rows, and how a change is told: by the members of its JSON object that it changed.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "model/endpoint.hpp"
#include "model/job.hpp"
#include "store/audit_log.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// What a unit of work says of its change; left empty, the entry has the action and the caller alone.
struct audited_change {
  std::string object;  // "": as the caller named it
  std::string before, after;
};

// Only what differs. An endpoint is told as its settings (endpoint_json.hpp) and state; of its secrets, that they
// changed.
[[nodiscard]] audited_change difference(const boost::json::object& before, const boost::json::object& after);
// An object without members: there was, or is, nothing.
[[nodiscard]] audited_change change_of(std::string object, const boost::json::object& before,
                                       const boost::json::object& after);
[[nodiscard]] audited_change made(const model::endpoint& of);
[[nodiscard]] audited_change changed(const model::endpoint& before, const model::endpoint& after);
[[nodiscard]] audited_change removed(const model::endpoint& of);
[[nodiscard]] audited_change started(const model::job& of);

// Writer thread, inside the transaction of the change. What `change` leaves empty is as the entry has it.
base::result<void> write_audit(connection& on, const audit_entry& entry, const audited_change& change,
                               base::epoch_ms wall);
// Removes a slice of what is too old or too much; true if more may be left.
base::result<bool> trim_audit(connection& on, base::epoch_ms wall);

base::result<page<audit_entry>> read_audit(connection& on, const log_subject& of, std::int64_t cursor,
                                           std::size_t rows);

}  // namespace posthorn::store::sqlite
