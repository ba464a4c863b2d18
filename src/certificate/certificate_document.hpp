// The certificate as receivers get it: the bare document of contract section 4, compact JSON, members in this order.
#pragma once

#include <string>

#include "model/certificate.hpp"

namespace posthorn::certificate {

// {"_id","_userId","_ownerId","_badgeId","creationDate","expires","disabled","expiryReminderSent","_lessonActiveIds",
//  "ruleData":{"type":"certification","name","description","validityDurationDays"},"createdAt","updatedAt","__v"}
// Times are RFC 3339 with milliseconds; "expires" is null for one that never ends; "disabled" once it is not valid.
[[nodiscard]] std::string document_of(const model::certificate& one);

}  // namespace posthorn::certificate
