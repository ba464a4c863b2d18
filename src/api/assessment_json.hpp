// An integration's assessment settings (contract 2.7), sessions, and a person's journey as the API shows them.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "api/body_fields.hpp"
#include "assessment/document_catalogue.hpp"
#include "model/assessment_settings.hpp"
#include "net/url.hpp"
#include "store/directory.hpp"
#include "store/session_store.hpp"

namespace posthorn::api {

[[nodiscard]] boost::json::object to_json(const model::assessment_settings& of);
// Changes what `fields` names and leaves the rest; null is a member's "none". URLs that only browsers open are held
// against `urls` without its guard.
void apply_assessment(model::assessment_settings& to, body_fields& fields, const net::url_rules& urls,
                      const assessment::document_catalogue& known);

[[nodiscard]] boost::json::object to_json(const store::session_record& of);

// Where the person's browser goes on to: the end's URL of the settings with uid and outcome added to its query; "" for
// a live session, or where there is none.
[[nodiscard]] std::string redirect_url(const model::assessment_settings& settings, const model::session& of);
// "complete", "incomplete", "cancelled" or "expired"; "" for a live session.
[[nodiscard]] std::string_view outcome_of(const model::session& of) noexcept;
[[nodiscard]] boost::json::object branding_json(const model::assessment_settings& settings);
// Members of a 410 beside its detail, so that the right closing page can be shown.
[[nodiscard]] std::string ending_members(const store::integration_entry& in, const model::session& of);
// What every call of a journey answers with.
[[nodiscard]] boost::json::object journey_json(const store::integration_entry& in, const model::session& of,
                                               base::epoch_ms now);
// What the page or the app has to ask for and what was given already: questionnaire, answers, device_requirements.
void add_content(boost::json::object& into, const store::session_record& of,
                 const assessment::document_catalogue& known);

}  // namespace posthorn::api
