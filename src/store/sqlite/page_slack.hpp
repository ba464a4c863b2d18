// The bytes of a page of a database that belong to nothing, in SQLite's file format
// (https://www.sqlite.org/fileformat2.html, "B-tree Pages"):
//   page = [100 bytes, of the first page alone] header cell_pointers gap cells_and_free_blocks
//   header = type:u8(2|5|10|13) first_free_block:u16 cells:u16 content_start:u16 fragments:u8 [right_child:u32, of 2
//   and 5] free_block = next:u16 size:u16 slack
// Integers are big-endian. The gap and the free blocks may hold copies of rows that SQLite has moved elsewhere, which
// secure_delete does not reach.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace posthorn::store::sqlite {

struct slack_range {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool operator==(const slack_range&) const = default;
};

// Those that have some byte other than 0. None for a page that is no page of a b-tree.
[[nodiscard]] std::vector<slack_range> dirty_slack(std::string_view page, bool is_first);

}  // namespace posthorn::store::sqlite
