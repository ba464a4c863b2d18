// Brings index.db up to posthorn.db, a sorted batch at a time. One thread (index_builder's).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/limits.hpp"
#include "model/ids.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/index_rows.hpp"

namespace posthorn::store::sqlite {

// What the index knows of an event that is gone from the store.
struct indexed_event {
  model::event_id id = 0;
  std::int64_t type = 0;  // its row in the index's `type`
  model::integration_no integration = 0;
  std::string uid;
  std::vector<std::pair<model::endpoint_id, model::delivery_id>> deliveries;
};

class index_writer {
 public:
  struct progress {
    std::uint64_t events = 0;
    bool more = false;  // the batch was full
  };

  // Opens both files; posthorn.db must exist and be migrated. A damaged index is made anew.
  static base::result<std::unique_ptr<index_writer>> open(std::string store_path, std::string index_path);

  // One batch. store_corrupt if the index is damaged, then call rebuild(); after any error the position is as before.
  base::result<progress> advance(std::size_t events_max = base::limits::index_batch_events_max);
  // Deletes index.db and begins again.
  base::result<void> rebuild();
  // Takes out what retention has removed.
  base::result<void> forget(const std::vector<indexed_event>& events);
  // Takes out the events of a uid (index_file.hpp, uid_key) up to `up_to`.
  base::result<void> forget_uid(std::int64_t uid_key, model::event_id up_to);
  // Takes out keys of whole segments that the store no longer has a row for.
  base::result<void> forget_old_keys();

  // Everything up to it is in the index.
  [[nodiscard]] model::event_id position() const noexcept { return position_; }
  // Events in the store beyond the position, counted up to `most`.
  [[nodiscard]] std::uint64_t count_behind(std::uint64_t most);

  [[nodiscard]] connection& store() noexcept { return store_; }
  [[nodiscard]] connection& index() noexcept { return index_; }

 private:
  struct batch {
    model::event_id first = 0, position = 0;
    std::uint64_t events = 0;
    bool more = false;
    std::vector<std::pair<std::int64_t, std::int64_t>> types, uids, deliveries, keys;
  };
  // Compiled anew with the index's file.
  struct index_statements {
    explicit index_statements(const connection& on);
    statement find_type, insert_type, insert_segment;
    index_rows events, uids, deliveries, keys;
    statement set_meta;
  };
  struct store_statements {
    explicit store_statements(const connection& on);
    statement events, extras, keys;
  };

  index_writer() = default;
  base::result<void> open_files();
  base::result<batch> read_batch(std::size_t events_max);
  base::result<void> read_events(batch& into, std::size_t events_max);
  base::result<void> write_batch(batch& from);
  base::result<std::int64_t> type_number(model::integration_no integration, std::string_view type);
  base::result<void> set_meta(std::string_view key, std::int64_t value);

  std::string store_path_, index_path_;
  connection store_, index_;
  std::unique_ptr<store_statements> from_store_;
  std::unique_ptr<index_statements> to_index_;
  std::unordered_map<std::string, std::int64_t> types_;  // 8 bytes of integration, then the type
  std::string type_key_;
  model::event_id position_ = 0;
  std::int64_t events_ = 0;  // indexed ever: chooses the segment
};

}  // namespace posthorn::store::sqlite
