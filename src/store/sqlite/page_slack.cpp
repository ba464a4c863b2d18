#include "store/sqlite/page_slack.hpp"

#include <algorithm>
#include <cstdint>

namespace posthorn::store::sqlite {
namespace {

constexpr std::size_t file_header_bytes = 100;

std::size_t u16(std::string_view page, std::size_t at) {
  return static_cast<std::size_t>(static_cast<std::uint8_t>(page[at])) << 8 | static_cast<std::uint8_t>(page[at + 1]);
}

// 0: no b-tree page.
std::size_t header_bytes(char type) {
  switch (type) {
    case 2:
    case 5: return 12;
    case 10:
    case 13: return 8;
    default: return 0;
  }
}

}  // namespace

std::vector<slack_range> dirty_slack(std::string_view page, bool is_first) {
  const std::size_t header = is_first ? file_header_bytes : 0;
  if (page.size() < header + 12) return {};
  const std::size_t length = header_bytes(page[header]);
  if (length == 0) return {};
  const std::size_t pointers_end = header + length + 2 * u16(page, header + 3);
  std::size_t content = u16(page, header + 5);
  if (content == 0) content = std::size_t{64} * 1024;
  if (pointers_end > content || content > page.size()) return {};
  std::vector<slack_range> found{{pointers_end, content}};
  for (std::size_t block = u16(page, header + 1); block != 0;) {
    if (block < content || block + 4 > page.size()) return {};
    const std::size_t next = u16(page, block);
    const std::size_t end = block + u16(page, block + 2);
    if (end < block + 4 || end > page.size() || (next != 0 && next < end)) return {};
    found.push_back({block + 4, end});
    block = next;
  }
  std::erase_if(found, [page](const slack_range& each) {
    return page.substr(each.begin, each.end - each.begin).find_first_not_of('\0') == std::string_view::npos;
  });
  return found;
}

}  // namespace posthorn::store::sqlite
