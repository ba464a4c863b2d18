#include "store/sqlite/old_keys.hpp"

#include <cstring>

#include "base/boundary.hpp"
#include "store/sqlite/index_file.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {

old_key_finder::lookup::lookup(connection&& of_index, const connection& of_store)
    : index(std::move(of_index)),
      candidates(index,
                 "SELECT idem_key.id FROM segment CROSS JOIN idem_key ON idem_key.segment=segment.no "
                 "AND idem_key.key=?1 WHERE segment.no>=(SELECT min(segment) FROM idem_key) "
                 "ORDER BY segment.no DESC"),
      row(of_store, "SELECT key,body,at,deliveries FROM idem WHERE id=?1") {}

bool old_key_finder::open() {
  const std::uint64_t generation = builder_.generation();
  if (lookup_ && generation == generation_) return true;
  lookup_.reset();
  auto index = open_index_reader(index_path_);
  if (!index) return false;
  generation_ = generation;
  lookup_ = std::make_unique<lookup>(std::move(*index), store_);
  return true;
}

std::optional<idempotent_answer> old_key_finder::find(const std::array<std::uint8_t, 16>& key) {
  if (!open()) return std::nullopt;
  const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
  statement& candidates = lookup_->candidates.bind(1, idempotency_key_prefix(bytes));
  const reading scope(candidates);
  int code = SQLITE_ROW;
  while ((code = candidates.step()) == SQLITE_ROW) {
    statement& row = lookup_->row.bind(1, candidates.integer(0));
    const reading row_scope(row);
    // A key that cannot be read is not a new one.
    const auto there = next_row(store_, row, "reading an Idempotency-Key");
    if (!there) throw base::thrown_error(there.error());
    if (!*there || row.text(0) != bytes) continue;
    idempotent_answer found;
    const std::string_view body = row.text(1);
    std::memcpy(found.body.data(), body.data(), std::min(body.size(), found.body.size()));
    found.id = candidates.integer(0);
    found.at = row.integer(2);
    found.deliveries = static_cast<std::uint32_t>(row.integer(3));
    return found;
  }
  if (classify(code) == sql_failure::corrupt) builder_.report_damage();
  return std::nullopt;
}

}  // namespace posthorn::store::sqlite
