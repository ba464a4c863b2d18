// Sessions from their start to their score (contract 2.2 and 2.5): each step of a journey is one transaction that reads
// the session, asks session_machine what comes of it, and writes that together with its events. A complete session is
// scored in the transaction that completes it, so that none stays without its score; where the settings name an
// external scorer, that transaction notes that its score is due.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/document_catalogue.hpp"
#include "assessment/session_content.hpp"
#include "assessment/session_machine.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "ingest/ingest_service.hpp"
#include "store/directory.hpp"
#include "store/session_store.hpp"

namespace posthorn::assessment {

// A session after a step.
struct journey_outcome {
  store::session_record record;
  std::optional<refusal> refused;    // the step did not count, and `record` says what the session is instead
  std::vector<std::string> missing;  // of a submit that changed nothing: what is required and not there
};

// Thread-safe. Every call waits for its commit: not on an io_context. not_found: there is no such session in the
// integration; of start, no such integration.
class assessment_service {
 public:
  // All outlive it.
  assessment_service(store::session_store& store, const store::directory_source& directory,
                     const ingest::ingest_service& events, const document_catalogue& documents,
                     const base::clock& clock) noexcept
      : store_(store), directory_(directory), events_(events), documents_(documents), clock_(clock) {}

  // The uid's live session, or a new one (contract 2.5). invalid_field at /uid: its session has ended. `uid` is one by
  // ingest::is_envelope_uid.
  base::result<store::session_record> start(model::integration_no integration, std::string_view uid);

  // As it is now; one whose limit has passed shows as expired, whether or not that has been written yet.
  base::result<store::session_record> look(model::integration_no integration, model::session_id id);

  base::result<journey_outcome> open(model::integration_no integration, model::session_id id);
  // false: the policy is rejected.
  base::result<journey_outcome> consent(model::integration_no integration, model::session_id id, bool accepted);
  // As take_answers and take_device_data (session_content.hpp), once the session may take them.
  base::result<journey_outcome> answer(model::integration_no integration, model::session_id id,
                                       std::string_view report);
  base::result<journey_outcome> give_device_data(model::integration_no integration, model::session_id id,
                                                 std::string_view report);
  // `anyway` false: while something required is missing, nothing changes.
  base::result<journey_outcome> submit(model::integration_no integration, model::session_id id, bool anyway);
  base::result<journey_outcome> exit(model::integration_no integration, model::session_id id);

  // Of a complete session that waits for an external scorer (assessment_scores.cpp). A session that waits no more is
  // left as it is.
  base::result<journey_outcome> take_external_score(model::integration_no integration, model::session_id id,
                                                    const model::session_score& score);
  // By the built-in scorer, where the settings name no other any more.
  base::result<journey_outcome> score_here(model::integration_no integration, model::session_id id);
  // `tried`: as it was when the try began; if something else has been noted since, nothing changes. `due_at`: of the
  // next try, 0 for none.
  base::result<journey_outcome> note_failed_scoring(const store::session_record& tried, std::string why,
                                                    base::epoch_ms due_at);
  // From the first try on, at once. not_acceptable_now: it does not wait for an external scorer.
  base::result<journey_outcome> score_again(model::integration_no integration, model::session_id id);
  // Inside a transaction of link_service. The session as it is at `now`: one whose limit has passed is expired, with
  // its event.
  base::result<store::session_record> settle(store::session_changes& in, store::session_record of,
                                             base::epoch_ms now) const;
  // A new session of the uid that ends at `ends_at`. The uid has no live one.
  base::result<store::session_record> begin_until(store::session_changes& in, const model::integration& of,
                                                  std::string_view uid, base::epoch_ms now,
                                                  base::epoch_ms ends_at) const;

  // Ends what is over, at most limits::expiries_per_transaction_max; how many.
  base::result<std::size_t> expire_overdue();

  [[nodiscard]] store::session_store& store() noexcept { return store_; }
  [[nodiscard]] const document_catalogue& documents() const noexcept { return documents_; }

 private:
  using decide_on = std::function<base::result<journey_outcome>(store::session_changes&, store::session_record&&)>;
  base::result<journey_outcome> change(model::integration_no integration, model::session_id id,
                                       const decide_on& decide);
  base::result<journey_outcome> take_step(model::integration_no integration, model::session_id id,
                                          const journey_step& step);
  using take_report_of = base::result<taken_report> (*)(const document_catalogue&, const store::session_record&,
                                                        std::string_view);
  base::result<journey_outcome> take_report(model::integration_no integration, model::session_id id,
                                            std::string_view report, take_report_of take);
  // Takes the step and keeps what comes of it.
  base::result<journey_outcome> advance(store::session_changes& in, store::session_record&& from,
                                        const journey_step& step, base::epoch_ms now) const;
  base::result<journey_outcome> score_in(store::session_changes& in, store::session_record&& of,
                                         base::epoch_ms now) const;
  [[nodiscard]] bool is_scored_elsewhere(model::integration_no integration) const;
  base::result<void> emit(store::session_changes& into, const model::session& about, const journey_event& event) const;

  store::session_store& store_;
  const store::directory_source& directory_;
  const ingest::ingest_service& events_;
  const document_catalogue& documents_;
  const base::clock& clock_;
};

}  // namespace posthorn::assessment
