#include "store/sqlite/ledger.hpp"

#include <algorithm>
#include <cassert>

namespace posthorn::store::sqlite {

lane_state* ledger::lane(model::endpoint_id endpoint) noexcept {
  const auto found = lanes_.find(endpoint);
  return found == lanes_.end() ? nullptr : &found->second;
}

void ledger::add_direct(const direct_delivery& delivery) {
  assert(directs_.empty() || directs_.back().id < delivery.id);
  directs_.push_back(delivery);
  ++open_directs_;
  lane_state* of = lane(delivery.endpoint);
  if (!of) return;
  if (of->open_directs++ == 0 && of->pending_rows == 0) of->drains.begin(delivery.since);
  if (!delivery.chained) return;
  direct_chain& chain = of->direct_chains[delivery.lane_key];
  ++chain.open;
  if (delivery.body) chain.waiting.push_back(delivery.id);
}

direct_delivery* ledger::direct(model::delivery_id id) noexcept {
  const auto found =
      std::lower_bound(directs_.begin(), directs_.end(), id,
                       [](const direct_delivery& each, model::delivery_id wanted) { return each.id < wanted; });
  return found != directs_.end() && found->id == id && found->open ? &*found : nullptr;
}

void ledger::close_direct(direct_delivery& delivery) {
  delivery.open = false;
  --open_directs_;
  lane_state* of = lane(delivery.endpoint);
  if (!of) return;
  --of->open_directs;
  if (!delivery.chained) return;
  direct_chain* chain = of->chain(delivery.lane_key);
  if (!chain) return;
  if (delivery.body) std::erase(chain->waiting, delivery.id);
  delivery.body.reset();
  if (--chain->open == 0) of->direct_chains.erase(delivery.lane_key);
}

model::shared_event ledger::start_waiting(direct_delivery& delivery) {
  if (lane_state* of = lane(delivery.endpoint)) {
    if (direct_chain* chain = of->chain(delivery.lane_key)) std::erase(chain->waiting, delivery.id);
  }
  return std::move(delivery.body);
}

direct_delivery* ledger::oldest_direct() noexcept {
  while (!directs_.empty() && !directs_.front().open) directs_.pop_front();
  return directs_.empty() ? nullptr : &directs_.front();
}

void ledger::add_laned(model::delivery_id id, const laned_row& row) {
  if (!laned_.emplace(id, row).second) return;
  if (lane_state* of = lane(row.endpoint)) ++of->rows_in_lane;
}

laned_row* ledger::laned(model::delivery_id id) noexcept {
  const auto found = laned_.find(id);
  return found == laned_.end() ? nullptr : &found->second;
}

void ledger::close_laned(model::delivery_id id) {
  const auto found = laned_.find(id);
  if (found == laned_.end()) return;
  if (lane_state* of = lane(found->second.endpoint)) {
    // Once nothing of the backlog is in the lane, the next load may look at all of it again.
    if (--of->rows_in_lane == 0) of->loaded_up_to = 0;
  }
  laned_.erase(found);
}

model::delivery_id ledger::watermark(std::int64_t last_id) noexcept {
  const direct_delivery* oldest = oldest_direct();
  return oldest ? oldest->id - 1 : last_id;
}

void ledger::clear() {
  lanes_.clear();
  news_desks_.clear();
  directs_.clear();
  laned_.clear();
  open_directs_ = 0;
}

}  // namespace posthorn::store::sqlite
