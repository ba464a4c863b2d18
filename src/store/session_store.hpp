// Assessment sessions (contract 1 and 2.5). What changes one decides inside its own transaction, and the events that
// the change makes are accepted in the same one: a session's end and its event exist both, or neither.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/assessment_settings.hpp"
#include "model/session.hpp"
#include "store/event_intake.hpp"
#include "store/queries.hpp"

namespace posthorn::store {

// How far an external scorer has got with a complete session; all zero where the built-in one scored it.
struct external_scoring {
  base::epoch_ms due_at = 0;  // engine time, of the next try; 0: none is due
  std::int32_t tries = 0;     // that failed
  std::string last_error;     // of the last of them, for a person

  bool operator==(const external_scoring&) const = default;
};

struct session_record {
  model::session value;
  model::document_ref questionnaire{};  // as the integration's settings named them at its creation
  model::document_ref scorecard{};
  std::string given;  // an answer sheet (WEB) or device data, in the form of assessment/answers.hpp or device_data.hpp
  std::string score;  // JSON, "" before there is one
  external_scoring scoring{};

  bool operator==(const session_record&) const = default;
};

// What a change sees and does, inside its transaction. Writer thread; only during the call that it is passed to.
class session_changes {
 public:
  virtual ~session_changes() = default;

  [[nodiscard]] virtual std::optional<session_record> find(model::integration_no integration, model::session_id id) = 0;
  // The newest of this uid, whatever its state.
  [[nodiscard]] virtual std::optional<session_record> find_latest(model::integration_no integration,
                                                                  std::string_view uid) = 0;
  // Live ones whose limit has passed at `now` (engine time), the longest overdue first.
  [[nodiscard]] virtual std::vector<session_record> overdue(base::epoch_ms now, std::size_t limit) = 0;
  // id 0: makes it and gives it an id greater than any before; otherwise replaces it. A uid has one live session in an
  // integration: making a second one is a bug, and fails the change.
  virtual void put(session_record& one) = 0;

  // Accepted with the transaction, after what else it does, in the order of the calls.
  virtual void emit(event_draft draft) = 0;
};

struct due_scoring {
  model::integration_no integration = 0;
  model::session_id session = 0;

  bool operator==(const due_scoring&) const = default;
};

struct session_filter {
  model::integration_no integration = 0;
  std::optional<std::string> uid{};
  std::optional<model::session_state> state{};
  // What else a row must be. Called on the reader's thread, with `given` empty; none: all are wanted.
  std::function<bool(const session_record&)> wanted{};
};

class session_store {
 public:
  virtual ~session_store() = default;

  // Runs `decide` in one transaction and returns after the commit. Its error is returned and nothing is written.
  // Blocks: not on an io_context. Thread: any but the writer's.
  using decision = std::function<base::result<void>(session_changes&)>;
  virtual base::result<void> change_sessions(const decision& decide) = 0;

  // As those of store/queries.hpp: newest first, `cursor` the last id seen, pages may be short. `given` is left out.
  virtual base::result<page<session_record>> list_sessions(const session_filter& filter, model::session_id cursor,
                                                           std::size_t limit) = 0;
  // not_found: there is none of this id in the integration.
  virtual base::result<session_record> find_session(model::integration_no integration, model::session_id id) = 0;
  // When the next live session's limit passes (engine time); 0: there is none. One look at an index.
  virtual base::result<base::epoch_ms> next_session_end() = 0;
  // Sessions whose scoring.due_at has come at `now` (engine time): of each integration the longest overdue first, and
  // at most `per_integration`, so that none waits for the scorer of another.
  virtual base::result<std::vector<due_scoring>> due_scorings(base::epoch_ms now, std::size_t per_integration) = 0;
};

}  // namespace posthorn::store
