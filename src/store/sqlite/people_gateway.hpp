// store::people_store: changes as the writer's units of work, reads beside it.
#pragma once

#include "store/people_store.hpp"
#include "store/sqlite/read_pool.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

// Both outlive it. Thread: any but the writer's.
class people_gateway final : public people_store {
 public:
  people_gateway(writer& to, read_pool& reads) : writer_(to), reads_(reads) {}

  base::result<void> change_people(const decision& decide) override;
  base::result<std::optional<model::member>> find_member(model::member_id id) override;
  base::result<std::vector<model::member>> find_members(std::string_view email) override;
  base::result<std::vector<model::member>> members_of(model::company_id company) override;
  base::result<std::vector<model::invitation>> invitations_of(model::company_id company) override;
  base::result<std::optional<model::invitation>> find_invitation_of(std::string_view token_digest) override;
  base::result<std::optional<model::one_time_token>> find_token(std::string_view token_digest) override;
  base::result<std::vector<told_notice>> told_notices() override;
  base::result<std::vector<model::console_session>> live_sessions(base::epoch_ms now) override;
  base::result<std::vector<mail_record>> mail_records(std::string_view prefix) override;
  base::result<std::vector<model::known_address>> known_addresses(base::epoch_ms now) override;

 private:
  writer& writer_;
  read_pool& reads_;
};

}  // namespace posthorn::store::sqlite
