// System B (contract section 4): rules, awards by hand and by lessons, renewal, revocation, and the end of validity.
// Each change and the event that it makes commit in one transaction.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ingest/ingest_service.hpp"
#include "model/certificate.hpp"
#include "store/certificate_store.hpp"
#include "store/directory.hpp"

namespace posthorn::certificate {

inline constexpr std::string_view completed_type = "certificate_completed";
inline constexpr std::string_view expired_type = "certificate_expired";

// What a person sets of a rule; nullopt: as it is (in a change), or its default.
struct rule_settings {
  std::optional<std::string> name{};
  std::optional<std::string> description{};
  std::optional<std::string> owner{};
  std::optional<std::int32_t> validity_days{};
  std::optional<std::vector<std::string>> lessons{};
};

struct award_outcome {
  model::certificate value;
  bool awarded = false;  // false: the user holds a valid one of this rule, which is `value`
};

// Thread-safe. Every call waits for its commit: not on an io_context. Names of integrations are those of the directory.
class certificate_service {
 public:
  // All outlive it.
  certificate_service(store::certificate_store& store, const store::directory_source& directory,
                      const ingest::ingest_service& events, const base::clock& clock) noexcept
      : store_(store), directory_(directory), events_(events), clock_(clock) {}

  // conflict: the integration has limits::certificate_rules_per_integration_max.
  base::result<model::certificate_rule> create_rule(model::integration_no integration, const rule_settings& settings);
  base::result<model::certificate_rule> change_rule(model::integration_no integration, std::string_view id,
                                                    const rule_settings& settings);
  // What it has awarded stays, and can be renewed.
  base::result<void> delete_rule(model::integration_no integration, std::string_view id);

  // By hand: one certificate_completed for each user that has no valid one. An expired one is renewed. `owner` "": the
  // rule's. not_found: the rule.
  base::result<std::vector<award_outcome>> award(model::integration_no integration, std::string_view rule,
                                                 std::string_view owner, std::span<const std::string> users);
  // Awards every rule whose lessons are now all completed since the user's last award of it, or renews that award.
  // Repeating it changes nothing more. The certificates awarded.
  base::result<std::vector<model::certificate>> complete_lesson(model::integration_no integration,
                                                                std::string_view user, std::string_view lesson);
  // certificate_completed again, with the same _id and a new end.
  base::result<model::certificate> renew(model::integration_no integration, std::string_view id);
  // For good, and silent: the sources know no event for it.
  base::result<model::certificate> revoke(model::integration_no integration, std::string_view id);

  // Ends what is over, a bounded number; certificate_expired for each. How many: with as many as
  // limits::expiries_per_transaction_max there may be more.
  base::result<std::size_t> expire_overdue();

  [[nodiscard]] store::certificate_store& store() noexcept { return store_; }

 private:
  void emit(store::certificate_changes& into, const model::certificate& about, std::string_view type) const;
  // Awards, or renews what the user had.
  base::result<model::certificate> grant(store::certificate_changes& into, const model::certificate_rule& rule,
                                         std::string_view user, std::string_view owner) const;

  store::certificate_store& store_;
  const store::directory_source& directory_;
  const ingest::ingest_service& events_;
  const base::clock& clock_;
};

}  // namespace posthorn::certificate
