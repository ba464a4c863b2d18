// store::session_changes over one transaction of the writer. Writer thread.
#pragma once

#include <string_view>
#include <vector>

#include "store/session_store.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// The columns that read_session expects, from column 0 on.
inline constexpr std::string_view session_columns =
    "id,integration,uid,platform,state,created_at,expires_at,opened_at,consented_at,last_response_at,ended_at,scored_"
    "at,"
    "done,required,permissions_missing,end_reasons,questionnaire_key,questionnaire_version,scorecard_key,"
    "scorecard_version,score,given,first_response_at,scoring_due,scoring_tries,scoring_error";
[[nodiscard]] session_record read_session(const statement& from);

// As the indexes say it, word for word: otherwise SQLite does not use them.
inline constexpr std::string_view session_is_live = "state IN ('created','consented','in_progress')";

class session_tables final : public session_changes {
 public:
  session_tables(connection& on, commit_group& group) : on_(on), group_(group) {}

  // SQLITE_OK, or the first code of a statement that failed: the transaction must not be committed.
  [[nodiscard]] int failure() const noexcept { return failure_; }
  [[nodiscard]] std::vector<event_draft>& emitted() noexcept { return emitted_; }

  std::optional<session_record> find(model::integration_no integration, model::session_id id) override;
  std::optional<session_record> find_latest(model::integration_no integration, std::string_view uid) override;
  std::vector<session_record> overdue(base::epoch_ms now, std::size_t limit) override;
  void put(session_record& one) override;
  void emit(event_draft draft) override { emitted_.push_back(std::move(draft)); }

 private:
  [[nodiscard]] std::vector<session_record> rows(statement& of);
  [[nodiscard]] std::optional<session_record> only_row(statement& of);

  connection& on_;
  commit_group& group_;
  int failure_ = SQLITE_OK;
  std::vector<event_draft> emitted_;
};

}  // namespace posthorn::store::sqlite
