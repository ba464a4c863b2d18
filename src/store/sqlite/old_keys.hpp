// Finds Idempotency-Keys that are no longer in memory (idempotency_memory), through index.db and the store's `idem`.
// While index.db is being made anew, only keys in memory are known. Writer thread only. A look-up costs one seek for
// each segment of the index that has keys: 2 µs per 131,072 events of the last 24 hours.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/idempotency_memory.hpp"
#include "store/sqlite/index_builder.hpp"

namespace posthorn::store::sqlite {

class old_key_finder {
 public:
  // All must outlive the object.
  old_key_finder(connection& store, std::string index_path, index_builder& builder)
      : store_(store), index_path_(std::move(index_path)), builder_(builder) {}

  [[nodiscard]] std::optional<idempotent_answer> find(const std::array<std::uint8_t, 16>& key);

 private:
  struct lookup {
    lookup(connection&& of_index, const connection& of_store);
    connection index;
    statement candidates, row;
  };
  bool open();

  connection& store_;
  std::string index_path_;
  index_builder& builder_;
  std::uint64_t generation_ = 0;
  std::unique_ptr<lookup> lookup_;
};

}  // namespace posthorn::store::sqlite
