#include "store/sqlite/id_source.hpp"

#include <algorithm>
#include <limits>

#include "store/sqlite/index_file.hpp"

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

class shared final : public id_source {
 public:
  shared(std::vector<id_source_ptr> sources, const read_deadline& deadline)
      : sources_(std::move(sources)), deadline_(deadline) {}

  std::int64_t below(std::int64_t id) override {
    std::int64_t found = sources_.front()->below(id);
    std::size_t agreeing = 1;
    for (std::size_t turn = 1; agreeing < sources_.size() && found > 0 && !deadline_.passed(); ++turn) {
      const std::int64_t here = sources_[turn % sources_.size()]->below(found + 1);
      agreeing = here == found ? agreeing + 1 : 1;
      found = here;
    }
    return found;
  }

 private:
  std::vector<id_source_ptr> sources_;
  const read_deadline& deadline_;
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

}  // namespace

id_source_ptr union_of(std::vector<id_source_ptr> sources) { return std::make_unique<united>(std::move(sources)); }

id_source_ptr intersection_of(const read_view& view, std::vector<id_source_ptr> sources) {
  if (sources.size() == 1) return std::move(sources.front());
  return std::make_unique<shared>(std::move(sources), view.deadline);
}

id_source_ptr events_above(const read_view& view, std::int64_t floor) {
  return source_of([&view, floor](std::int64_t id) { return view.store.event_below(id, floor); });
}

id_source_ptr events_of_type(const read_view& view, std::int64_t type) {
  return source_of([&view, type](std::int64_t id) { return view.index->event_of_type_below(type, id); });
}

id_source_ptr events_of_uid(const read_view& view, std::int64_t uid_key) {
  return source_of([&view, uid_key](std::int64_t id) { return view.index->event_of_uid_below(uid_key, id); });
}

id_source_ptr events_without_targets(const read_view& view) {
  return source_of([&view](std::int64_t id) { return view.index->delivery_below(no_endpoint, id); });
}

id_source_ptr events_replayed_to(const read_view& view, model::endpoint_id endpoint) {
  return source_of([&view, endpoint](std::int64_t id) { return view.store.extra_event_below(endpoint, id); });
}

id_source_ptr events_of(const read_view& view, id_source_ptr deliveries) {
  // The deliveries of events below `id` end where the next event begins. The greatest event below a delivery is its
  // own, or for a replay's delivery one that is named in vain.
  return source_of([&view, from = std::move(deliveries)](std::int64_t id) {
    const std::int64_t delivery = from->below(view.store.event_from(id));
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

id_source_ptr ended_at(const read_view& view, model::endpoint_id endpoint, outcome_result result) {
  return source_of([&view, endpoint, result](std::int64_t id) { return view.store.ended_below(endpoint, result, id); });
}

id_source_ptr pending_to(const read_view& view, model::endpoint_id endpoint, tried which) {
  std::vector<id_source_ptr> sources;
  sources.push_back(
      source_of([&view, endpoint, which](std::int64_t id) { return view.store.pending_below(endpoint, which, id); }));
  sources.push_back(source_of(
      [&view, endpoint, which](std::int64_t id) { return view.store.replayed_pending_below(endpoint, which, id); }));
  return union_of(std::move(sources));
}

}  // namespace posthorn::store::sqlite
