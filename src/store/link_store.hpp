// Links to assessments and the batches that they are made in (contract 2.8). What opens or replaces one decides inside
// a transaction that sees its session as well.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/link.hpp"
#include "store/queries.hpp"
#include "store/session_store.hpp"

namespace posthorn::store {

// A batch of which some links are still to be made.
struct unmade_links {
  model::link_batch batch;
  std::vector<std::string> uids;  // of the next ones, if they were given with the batch; else empty
};

// What a change sees and does, inside its transaction. Writer thread; only during the call that it is passed to.
class link_changes {
 public:
  virtual ~link_changes() = default;

  [[nodiscard]] virtual std::optional<model::link> find(model::integration_no integration, model::link_id id) = 0;
  // id 0: makes it and gives it an id greater than any before; otherwise replaces it.
  virtual void put(model::link& one) = 0;

  // Batches of the integration that are still being made.
  [[nodiscard]] virtual std::size_t unmade_batches(model::integration_no integration) = 0;
  // Gives it an id. `uids`: of all its links in their order; empty where they are made up one by one.
  virtual void start(model::link_batch& batch, const std::vector<std::string>& uids) = 0;
  // The oldest batch that is not made, and at most `limit` of its uids.
  [[nodiscard]] virtual std::optional<unmade_links> next_unmade(std::size_t limit) = 0;
  // Keeps how many are made. Its uids are forgotten once all are.
  virtual void keep(const model::link_batch& batch) = 0;

  // At most `limit` links of integrations whose deployment was deleted, and their batches; how many links and batches.
  [[nodiscard]] virtual std::size_t erase_orphans(std::size_t limit) = 0;
};

// A link and how far its session has come.
struct link_view {
  model::link value;
  std::optional<model::session_state> state{};  // as written: its limit may have passed since. None: not opened
  base::epoch_ms session_ends_at = 0;           // of a session's limit

  bool operator==(const link_view&) const = default;
};

class link_store {
 public:
  virtual ~link_store() = default;

  // Runs `decide` in one transaction and returns after the commit. Its error is returned and nothing is written.
  // Blocks: not on an io_context. Thread: any but the writer's.
  using decision = std::function<base::result<void>(session_changes&, link_changes&)>;
  virtual base::result<void> change_links(const decision& decide) = 0;

  // Newest first; otherwise as the lists of store/queries.hpp.
  virtual base::result<page<model::link_batch>> list_link_batches(model::integration_no integration,
                                                                  model::link_batch_id cursor, std::size_t limit) = 0;
  // not_found: there is none of this id in the integration.
  virtual base::result<model::link_batch> find_link_batch(model::integration_no integration,
                                                          model::link_batch_id id) = 0;
  // In the order in which they were made, i.e. of the uids that came with the batch; `cursor` is the last id seen.
  virtual base::result<page<link_view>> list_links(model::integration_no integration, model::link_batch_id batch,
                                                   model::link_id cursor, std::size_t limit) = 0;
  // not_found: as above.
  virtual base::result<link_view> find_link(model::integration_no integration, model::link_id id) = 0;
  // Whether links are to be made or erased.
  virtual base::result<bool> has_link_work() = 0;
};

}  // namespace posthorn::store
