// Links that customers hand out, many at a time (contract 2.8): made, opened, replaced. One link is one session. The
// rules are in docs/links.md; each call decides in one transaction with the session that it is about.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/assessment_service.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/directory.hpp"
#include "store/link_store.hpp"

namespace posthorn::assessment {

enum class link_refusal : std::uint8_t {
  replaced,  // it was regenerated, and this is not the present generation
  expired,   // nobody opened it in time
};

// A link that was called, and where it leads.
struct opened_link {
  model::link value;
  std::optional<store::session_record> session;  // live, or ended; none where `refused` says why
  std::optional<link_refusal> refused;
};

// When it dies: with its session, once it has one.
[[nodiscard]] base::epoch_ms ends_at(const store::link_view& of) noexcept;
// How a link is shown: "unused", "expired" where nobody opened it in time, else its session's state at `now`.
[[nodiscard]] std::string_view state_of(const store::link_view& of, base::epoch_ms now) noexcept;

// Thread-safe. Every call waits for its commit: not on an io_context. not_found: there is no such link, batch or
// integration.
class link_service {
 public:
  // All outlive it.
  link_service(store::link_store& store, const store::directory_source& directory, const assessment_service& sessions,
               const base::clock& clock) noexcept
      : store_(store), directory_(directory), sessions_(sessions), clock_(clock) {}

  // A batch of `count` links, of the given uids (then `count` of them, all different) or of made-up ones. The first
  // limits::links_per_transaction_max are made at once, the others by make_more. conflict: too many batches are unmade.
  base::result<model::link_batch> start_batch(model::integration_no integration, std::string name, std::int32_t count,
                                              const std::vector<std::string>& uids);
  // One transaction's worth of what is to be made or erased; how much that was, 0: nothing is left. Goes on where it
  // stood after a restart.
  base::result<std::size_t> make_more();

  // `generation`: as the link's token says.
  base::result<opened_link> open(model::integration_no integration, model::link_id id, std::int32_t generation);
  // The old one is dead once this returns. not_acceptable_now: its uid's assessment is complete.
  base::result<store::link_view> regenerate(model::integration_no integration, model::link_id id);

  [[nodiscard]] store::link_store& store() noexcept { return store_; }

 private:
  base::result<std::size_t> make_some(store::link_changes& in) const;
  base::result<opened_link> lead(store::session_changes& sessions, store::link_changes& links, model::link from) const;

  store::link_store& store_;
  const store::directory_source& directory_;
  const assessment_service& sessions_;
  const base::clock& clock_;
};

}  // namespace posthorn::assessment
