// store::person_store: an erasure as a row of the writer's units of work, the index behind it.
#pragma once

#include <mutex>

#include "store/person_store.hpp"
#include "store/sqlite/index_builder.hpp"
#include "store/sqlite/read_pool.hpp"
#include "store/sqlite/request_journal.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

// All outlive it. Thread: any but the writer's and the builder's.
class person_gateway final : public person_store {
 public:
  person_gateway(writer& to, read_pool& reads, index_builder& index, request_journal& journal)
      : writer_(to), reads_(reads), index_(index), journal_(journal) {}

  base::result<person_traces> find_traces(const person& of) override;
  base::result<erasure_report> erase(const person& of) override;

 private:
  // An event that names the person, and what erasing it writes.
  struct event_to_erase {
    model::event_id id = 0;
    std::uint64_t bytes = 0;
  };
  struct found_events {
    std::vector<event_to_erase> list;
    std::vector<model::event_id> unfinished;
  };

  base::result<model::event_id> last_event();
  base::result<found_events> find_events(const person& of, model::event_id up_to);
  // Each event that `filter` lists and that is not above `up_to`.
  base::result<void> each_event(const event_filter& filter, model::event_id up_to,
                                const std::function<void(const event_view&)>& call);
  base::result<void> erase_changes(const person& of, erasure_report& done);
  base::result<void> erase_events(const std::vector<event_to_erase>& events, erasure_report& done);
  base::result<void> fold_journal(const writer::with_file& then = {});
  // All of the file, however little was erased; then nothing is owed.
  base::result<void> scrub_file();

  writer& writer_;
  read_pool& reads_;
  index_builder& index_;
  request_journal& journal_;
  std::mutex erasing_;  // one at a time
};

}  // namespace posthorn::store::sqlite
