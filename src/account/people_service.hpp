// People (contract 2.9): who may enter the console, and who says so. Decides inside the store's transactions, and keeps
// the sessions in memory in step with what was committed. Every change is on behalf of store::acting::current(), whose
// entry learns here which member acts, or in which company: also where the call is then refused.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "account/known_addresses.hpp"
#include "account/live_sessions.hpp"
#include "account/password.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/member.hpp"
#include "store/decided.hpp"
#include "store/directory.hpp"
#include "store/people_store.hpp"

namespace posthorn::account {

// A member who has a session from now on; `token` is the cookie's value, given out this once.
struct entered {
  model::member who;
  std::string token;
};
// An invitation with the token of its link, which is given out this once.
struct invited {
  model::invitation value;
  std::string token;
};
struct reset_link {
  model::member of;
  std::string token;
  base::epoch_ms expires_at = 0;  // engine time
};
// Whether an invitation's link is mailed, or handed over by the one who invites: what is mailed is limited.
enum class handing_over : std::uint8_t { by_hand, by_mail };
struct new_member {
  std::string email;
  std::string name;
  std::string password;
};
struct own_settings {
  std::optional<std::string> name;
  std::optional<bool> notices;
};

// Where a caller comes from, as one subscriber holds it (api/failure_guard.hpp).
struct caller_address {
  std::uint64_t subscriber = 0;  // 0: nowhere that is worth knowing again
};
struct people_options {
  std::string address_secret = std::string(16, '\0');  // of the store's own: under it addresses are kept
  std::size_t hash_bytes = base::limits::password_hash_bytes;
};

// Thread-safe; every call but knows() may block, and those that hash a password do so for a tenth of a second: on
// hash_queue's thread. All references outlive it. Texts have passed their rules (length, is_email).
class people_service {
 public:
  people_service(store::people_store& people, const store::directory_source& directory, live_sessions& live,
                 const base::clock& clock, people_options with = {})
      : people_(people),
        directory_(directory),
        live_(live),
        clock_(clock),
        addresses_(with.address_secret),
        passwords_(with.hash_bytes) {}

  // Brings what the store knows of sessions and addresses back, at the start.
  base::result<void> load();

  // Whether the member of this address has logged in from there before; false where there is no such member.
  [[nodiscard]] bool knows(std::string_view email, caller_address from) const;

  // Entering (people_service.cpp). unauthenticated: no such member or another password, told alike and after the same
  // time. Of members of several companies with this address, the oldest whose password it is.
  base::result<entered> log_in(std::string_view email, std::string_view password, caller_address from = {});
  base::result<void> log_out(const console_caller& who);
  // All of the member's sessions.
  base::result<void> log_out_everywhere(const console_caller& who);
  // The member's other sessions end. invalid_field at /current; at /new: password_policy.hpp.
  base::result<void> change_password(const console_caller& who, std::string_view current, std::string_view wanted);
  base::result<model::member> change_own(const console_caller& who, const own_settings& wanted);
  // not_found: not any more.
  base::result<model::member> find(model::member_id id);
  // Who logs in with this address, one a company.
  base::result<std::vector<model::member>> find_all(std::string_view email);

  // Links that work once (links.cpp). link_over: used, over, replaced or not known. invalid_field at /password:
  // password_policy.hpp.
  // The token of the first admin's link, at the first start; "" where one was made before, or there are members.
  base::result<std::string> make_setup_link();
  base::result<entered> set_up(std::string_view token, new_member wanted, caller_address from = {});
  // Whether a link of this purpose goes on working: asked before a password is hashed for it.
  base::result<void> check_link(model::token_purpose purpose, std::string_view token);
  // To be mailed. Those that were made before go on working until one is used: who asks for another one's link breaks
  // nothing. One for each company that has such a member, but for those that got one within limits::reset_mail_gap_ms,
  // or enough today (mail_subjects.hpp).
  base::result<std::vector<reset_link>> make_reset_links(std::string_view email, caller_address from = {});
  // All other sessions end.
  base::result<entered> finish_reset(std::string_view token, std::string_view password, caller_address from = {});
  base::result<model::invitation> find_invitation(std::string_view token);
  // conflict: the address has become a member of the company otherwise, or it has as many as it may. Whether another
  // company has such a member does not show: who made the link may be the one who opens it.
  base::result<entered> accept(std::string_view token, std::string name, std::string_view password,
                               caller_address from = {});

  // A company's people (team.cpp). not_found: of another company, or nobody.
  base::result<std::vector<model::member>> members_of(model::company_id company);
  // conflict: a member has the address, or the company has as many members as it may. invalid_field: no such company.
  base::result<model::member> add_admin(model::company_id company, new_member wanted);
  // not_acceptable_now: the last admin stays one. A change ends the member's sessions.
  base::result<model::member> change_role(model::company_id company, model::member_id id, model::member_role wanted);
  base::result<void> remove(model::company_id company, model::member_id id);
  base::result<void> end_sessions(model::company_id company, model::member_id id);
  // To be handed over by an admin of the company. too_many_requests: enough today.
  base::result<reset_link> make_reset_link(model::company_id company, model::member_id id);

  base::result<std::vector<model::invitation>> invitations_of(model::company_id company);
  // conflict: a member has the address, an invitation to it is open, or there are as many as there may be. One to the
  // same address that has been used or is over goes. `by` 0: the machine admin. too_many_requests: the address was
  // mailed to a moment ago, or often enough today, also by invitations that are deleted (mail_subjects.hpp).
  base::result<invited> invite(model::company_id company, std::string email, model::member_role role,
                               model::member_id by, handing_over how = handing_over::by_hand);
  // Another link, and another 24 hours; the link before is dead. not_acceptable_now: accepted. too_many_requests: as
  // above; the link before goes on working then.
  base::result<invited> resend(model::company_id company, model::invitation_id id,
                               handing_over how = handing_over::by_hand);
  // Whether the link that was made last went out; nothing where it is not the last any more.
  base::result<void> note_mailed(const model::invitation& of);
  base::result<void> withdraw(model::company_id company, model::invitation_id id);

 private:
  struct opened {
    model::console_session session;
    std::string token;
    std::vector<std::string> ended;  // digests of the member's oldest, to keep within the limit
    model::known_address address;    // where the member came from; digest "": nowhere
    std::vector<std::string> forgotten;
  };
  [[nodiscard]] opened open_session(store::people_changes& in, const model::member& of, caller_address from) const;
  void keep_address(store::people_changes& in, const model::member& of, caller_address from, opened& with) const;
  [[nodiscard]] std::string company_name(model::company_id of) const;
  // A password for `email`; what it is stored as.
  base::result<std::string> hash_password(std::string_view password, std::string_view email);
  [[nodiscard]] base::result<void> count_invitation(store::people_changes& in, const model::invitation& of) const;
  [[nodiscard]] reset_link put_reset_link(store::people_changes& in, model::member of, const std::string& token) const;
  [[nodiscard]] entered admit(opened session, model::member who);
  template <class Made, class Decide>
  base::result<Made> decided(Decide decide) {
    return store::decided<Made, store::people_changes>([this](const auto& each) { return people_.change_people(each); },
                                                       std::move(decide));
  }

  store::people_store& people_;
  const store::directory_source& directory_;
  live_sessions& live_;
  const base::clock& clock_;
  known_addresses addresses_;
  password_hasher passwords_;
  // Held over a change and what it does to live_: who is removed while logging in must not stay logged in.
  std::mutex changing_;
};

// 256 random bits as base64url: of a cookie, or of a link.
[[nodiscard]] std::string new_link_token();

}  // namespace posthorn::account
