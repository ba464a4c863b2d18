#include "store/sqlite/read_pool.hpp"

#include "base/boundary.hpp"
#include "base/log.hpp"
#include "store/sqlite/index_file.hpp"
#include "store/sqlite/transaction.hpp"

namespace posthorn::store::sqlite {

read_pool::read_pool(options how, index_builder& builder) : how_(std::move(how)), builder_(builder) {
  for (std::size_t i = 0; i < how_.connections; ++i) slots_.push_back(std::make_unique<slot>());
}

std::unique_lock<std::mutex> read_pool::take(slot*& taken) {
  for (const auto& each : slots_) {
    std::unique_lock lock(each->busy, std::try_to_lock);
    if (lock.owns_lock()) {
      taken = each.get();
      return lock;
    }
  }
  taken = slots_[turn_++ % slots_.size()].get();
  return std::unique_lock(taken->busy);
}

base::result<void> read_pool::open(slot& of) {
  if (!of.store) {
    auto store = connection::open(how_.store_path, connection::mode::read_only);
    if (!store) return std::unexpected(std::move(store.error()));
    of.store = std::make_unique<store_reader>(std::move(*store));
  }
  const std::uint64_t generation = builder_.generation();
  if (!of.index || of.generation != generation) {
    of.index.reset();
    of.generation = generation;
    // Without it, reads walk the store itself, as far as their time goes.
    if (auto index = open_index_reader(how_.index_path)) of.index = std::make_unique<index_reader>(std::move(*index));
  }
  return {};
}

read_pool::failures read_pool::read_once(slot& from, bool with_index,
                                         const std::function<void(const read_view&)>& read) {
  const read_deadline deadline(how_.read_ms, how_.steps_min);
  index_reader* index = with_index ? from.index.get() : nullptr;
  std::optional<transaction> index_scope;
  model::event_id position = 0;
  if (index != nullptr) {
    index_scope.emplace(index->on(), "BEGIN");
    position = index->position();
  }
  const transaction store_scope(from.store->on(), "BEGIN");
  read({*from.store, index, position, deadline});
  return {from.store->failure(), index != nullptr ? index->failure() : SQLITE_OK};
}

base::result<void> read_pool::with(const std::function<void(const read_view&)>& read) {
  slot* taken = nullptr;
  const std::unique_lock lock = take(taken);
  if (auto opened = open(*taken); !opened) return opened;
  failures met;
  const auto look = [&](bool with_index) -> base::result<void> {
    met = read_once(*taken, with_index, read);
    return {};
  };
  if (auto done = base::contain("a read", {}, [&] { return look(true); }); !done) return done;
  if (met.store == SQLITE_OK && met.index != SQLITE_OK) {
    base::log_warn("index_not_readable", {{"code", met.index}});
    if (classify(met.index) == sql_failure::corrupt) builder_.report_damage();
    taken->index.reset();
    if (auto done = base::contain("a read", {}, [&] { return look(false); }); !done) return done;
  }
  if (met.store == SQLITE_OK) return {};
  auto failure = taken->store->on().failed("reading the store", met.store);
  taken->store.reset();
  return failure;
}

base::result<void> read_rows(read_pool& from, std::string_view doing, const std::function<int(connection&)>& read) {
  base::result<void> outcome;
  auto done = from.with([&](const read_view& view) {
    const int code = read(view.store.on());
    outcome = {};
    if (code != SQLITE_ROW && code != SQLITE_DONE) outcome = view.store.on().failed(doing, code);
  });
  return done ? std::move(outcome) : std::move(done);
}

}  // namespace posthorn::store::sqlite
