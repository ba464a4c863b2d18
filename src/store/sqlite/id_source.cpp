#include "store/sqlite/id_source.hpp"

#include <algorithm>
#include <limits>

namespace posthorn::store::sqlite {
namespace {

class united final : public id_source {
 public:
  explicit united(std::vector<id_source_ptr> sources) {
    for (id_source_ptr& each : sources) members_.push_back({std::move(each)});
  }

  std::int64_t below(std::int64_t id) override {
    std::int64_t greatest = 0;
    for (member& each : members_) {
      if (each.next >= id) each.next = each.source->below(id);
      greatest = std::max(greatest, each.next);
    }
    return greatest;
  }

 private:
  struct member {
    id_source_ptr source;
    std::int64_t next = std::numeric_limits<std::int64_t>::max();
  };
  std::vector<member> members_;
};

// A source that is one seek.
template <class Seek>
class seeking final : public id_source {
 public:
  explicit seeking(Seek seek) : seek_(std::move(seek)) {}
  std::int64_t below(std::int64_t id) override { return seek_(id); }

 private:
  Seek seek_;
};

template <class Seek>
id_source_ptr source_of(Seek seek) {
  return std::make_unique<seeking<Seek>>(std::move(seek));
}

// Frozen deliveries of the events above a floor, read off the events themselves.
class frozen_deliveries final : public id_source {
 public:
  frozen_deliveries(const read_view& view, std::int64_t floor) : view_(view), floor_(floor) {}

  std::int64_t below(std::int64_t id) override {
    model::event_id event = view_.store.event_below(id, 0);
    while (event > 0) {
      const std::int64_t last = event + static_cast<std::int64_t>(view_.store.targets_of(event));
      const std::int64_t found = std::min(last, id - 1);
      if (found <= floor_) return 0;
      if (found > event || view_.deadline.passed()) return found;
      event = view_.store.event_below(event, 0);
    }
    return 0;
  }

 private:
  const read_view& view_;
  std::int64_t floor_;
};

class pending_deliveries final : public id_source {
 public:
  pending_deliveries(const read_view& view, std::span<const model::endpoint_id> endpoints)
      : view_(view), endpoints_(endpoints.begin(), endpoints.end()) {}

  std::int64_t below(std::int64_t id) override {
    constexpr int looked_at_between_checks = 256;
    for (int looked_at = 1;; ++looked_at) {
      const auto [delivery, endpoint] = view_.store.pending_below(id);
      if (delivery == 0 || endpoints_.contains(endpoint)) return delivery;
      if (looked_at % looked_at_between_checks == 0 && view_.deadline.passed()) return delivery;
      id = delivery;
    }
  }

 private:
  const read_view& view_;
  std::unordered_set<model::endpoint_id> endpoints_;
};

}  // namespace

id_source_ptr union_of(std::vector<id_source_ptr> sources) { return std::make_unique<united>(std::move(sources)); }

id_source_ptr events_above(const read_view& view, std::int64_t floor) {
  return source_of([&view, floor](std::int64_t id) { return view.store.event_below(id, floor); });
}

id_source_ptr events_of_type(const read_view& view, std::int64_t type) {
  return source_of([&view, type](std::int64_t id) { return view.index->event_of_type_below(type, id); });
}

id_source_ptr events_of_uid(const read_view& view, std::int64_t uid_key) {
  return source_of([&view, uid_key](std::int64_t id) { return view.index->event_of_uid_below(uid_key, id); });
}

id_source_ptr events_replayed_to(const read_view& view, model::endpoint_id endpoint) {
  return source_of([&view, endpoint](std::int64_t id) { return view.store.extra_event_below(endpoint, id); });
}

id_source_ptr events_of(const read_view& view, id_source_ptr deliveries) {
  // Greatest event below a delivery: its own, or for a replay's delivery an event that is named in vain.
  return source_of([&view, from = std::move(deliveries)](std::int64_t id) {
    const std::int64_t delivery = from->below(id);
    return delivery > 0 ? view.store.event_below(delivery, 0) : 0;
  });
}

id_source_ptr deliveries_above(const read_view& view, std::int64_t floor) {
  std::vector<id_source_ptr> sources;
  sources.push_back(std::make_unique<frozen_deliveries>(view, floor));
  sources.push_back(source_of([&view, floor](std::int64_t id) { return view.store.extra_below(id, floor); }));
  return union_of(std::move(sources));
}

id_source_ptr deliveries_to(const read_view& view, model::endpoint_id endpoint) {
  return source_of([&view, endpoint](std::int64_t id) { return view.index->delivery_below(endpoint, id); });
}

id_source_ptr not_delivered_to(const read_view& view, model::endpoint_id endpoint) {
  return source_of([&view, endpoint](std::int64_t id) { return view.store.not_delivered_below(endpoint, id); });
}

id_source_ptr pending_to(const read_view& view, std::span<const model::endpoint_id> endpoints) {
  return std::make_unique<pending_deliveries>(view, endpoints);
}

}  // namespace posthorn::store::sqlite
