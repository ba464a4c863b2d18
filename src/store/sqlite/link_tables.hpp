// store::link_changes over one transaction of the writer. Writer thread.
#pragma once

#include <string_view>

#include "store/link_store.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// The columns that their readers expect, from column 0 on.
inline constexpr std::string_view link_columns =
    "link.id,link.integration,link.batch,link.uid,link.generation,link.created_at,link.expires_at,link.session,"
    "link.begins_after";
[[nodiscard]] model::link read_link(const statement& from);
inline constexpr std::string_view link_batch_columns = "id,integration,name,count,made,created_at,state";
[[nodiscard]] model::link_batch read_link_batch(const statement& from);

class link_tables final : public link_changes {
 public:
  link_tables(connection& on, commit_group& group) : on_(on), group_(group) {}

  // SQLITE_OK, or the first code of a statement that failed: the transaction must not be committed.
  [[nodiscard]] int failure() const noexcept { return failure_; }
  // What it came to, for the log of changes: a batch begun, else the link put last.
  [[nodiscard]] const std::optional<model::link_batch>& started() const noexcept { return started_; }
  [[nodiscard]] const std::optional<model::link>& last_put() const noexcept { return last_put_; }

  std::optional<model::link> find(model::integration_no integration, model::link_id id) override;
  void put(model::link& one) override;
  std::size_t unmade_batches(model::integration_no integration) override;
  void start(model::link_batch& batch, const std::vector<std::string>& uids) override;
  std::optional<unmade_links> next_unmade(std::size_t limit) override;
  void keep(const model::link_batch& batch) override;
  std::size_t erase_orphans(std::size_t limit) override;

 private:
  // Whether there is a row to read.
  [[nodiscard]] bool row(statement& of);
  void run(statement& what);

  connection& on_;
  commit_group& group_;
  int failure_ = SQLITE_OK;
  std::optional<statement> insert_;  // many in one transaction
  std::optional<model::link_batch> started_;
  std::optional<model::link> last_put_;
};

}  // namespace posthorn::store::sqlite
