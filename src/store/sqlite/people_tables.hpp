// store::people_changes over one transaction of the writer. Writer thread; the reads also on a reader's connection.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "store/people_store.hpp"
#include "store/sqlite/audit_table.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

class people_tables final : public people_changes {
 public:
  // `telling`: change() is asked for afterwards.
  explicit people_tables(connection& on, bool telling = false) : on_(on), telling_(telling) {}

  // SQLITE_OK, or the first code of a statement that failed: the transaction must not be committed.
  [[nodiscard]] int failure() const noexcept { return failure_; }
  // Who was changed, for the log of changes: the first member or invitation that was put or erased.
  [[nodiscard]] const audited_change& change() const noexcept { return change_; }

  std::optional<model::member> find_member(model::member_id id) override;
  std::vector<model::member> find_members(std::string_view email) override;
  std::vector<model::member> members_of(model::company_id company) override;
  bool has_members() override;
  void put(model::member& one) override;
  void erase_member(model::member_id id) override;
  std::optional<model::invitation> find_invitation(model::invitation_id id) override;
  std::optional<model::invitation> find_invitation_of(std::string_view token_digest) override;
  std::vector<model::invitation> invitations_of(model::company_id company) override;
  void put(model::invitation& one) override;
  void erase_invitation(model::invitation_id id) override;
  std::vector<model::console_session> sessions_of(model::member_id member) override;
  void put(const model::console_session& one) override;
  void erase_session(std::string_view token_digest) override;
  std::vector<model::known_address> known_addresses_of(model::member_id member) override;
  void put(const model::known_address& one) override;
  void erase_known_address(model::member_id member, std::string_view digest) override;
  std::optional<model::one_time_token> find_token(std::string_view token_digest) override;
  std::optional<model::one_time_token> latest_token(model::token_purpose purpose, model::member_id member) override;
  void put(const model::one_time_token& one) override;
  void erase_tokens(model::token_purpose purpose, model::member_id member) override;
  void put(const told_notice& one) override;
  std::optional<mail_record> find_mail_record(std::string_view subject) override;
  void put(const mail_record& one) override;
  void erase_expired(base::epoch_ms now) override;

  [[nodiscard]] std::vector<told_notice> told_notices();
  [[nodiscard]] std::vector<model::console_session> live_sessions(base::epoch_ms now);
  [[nodiscard]] std::vector<mail_record> mail_records(std::string_view prefix);
  [[nodiscard]] std::vector<model::known_address> known_addresses(base::epoch_ms now);

 private:
  [[nodiscard]] bool row(statement& of);
  void run(statement& what);
  void tell(const std::string& object, const boost::json::object& before, const boost::json::object& after);
  template <class Read>
  [[nodiscard]] auto one_of(statement& query, Read read) -> std::optional<decltype(read(query))>;
  template <class Read>
  [[nodiscard]] auto all_of(statement& query, Read read) -> std::vector<decltype(read(query))>;

  connection& on_;
  const bool telling_;
  bool told_ = false;
  audited_change change_;
  int failure_ = SQLITE_OK;
};

}  // namespace posthorn::store::sqlite
