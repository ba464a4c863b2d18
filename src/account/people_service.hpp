// People (contract 2.9): who may enter the console, and who says so. Decides inside the store's transactions, and keeps
// the sessions in memory in step with what was committed. Every change is on behalf of store::acting::current(), whose
// entry learns here which member acts, or in which company: also where the call is then refused.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
};
struct new_member {
  std::string email;
  std::string name;
  std::string password;
};
struct own_settings {
  std::optional<std::string> name;
  std::optional<bool> notices;
};

// Thread-safe; every call may block. All but `passwords` outlive it. Texts have passed their rules (length, is_email).
class people_service {
 public:
  people_service(store::people_store& people, const store::directory_source& directory, live_sessions& live,
                 const base::clock& clock, std::size_t hash_bytes = base::limits::password_hash_bytes)
      : people_(people), directory_(directory), live_(live), clock_(clock), passwords_(hash_bytes) {}

  // Brings the sessions of the store back, at the start.
  base::result<void> load_sessions();

  // Entering (people_service.cpp). unauthenticated: no such member or another password, told alike and after the same
  // time; too_many_requests: password.hpp.
  base::result<entered> log_in(std::string_view email, std::string_view password);
  base::result<void> log_out(const console_caller& who);
  // All of the member's sessions.
  base::result<void> log_out_everywhere(const console_caller& who);
  // The member's other sessions end. invalid_field at /current.
  base::result<void> change_password(const console_caller& who, std::string_view current, std::string_view wanted);
  base::result<model::member> change_own(const console_caller& who, const own_settings& wanted);
  // not_found: not any more.
  base::result<model::member> find(model::member_id id);

  // Links that work once (links.cpp). link_over: used, over, replaced or not known.
  // The token of the first admin's link, at the first start; "" where one was made before, or there are members.
  base::result<std::string> make_setup_link();
  base::result<entered> set_up(std::string_view token, new_member wanted);
  // nullopt where there is no such member, or one was made within limits::reset_mail_gap_ms.
  base::result<std::optional<reset_link>> make_reset_link(std::string_view email);
  // All other sessions end.
  base::result<entered> finish_reset(std::string_view token, std::string_view password);
  base::result<model::invitation> find_invitation(std::string_view token);
  // conflict: the address has become a member otherwise, or the company has as many as it may.
  base::result<entered> accept(std::string_view token, std::string name, std::string_view password);

  // A company's people (team.cpp). not_found: of another company, or nobody.
  base::result<std::vector<model::member>> members_of(model::company_id company);
  // conflict: somebody has the address, or the company has as many members as it may. invalid_field: no such company.
  base::result<model::member> add_admin(model::company_id company, new_member wanted);
  // not_acceptable_now: the last admin stays one. A change ends the member's sessions.
  base::result<model::member> change_role(model::company_id company, model::member_id id, model::member_role wanted);
  base::result<void> remove(model::company_id company, model::member_id id);
  base::result<void> end_sessions(model::company_id company, model::member_id id);

  base::result<std::vector<model::invitation>> invitations_of(model::company_id company);
  // conflict: a member has the address, an invitation to it is open, or there are as many as there may be. One to the
  // same address that has been used or is over goes. `by` 0: the machine admin.
  base::result<invited> invite(model::company_id company, std::string email, model::member_role role,
                               model::member_id by);
  // Another link, and another 24 hours; the link before is dead. not_acceptable_now: accepted.
  base::result<invited> resend(model::company_id company, model::invitation_id id);
  // Whether the link that was made last went out; nothing where it is not the last any more.
  base::result<void> note_mailed(const model::invitation& of);
  base::result<void> withdraw(model::company_id company, model::invitation_id id);

 private:
  struct opened {
    model::console_session session;
    std::string token;
    std::vector<std::string> ended;  // digests of the member's oldest, to keep within the limit
  };
  [[nodiscard]] opened open_session(store::people_changes& in, const model::member& of) const;
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
  password_hasher passwords_;
  // Held over a change and what it does to live_: who is removed while logging in must not stay logged in.
  std::mutex changing_;
};

// 256 random bits as base64url: of a cookie, or of a link.
[[nodiscard]] std::string new_link_token();

}  // namespace posthorn::account
