// Tells the log of changes who acts, where that comes out only while the call is served. `note` is what
// store::acting::current() gave on the calling thread; a decision, which the store runs on its own, takes it along.
#pragma once

#include <string_view>

#include "model/member.hpp"
#include "store/audit_log.hpp"

namespace posthorn::account {

// Nothing where `note` is null.
void act_as(store::audit_note* note, const model::member& who);
void act_in(store::audit_note* note, model::company_id company);

}  // namespace posthorn::account
