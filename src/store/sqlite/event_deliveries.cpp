#include "store/sqlite/event_deliveries.hpp"

#include "store/sqlite/sql_result.hpp"
#include "store/sqlite/targets.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::string_view doing = "reading an event's deliveries";

}  // namespace

delivery_lister::delivery_lister(connection& on)
    : on_(on),
      event_(on, "SELECT integration,accepted_at,uid,targets FROM event WHERE id=?1"),
      extras_(on, "SELECT endpoint,dlv FROM extra_delivery WHERE event=?1 ORDER BY dlv"),
      finished_(on,
                "SELECT EXISTS(SELECT 1 FROM outcome WHERE dlv=?1) AND NOT EXISTS(SELECT 1 FROM pending "
                "WHERE dlv=?1)") {}

base::result<std::optional<event_deliveries>> delivery_lister::find(model::event_id id) {
  event_.bind(1, id);
  const reading event_scope(event_);
  const auto found = next_row(on_, event_, doing);
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  event_deliveries made{id, event_.integer(0), event_.integer(1), std::string(event_.text(2)), {}};
  const std::string_view targets = event_.text(3);
  for (std::size_t k = 0; k < target_count(targets); ++k) {
    made.list.emplace_back(target_at(targets, k), delivery_of(id, k));
  }
  extras_.bind(1, id);
  while (true) {
    const auto more = next_row(on_, extras_, doing);
    if (!more) return std::unexpected(more.error());
    if (!*more) return made;
    made.list.emplace_back(extras_.integer(0), extras_.integer(1));
  }
}

base::result<bool> delivery_lister::finished(const event_deliveries& of) {
  for (const auto& [endpoint, dlv] : of.list) {
    finished_.bind(1, dlv);
    const reading scope(finished_);
    const auto found = next_row(on_, finished_, doing);
    if (!found) return std::unexpected(found.error());
    if (finished_.integer(0) == 0) return false;
  }
  return true;
}

}  // namespace posthorn::store::sqlite
