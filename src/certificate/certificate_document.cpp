#include "certificate/certificate_document.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace posthorn::certificate {

namespace json = boost::json;

std::string document_of(const model::certificate& one) {
  return json::serialize(
      json::object{{"_id", one.id},
                   {"_userId", one.user},
                   {"_ownerId", one.owner},
                   {"_badgeId", one.rule},
                   {"creationDate", base::to_rfc3339(one.awarded_at)},
                   {"expires", one.expires_at == 0 ? json::value() : json::value(base::to_rfc3339(one.expires_at))},
                   {"disabled", one.state != model::certificate_state::valid},
                   {"expiryReminderSent", false},
                   {"_lessonActiveIds", json::array(one.lessons.begin(), one.lessons.end())},
                   {"ruleData",
                    {{"type", "certification"},
                     {"name", one.name},
                     {"description", one.description},
                     {"validityDurationDays", one.validity_days}}},
                   {"createdAt", base::to_rfc3339(one.awarded_at)},
                   {"updatedAt", base::to_rfc3339(one.updated_at)},
                   {"__v", one.revision}});
}

}  // namespace posthorn::certificate
