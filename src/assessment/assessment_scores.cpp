// The steps of assessment_service from complete to scored.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "assessment/assessment_service.hpp"

#include "base/json.hpp"

namespace posthorn::assessment {
namespace {

namespace json = boost::json;
using model::session_state;
using store::session_changes;
using store::session_record;

// The built-in scorer alone knows what confidence and flags were derived from.
std::string without_quality(const model::session_score& score) {
  json::value whole = base::own_json(write_score(score));
  whole.as_object().erase("quality");
  return json::serialize(whole);
}

bool waits(const session_record& of) { return of.value.state == session_state::complete; }

}  // namespace

bool assessment_service::is_scored_elsewhere(model::integration_no integration) const {
  const store::shared_directory now = directory_.current();
  const auto found = now->integrations.find(integration);
  return found != now->integrations.end() && found->second->value.assessment.scorer.has_value();
}

base::result<journey_outcome> assessment_service::score_in(session_changes& in, session_record&& of,
                                                           base::epoch_ms now) const {
  auto score = score_of(documents_, of);
  if (!score) return std::unexpected(std::move(score.error()));
  of.score = write_score(*score);
  of.scoring = {};
  return advance(in, std::move(of), scored{*std::move(score)}, now);
}

base::result<journey_outcome> assessment_service::take_external_score(model::integration_no integration,
                                                                      model::session_id id,
                                                                      const model::session_score& score) {
  return change(integration, id, [&](session_changes& in, session_record&& from) -> base::result<journey_outcome> {
    if (!waits(from)) return journey_outcome{std::move(from), {}, {}};
    from.score = without_quality(score);
    from.scoring = {};
    return advance(in, std::move(from), scored{score}, clock_.engine());
  });
}

base::result<journey_outcome> assessment_service::score_here(model::integration_no integration, model::session_id id) {
  return change(integration, id, [&](session_changes& in, session_record&& from) -> base::result<journey_outcome> {
    if (!waits(from)) return journey_outcome{std::move(from), {}, {}};
    return score_in(in, std::move(from), clock_.engine());
  });
}

base::result<journey_outcome> assessment_service::note_failed_scoring(const session_record& tried, std::string why,
                                                                      base::epoch_ms due_at) {
  const auto note = [&](session_changes& in, session_record&& from) -> base::result<journey_outcome> {
    if (!waits(from) || from.scoring != tried.scoring) return journey_outcome{std::move(from), {}, {}};
    from.scoring = {due_at, from.scoring.tries + 1, std::move(why)};
    in.put(from);
    return journey_outcome{std::move(from), {}, {}};
  };
  return change(tried.value.integration, tried.value.id, note);
}

base::result<journey_outcome> assessment_service::score_again(model::integration_no integration, model::session_id id) {
  return change(integration, id, [&](session_changes& in, session_record&& from) -> base::result<journey_outcome> {
    if (!waits(from)) {
      return base::fail(base::fault::not_acceptable_now,
                        "only a complete session that waits for its score can be scored again; this one is " +
                            std::string(model::to_string(from.value.state)));
    }
    from.scoring = {clock_.engine(), 0, std::move(from.scoring.last_error)};
    in.put(from);
    return journey_outcome{std::move(from), {}, {}};
  });
}

}  // namespace posthorn::assessment
