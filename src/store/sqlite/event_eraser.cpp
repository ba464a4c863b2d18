#include "store/sqlite/event_eraser.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "store/sqlite/erasure_mark.hpp"
#include "store/sqlite/evidence.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::string_view erasing = "erasing an event";

}  // namespace

event_eraser::event_eraser(connection& on)
    : on_(on),
      deliveries_(on),
      outcome_(on, "SELECT evidence FROM outcome WHERE dlv=?1"),
      blank_outcome_(on, "UPDATE outcome SET evidence=?2 WHERE dlv=?1"),
      attempts_(on, "SELECT number,evidence FROM attempt WHERE dlv=?1"),
      blank_attempt_(on, "UPDATE attempt SET evidence=?3 WHERE dlv=?1 AND number=?2"),
      key_(on, "SELECT key FROM idem WHERE id=?1"),
      delete_key_(on, "DELETE FROM idem WHERE id=?1"),
      blank_event_(on, "UPDATE event SET uid=?2,uid_hash=?3,payload=zeroblob(length(payload)) WHERE id=?1") {}

base::result<bool> event_eraser::erase(model::event_id id) {
  const auto found = deliveries_.find(id);
  if (!found) return std::unexpected(found.error());
  if (!*found || is_erased_uid((*found)->uid)) return false;
  const auto finished = deliveries_.finished(**found);
  if (!finished) return std::unexpected(finished.error());
  if (!*finished) {
    return base::fail(base::fault::not_acceptable_now,
                      "event " + base::format_id(base::event_prefix, id) +
                          " is being sent again: cancel its deliveries or wait for them, then repeat the call");
  }
  for (const auto& [endpoint, delivery] : (*found)->list) {
    if (auto done = blank_delivery(delivery); !done) return std::unexpected(std::move(done.error()));
  }
  if (auto done = forget_key(id); !done) return std::unexpected(std::move(done.error()));
  const std::string blank((*found)->uid.size(), '\0');
  blank_event_.bind(1, id).bind_text(2, blank).bind(3, erased_uid_hash);
  if (auto done = run(on_, blank_event_, erasing); !done) return std::unexpected(std::move(done.error()));
  return true;
}

base::result<void> event_eraser::blank_delivery(model::delivery_id id) {
  std::vector<std::pair<std::int64_t, std::string>> attempts;
  attempts_.bind(1, id);
  while (true) {
    const auto more = next_row(on_, attempts_, erasing);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    attempts.emplace_back(attempts_.integer(0), blanked_evidence(attempts_.text(1)));
  }
  for (const auto& [number, blank] : attempts) {
    blank_attempt_.bind(1, id).bind(2, number).bind_blob(3, blank);
    if (auto done = run(on_, blank_attempt_, erasing); !done) return done;
  }
  std::string last;
  {
    const reading scope(outcome_.bind(1, id));
    const auto found = next_row(on_, outcome_, erasing);
    if (!found) return std::unexpected(found.error());
    if (!*found) return {};
    last = blanked_evidence(outcome_.text(0));
  }
  blank_outcome_.bind(1, id).bind_blob(2, last);
  return run(on_, blank_outcome_, erasing);
}

base::result<void> event_eraser::forget_key(model::event_id id) {
  {
    const reading scope(key_.bind(1, id));
    const auto found = next_row(on_, key_, erasing);
    if (!found) return std::unexpected(found.error());
    if (!*found) return {};
    std::array<std::uint8_t, 16> key{};
    const std::string_view bytes = key_.text(0);
    std::copy_n(bytes.begin(), std::min(bytes.size(), key.size()), key.begin());
    forgotten_.push_back(key);
  }
  return run(on_, delete_key_.bind(1, id), erasing);
}

}  // namespace posthorn::store::sqlite
