#include "assessment/link_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "assessment/session_start.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"
#include "store/decided.hpp"

namespace posthorn::assessment {
namespace {

namespace limits = base::limits;
using base::fault;
using store::link_changes;
using store::session_changes;
using store::session_record;

std::unexpected<base::error> no_link() { return base::fail(fault::not_found, "there is no such link"); }

// What `decide(sessions, links)` makes, once it is durable.
template <class Made, class Decide>
base::result<Made> changed(store::link_store& in, Decide decide) {
  Made made{};
  auto done = in.change_links([&](session_changes& sessions, link_changes& links) -> base::result<void> {
    base::result<Made> outcome = decide(sessions, links);
    if (!outcome) return std::unexpected(std::move(outcome.error()));
    made = *std::move(outcome);
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return made;
}

base::epoch_ms end_of(const model::integration& in, base::epoch_ms now) {
  return now + std::int64_t{in.assessment.time_limit_s} * 1000;
}

}  // namespace

base::epoch_ms ends_at(const store::link_view& of) noexcept {
  return of.state ? of.session_ends_at : of.value.expires_at;
}

std::string_view state_of(const store::link_view& of, base::epoch_ms now) noexcept {
  const bool over = now >= ends_at(of);
  if (!of.state) return over ? model::to_string(model::session_state::expired) : "unused";
  return model::to_string(model::is_live(*of.state) && over ? model::session_state::expired : *of.state);
}

base::result<model::link_batch> link_service::start_batch(model::integration_no integration, std::string name,
                                                          std::int32_t count, const std::vector<std::string>& uids) {
  assert(uids.empty() || std::ssize(uids) == count);
  return changed<model::link_batch>(
      store_, [&](session_changes&, link_changes& links) -> base::result<model::link_batch> {
        const std::size_t unmade = links.unmade_batches(integration);
        if (unmade >= limits::link_batches_unmade_max) {
          return base::fail(fault::conflict, fmt::format("{} batches are still being made, which is the limit: wait "
                                                         "until one of them is made",
                                                         unmade));
        }
        model::link_batch batch{.id = 0,
                                .integration = integration,
                                .name = name,
                                .count = count,
                                .made = 0,
                                .created_at = clock_.engine()};
        links.start(batch, uids);
        if (unmade > 0) return batch;
        const auto made = make_some(links);
        if (!made) return std::unexpected(made.error());
        batch.made = static_cast<std::int32_t>(*made);
        return batch;
      });
}

// Of the oldest batch.
base::result<std::size_t> link_service::make_some(link_changes& in) const {
  auto next = in.next_unmade(limits::links_per_transaction_max);
  if (!next) return 0;
  model::link_batch& batch = next->batch;
  const store::shared_directory now_current = directory_.current();
  const auto of = now_current->integrations.find(batch.integration);
  if (of == now_current->integrations.end()) return 0;  // its deployment is just being deleted
  const base::epoch_ms now = clock_.engine();
  const auto wanted = std::min(static_cast<std::size_t>(batch.count - batch.made), limits::links_per_transaction_max);
  for (std::size_t i = 0; i < wanted; ++i) {
    model::link one;
    one.integration = batch.integration;
    one.batch = batch.id;
    one.uid = next->uids.empty() ? base::random_text(limits::generated_uid_chars) : std::move(next->uids.at(i));
    one.created_at = now;
    one.expires_at = end_of(of->second->value, now);
    in.put(one);
  }
  batch.made += static_cast<std::int32_t>(wanted);
  in.keep(batch);
  return wanted;
}

base::result<std::size_t> link_service::make_more() {
  return changed<std::size_t>(store_, [&](session_changes&, link_changes& links) -> base::result<std::size_t> {
    const std::size_t erased = links.erase_orphans(limits::links_per_transaction_max);
    if (erased > 0) return erased;
    return make_some(links);
  });
}

base::result<opened_link> link_service::lead(session_changes& sessions, link_changes& links, model::link from) const {
  const store::shared_directory now_current = directory_.current();
  const auto of = now_current->integrations.find(from.integration);
  if (of == now_current->integrations.end()) return no_link();
  const base::epoch_ms now = clock_.engine();
  if (from.session == 0 && now >= from.expires_at) return opened_link{std::move(from), {}, link_refusal::expired};
  auto known = from.session != 0 ? sessions.find(from.integration, from.session)
                                 : sessions.find_latest(from.integration, from.uid);
  if (known) {
    auto settled = sessions_.settle(sessions, *std::move(known), now);
    if (!settled) return std::unexpected(std::move(settled.error()));
    known = *std::move(settled);
  }
  // Of the sessions that a regenerate has put behind it none counts that has ended.
  const bool begins =
      from.session == 0 && (!known || (known->value.id <= from.begins_after && may_begin_again(known->value, now)));
  if (begins) {
    auto begun = sessions_.begin_until(sessions, of->second->value, from.uid, now, from.expires_at);
    if (!begun) return std::unexpected(std::move(begun.error()));
    known = *std::move(begun);
  }
  if (!known) return no_link();
  if (from.session != known->value.id) {
    from.session = known->value.id;
    links.put(from);
  }
  return opened_link{std::move(from), std::move(known), {}};
}

base::result<opened_link> link_service::open(model::integration_no integration, model::link_id id,
                                             std::int32_t generation) {
  return changed<opened_link>(store_, [&](session_changes& sessions, link_changes& links) -> base::result<opened_link> {
    auto found = links.find(integration, id);
    if (!found) return no_link();
    if (found->generation != generation) return opened_link{*std::move(found), {}, link_refusal::replaced};
    return lead(sessions, links, *std::move(found));
  });
}

base::result<store::link_view> link_service::regenerate(model::integration_no integration, model::link_id id) {
  const store::shared_directory directory = directory_.current();
  const auto of = directory->integrations.find(integration);
  if (of == directory->integrations.end()) return no_link();
  return changed<store::link_view>(
      store_, [&](session_changes& sessions, link_changes& links) -> base::result<store::link_view> {
        auto found = links.find(integration, id);
        if (!found) return no_link();
        const base::epoch_ms now = clock_.engine();
        auto known = sessions.find_latest(integration, found->uid);
        if (known) {
          auto settled = sessions_.settle(sessions, *std::move(known), now);
          if (!settled) return std::unexpected(std::move(settled.error()));
          known = *std::move(settled);
        }
        const bool lives = known && model::is_live(known->value.state);
        if (known && !lives && !may_begin_again(known->value, now)) {
          return base::fail(fault::not_acceptable_now, fmt::format("this uid's assessment is {}: it is not taken again",
                                                                   model::to_string(known->value.state)));
        }
        ++found->generation;
        found->created_at = now;
        found->session = lives ? known->value.id : 0;
        found->expires_at = lives ? known->value.expires_at : end_of(of->second->value, now);
        found->begins_after = known ? known->value.id : 0;
        links.put(*found);
        store::link_view shown{.value = *found};
        if (lives) shown.state = known->value.state;
        if (lives) shown.session_ends_at = known->value.expires_at;
        return shown;
      });
}

}  // namespace posthorn::assessment
