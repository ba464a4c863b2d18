#include "account/acting_member.hpp"

#include "base/id.hpp"

namespace posthorn::account {

void act_as(store::audit_note* note, const model::member& who) {
  if (note == nullptr) return;
  note->entry.actor = store::actor_kind::member;
  note->entry.actor_id = base::format_id(base::member_prefix, who.id);
  note->entry.company = who.company;
}

void act_in(store::audit_note* note, model::company_id company) {
  if (note != nullptr) note->entry.company = company;
}

}  // namespace posthorn::account
