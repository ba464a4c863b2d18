// Members, invitations, console sessions and one-time links (contract 2.9). What changes them decides inside its own
// transaction: a link that works once works once, and the last admin stays.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/endpoint.hpp"
#include "model/member.hpp"

namespace posthorn::store {

// The last mail about an endpoint: the state that it told of, and when (engine time).
struct told_notice {
  model::endpoint_id endpoint = 0;
  model::endpoint_state state = model::endpoint_state::active;
  base::epoch_ms at = 0;

  bool operator==(const told_notice&) const = default;
};

// What was mailed of late about one subject (account/mail_subjects.hpp). Engine time.
struct mail_record {
  std::string subject;
  model::member_id member = 0;  // who takes it along; 0: nobody
  base::epoch_ms free_again_at = 0;
  base::epoch_ms day_began_at = 0;
  std::int32_t sent = 0;

  bool operator==(const mail_record&) const = default;
};

// What a change sees and does, inside its transaction. Writer thread; only during the call that it is passed to.
// Digests are raw bytes.
class people_changes {
 public:
  virtual ~people_changes() = default;

  [[nodiscard]] virtual std::optional<model::member> find_member(model::member_id id) = 0;
  // One a company, oldest first; whatever the case of its letters.
  [[nodiscard]] virtual std::vector<model::member> find_members(std::string_view email) = 0;
  // Oldest first.
  [[nodiscard]] virtual std::vector<model::member> members_of(model::company_id company) = 0;
  [[nodiscard]] virtual bool has_members() = 0;
  // id 0: makes it and gives it an id greater than any before; otherwise replaces it. A second member of one e-mail
  // address in one company is a bug, and fails the change.
  virtual void put(model::member& one) = 0;
  // With its sessions, links, known addresses and records of mails.
  virtual void erase_member(model::member_id id) = 0;

  [[nodiscard]] virtual std::optional<model::invitation> find_invitation(model::invitation_id id) = 0;
  [[nodiscard]] virtual std::optional<model::invitation> find_invitation_of(std::string_view token_digest) = 0;
  // Oldest first; accepted and expired ones, too.
  [[nodiscard]] virtual std::vector<model::invitation> invitations_of(model::company_id company) = 0;
  virtual void put(model::invitation& one) = 0;  // as a member's
  virtual void erase_invitation(model::invitation_id id) = 0;

  // Oldest first.
  [[nodiscard]] virtual std::vector<model::console_session> sessions_of(model::member_id member) = 0;
  virtual void put(const model::console_session& one) = 0;
  virtual void erase_session(std::string_view token_digest) = 0;

  // The one that ends first comes first.
  [[nodiscard]] virtual std::vector<model::known_address> known_addresses_of(model::member_id member) = 0;
  // Replaces one of the same member and digest.
  virtual void put(const model::known_address& one) = 0;
  virtual void erase_known_address(model::member_id member, std::string_view digest) = 0;

  [[nodiscard]] virtual std::optional<model::one_time_token> find_token(std::string_view token_digest) = 0;
  // The newest of this purpose, expired or not; `member` 0 for those of no member.
  [[nodiscard]] virtual std::optional<model::one_time_token> latest_token(model::token_purpose purpose,
                                                                          model::member_id member) = 0;
  virtual void put(const model::one_time_token& one) = 0;
  virtual void erase_tokens(model::token_purpose purpose, model::member_id member) = 0;

  // Replaces the endpoint's last one. Those of deleted endpoints go.
  virtual void put(const told_notice& one) = 0;

  [[nodiscard]] virtual std::optional<mail_record> find_mail_record(std::string_view subject) = 0;
  // Replaces the subject's.
  virtual void put(const mail_record& one) = 0;

  // Sessions, links and known addresses of members that have expired at `now` (engine time), and records of mails that
  // no limit of a day or less needs any more.
  virtual void erase_expired(base::epoch_ms now) = 0;
};

class people_store {
 public:
  virtual ~people_store() = default;

  // Runs `decide` in one transaction and returns after the commit. Its error is returned and nothing is written.
  // Blocks: not on an io_context. Thread: any but the writer's.
  using decision = std::function<base::result<void>(people_changes&)>;
  virtual base::result<void> change_people(const decision& decide) = 0;

  // Reads block, too, but wait for no change.
  virtual base::result<std::optional<model::member>> find_member(model::member_id id) = 0;
  virtual base::result<std::vector<model::member>> find_members(std::string_view email) = 0;
  virtual base::result<std::vector<model::member>> members_of(model::company_id company) = 0;
  virtual base::result<std::vector<model::invitation>> invitations_of(model::company_id company) = 0;
  virtual base::result<std::optional<model::invitation>> find_invitation_of(std::string_view token_digest) = 0;
  virtual base::result<std::optional<model::one_time_token>> find_token(std::string_view token_digest) = 0;
  virtual base::result<std::vector<told_notice>> told_notices() = 0;
  // All that have not expired at `now` (engine time).
  virtual base::result<std::vector<model::console_session>> live_sessions(base::epoch_ms now) = 0;
  // Of subjects that begin so.
  virtual base::result<std::vector<mail_record>> mail_records(std::string_view prefix) = 0;
  virtual base::result<std::vector<model::known_address>> known_addresses(base::epoch_ms now) = 0;
};

}  // namespace posthorn::store
