// Rules, lessons and certificates (contract section 4). What changes them decides inside its own transaction, and the
// events that the change makes are accepted in the same one: a certificate and its event exist both, or neither.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/certificate.hpp"
#include "store/event_intake.hpp"
#include "store/queries.hpp"

namespace posthorn::store {

// What a change sees and does, inside its transaction. Writer thread; only during the call that it is passed to.
class certificate_changes {
 public:
  virtual ~certificate_changes() = default;

  [[nodiscard]] virtual std::optional<model::certificate_rule> find_rule(model::integration_no integration,
                                                                         std::string_view id) = 0;
  // Rules of the integration that ask for this lesson.
  [[nodiscard]] virtual std::vector<model::certificate_rule> rules_with(model::integration_no integration,
                                                                        std::string_view lesson) = 0;
  [[nodiscard]] virtual std::size_t count_rules(model::integration_no integration) = 0;
  // Makes it, or replaces the one of the same integration and id.
  virtual void put(const model::certificate_rule& rule) = 0;
  virtual void erase_rule(model::integration_no integration, std::string_view id) = 0;

  [[nodiscard]] virtual std::optional<model::certificate> find(model::integration_no integration,
                                                               std::string_view id) = 0;
  // The user's newest of this rule that is not revoked.
  [[nodiscard]] virtual std::optional<model::certificate> find_of(model::integration_no integration,
                                                                  std::string_view rule, std::string_view user) = 0;
  // Valid ones whose time is over at `now`, the longest overdue first.
  [[nodiscard]] virtual std::vector<model::certificate> overdue(base::epoch_ms now, std::size_t limit) = 0;
  // number 0: makes it and numbers it; otherwise replaces it.
  virtual void put(model::certificate& one) = 0;

  // The user has completed the lesson at `at`; a later completion replaces an earlier one.
  virtual void complete_lesson(model::integration_no integration, std::string_view user, std::string_view lesson,
                               base::epoch_ms at) = 0;
  // When the user last completed it; 0: never.
  [[nodiscard]] virtual base::epoch_ms lesson_completed_at(model::integration_no integration, std::string_view user,
                                                           std::string_view lesson) = 0;

  // Accepted with the transaction, after what else it does.
  virtual void emit(event_draft draft) = 0;
};

struct certificate_filter {
  model::integration_no integration = 0;
  std::optional<std::string> user{};
  std::optional<std::string> rule{};
  std::optional<model::certificate_state> state{};
  base::epoch_ms since = 0;           // awarded_at ≥ since
  base::epoch_ms until = 0;           // awarded_at < until; 0: no bound
  base::epoch_ms expires_before = 0;  // 0 < expires_at < expires_before; 0: no bound
};

class certificate_store {
 public:
  virtual ~certificate_store() = default;

  // Runs `decide` in one transaction and returns after the commit. Its error is returned and nothing is written.
  // Blocks: not on an io_context. Thread: any but the writer's.
  using decision = std::function<base::result<void>(certificate_changes&)>;
  virtual base::result<void> change_certificates(const decision& decide) = 0;

  // Lists are as those of store/queries.hpp: newest first, `cursor` the last number seen, pages may be short.
  virtual base::result<page<model::certificate>> list_certificates(const certificate_filter& filter,
                                                                   std::int64_t cursor, std::size_t limit) = 0;
  virtual base::result<model::certificate> find_certificate(model::integration_no integration, std::string_view id) = 0;
  virtual base::result<std::vector<model::certificate_rule>> list_rules(model::integration_no integration) = 0;
  // When the next valid certificate ends; 0: none does. One look at an index, however many there are.
  virtual base::result<base::epoch_ms> next_certificate_end() = 0;
};

}  // namespace posthorn::store
