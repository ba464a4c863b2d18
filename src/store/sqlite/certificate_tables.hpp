// store::certificate_changes over one transaction of the writer. Writer thread.
#pragma once

#include <vector>

#include "store/certificate_store.hpp"
#include "store/sqlite/audit_table.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// The columns that read_certificate and read_rule expect, from column 0 on.
inline constexpr std::string_view certificate_columns =
    "number,integration,id,rule,user,owner,name,description,validity_days,lessons,state,awarded_at,certified_at,"
    "expires_at,updated_at,revision";
inline constexpr std::string_view rule_columns =
    "integration,id,name,description,owner,validity_days,lessons,created_at,updated_at";
[[nodiscard]] model::certificate read_certificate(const statement& from);
[[nodiscard]] model::certificate_rule read_rule(const statement& from);

class certificate_tables final : public certificate_changes {
 public:
  // `telling`: change() is asked for afterwards.
  explicit certificate_tables(connection& on, bool telling = false) : on_(on), telling_(telling) {}

  // SQLITE_OK, or the first code of a statement that failed: the transaction must not be committed.
  [[nodiscard]] int failure() const noexcept { return failure_; }
  [[nodiscard]] std::vector<event_draft>& emitted() noexcept { return emitted_; }

  // What was changed, for the log of changes: one thing before and after, or the ids of several.
  [[nodiscard]] audited_change change() const;

  std::optional<model::certificate_rule> find_rule(model::integration_no integration, std::string_view id) override;
  std::vector<model::certificate_rule> rules_with(model::integration_no integration, std::string_view lesson) override;
  std::size_t count_rules(model::integration_no integration) override;
  void put(const model::certificate_rule& rule) override;
  void erase_rule(model::integration_no integration, std::string_view id) override;
  std::optional<model::certificate> find(model::integration_no integration, std::string_view id) override;
  std::optional<model::certificate> find_of(model::integration_no integration, std::string_view rule,
                                            std::string_view user) override;
  std::vector<model::certificate> overdue(base::epoch_ms now, std::size_t limit) override;
  void put(model::certificate& one) override;
  void complete_lesson(model::integration_no integration, std::string_view user, std::string_view lesson,
                       base::epoch_ms at) override;
  base::epoch_ms lesson_completed_at(model::integration_no integration, std::string_view user,
                                     std::string_view lesson) override;
  void emit(event_draft draft) override { emitted_.push_back(std::move(draft)); }

 private:
  [[nodiscard]] bool row(statement& of);
  void run(statement& what);
  void tell(const std::string& object, const boost::json::object& before, const boost::json::object& after);

  connection& on_;
  const bool telling_;
  audited_change change_;  // the last one
  std::vector<std::string> changed_ids_;
  int failure_ = SQLITE_OK;
  std::vector<event_draft> emitted_;
};

}  // namespace posthorn::store::sqlite
