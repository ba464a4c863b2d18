#include "store/sqlite/replay_gateway.hpp"

#include <algorithm>
#include <limits>

#include "store/sqlite/endpoint_table.hpp"
#include "store/sqlite/job_table.hpp"
#include "store/sqlite/news.hpp"

namespace posthorn::store::sqlite {

namespace limits = base::limits;

base::result<void> replay_gateway::replay_delivery(model::delivery_id id) {
  return writer_.run([id](unit_context& context) { return context.deliveries.replay(context.group, id); });
}

base::result<std::vector<replayed_delivery>> replay_gateway::replay_event(model::event_id id,
                                                                          const std::vector<model::endpoint_id>& to) {
  std::vector<replayed_delivery> made;
  auto done = writer_.run([&](unit_context& context) -> base::result<void> {
    auto replayed = context.deliveries.replay_event(context.group, id, to);
    if (!replayed) return std::unexpected(std::move(replayed.error()));
    made = *std::move(replayed);
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return made;
}

base::result<model::job> replay_gateway::start_job(model::job wanted) {
  wanted.state = model::job_state::running;
  wanted.total = count(wanted);
  auto done = writer_.run([&](unit_context& context) -> base::result<void> {
    wanted.id = context.group.ids.take(1, context.group.wall);
    wanted.created_at = context.group.wall;
    context.change = started(wanted);
    if (auto inserted = insert_job(context.on, wanted); !inserted) return inserted;
    context.group.steps_begun = true;
    if (wanted.kind == model::job_kind::recover) {
      endpoint_table endpoints(context.on, secrets_, context.group.wall);
      const auto before = endpoints.find(wanted.filter.endpoint.value_or(0));
      if (!before) return std::unexpected(before.error());
      auto enabled = endpoints.set_state(before->id, model::endpoint_state::active, "");
      if (!enabled) return std::unexpected(std::move(enabled.error()));
      context.change = changed(*before, *enabled);
      context.group.configuration_changed = true;
      context.effects.emplace_back(
          [&group = context.group, was = before->state, now = *enabled] { announce_word(group, was, now); });
    }
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return wanted;
}

// Where the index of what was not delivered gives the answer soon enough.
std::optional<std::int64_t> replay_gateway::count(model::job of) {
  constexpr job_budget at_once{.finds = limits::job_step_rows_max,
                               .rows = limits::job_step_rows_max,
                               .until_us = std::numeric_limits<std::int64_t>::max()};
  if (of.filter.choice != model::replay_choice::failed && of.filter.choice != model::replay_choice::cancelled) {
    return std::nullopt;
  }
  of.id = std::numeric_limits<model::job_id>::max();
  std::optional<std::int64_t> counted;
  const auto read = reads_.with([&](const read_view& view) {
    const read_deadline soon(limits::job_count_ms_max);
    job_walk walk(view.store.on());
    job_position at;
    std::int64_t found = 0;
    counted.reset();
    while (!soon.passed()) {
      const job_batch batch = walk.next(of, at, at_once, {});
      if (walk.failure() != SQLITE_OK) return;
      found += static_cast<std::int64_t>(batch.finds.size());
      at = batch.after;
      if (!batch.done) continue;
      counted = found;
      return;
    }
  });
  return read ? counted : std::nullopt;
}

base::result<model::job> replay_gateway::cancel_job(model::integration_no integration, model::job_id id) {
  base::result<model::job> made;
  auto done = writer_.run([&](unit_context& context) -> base::result<void> {
    made = sqlite::cancel_job(context.on, integration, id, context.group.wall);
    if (!made) return std::unexpected(made.error());
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return made;
}

base::result<model::job> replay_gateway::find_job(model::integration_no integration, model::job_id id) {
  base::result<std::optional<model::job>> found;
  auto read = reads_.with([&](const read_view& view) { found = sqlite::find_job(view.store.on(), integration, id); });
  if (!read) return std::unexpected(std::move(read.error()));
  if (!found) return std::unexpected(std::move(found.error()));
  if (!*found) return base::fail(base::fault::not_found, "there is no such job, or it ended long ago");
  return **std::move(found);
}

base::result<page<model::job>> replay_gateway::list_jobs(model::integration_no integration, std::int64_t cursor,
                                                         std::size_t limit) {
  const std::size_t rows = std::clamp<std::size_t>(limit, 1, limits::page_rows_max);
  base::result<page<model::job>> made;
  auto read =
      reads_.with([&](const read_view& view) { made = sqlite::list_jobs(view.store.on(), integration, cursor, rows); });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

}  // namespace posthorn::store::sqlite
