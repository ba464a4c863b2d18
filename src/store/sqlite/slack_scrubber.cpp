#include "store/sqlite/slack_scrubber.hpp"

#include <algorithm>
#include <string>

#include "store/sqlite/page_slack.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::string_view doing = "overwriting the slack of pages";

// SQLite's own handle of the file: a second one would, when closed, take away the locks of the first.
class database_file {
 public:
  static base::result<database_file> of(connection& on) {
    database_file made;
    const int code =
        sqlite3_file_control(on.handle(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&made.file_));
    if (code != SQLITE_OK) return on.failed(doing, code);
    std::string head(100, '\0');
    if (const int read = made.read(head, 0); read != SQLITE_OK) return on.failed(doing, read);
    made.page_bytes_ = byte(head, 16) << 8 | byte(head, 17);
    if (made.page_bytes_ == 1) made.page_bytes_ = 65'536;
    sqlite3_int64 size = 0;
    if (const int sized = made.file_->pMethods->xFileSize(made.file_, &size); sized != SQLITE_OK) {
      return on.failed(doing, sized);
    }
    made.pages_ = static_cast<std::uint64_t>(size) / made.page_bytes_;
    // Other kinds of pages begin with a page's number, or, where the file vacuums itself, with a kind.
    const bool moves_pages = (byte(head, 52) | byte(head, 53) | byte(head, 54) | byte(head, 55)) != 0;
    if (moves_pages || made.pages_ >= telling_pages_max) made.pages_ = 0;
    return made;
  }

  [[nodiscard]] std::uint64_t pages() const noexcept { return pages_; }
  [[nodiscard]] std::size_t page_bytes() const noexcept { return page_bytes_; }
  int read_page(std::string& into, page_number page) { return read(into, offset_of(page)); }
  int write(page_number page, std::size_t at, const std::string& bytes) {
    return file_->pMethods->xWrite(file_, bytes.data(), static_cast<int>(bytes.size()),
                                   offset_of(page) + static_cast<sqlite3_int64>(at));
  }
  int sync() { return file_->pMethods->xSync(file_, SQLITE_SYNC_NORMAL); }

 private:
  // From here on the first byte of a page's number may look like a kind of b-tree page.
  static constexpr std::uint64_t telling_pages_max = 0x0200'0000;

  static std::size_t byte(const std::string& of, std::size_t at) { return static_cast<std::uint8_t>(of[at]); }
  [[nodiscard]] sqlite3_int64 offset_of(page_number page) const {
    return static_cast<sqlite3_int64>(page - 1) * static_cast<sqlite3_int64>(page_bytes_);
  }
  int read(std::string& into, sqlite3_int64 at) {
    return file_->pMethods->xRead(file_, into.data(), static_cast<int>(into.size()), at);
  }

  sqlite3_file* file_ = nullptr;
  std::size_t page_bytes_ = 0;
  std::uint64_t pages_ = 0;
};

}  // namespace

base::result<dirty_pages> find_dirty(connection& on, page_number first, page_number count) {
  auto file = database_file::of(on);
  if (!file) return std::unexpected(std::move(file.error()));
  dirty_pages made;
  std::string page(file->page_bytes(), '\0');
  const std::uint64_t end = std::min<std::uint64_t>(std::uint64_t{first} + count, file->pages() + 1);
  for (page_number each = first; each < end; ++each) {
    if (const int code = file->read_page(page, each); code != SQLITE_OK) return on.failed(doing, code);
    if (!dirty_slack(page, each == 1).empty()) made.list.push_back(each);
  }
  made.end = end == file->pages() + 1 || file->pages() == 0;
  return made;
}

base::result<void> scrub(connection& on, const std::vector<page_number>& pages) {
  auto file = database_file::of(on);
  if (!file) return std::unexpected(std::move(file.error()));
  std::string page(file->page_bytes(), '\0');
  for (const page_number each : pages) {
    if (each > file->pages()) continue;
    if (const int code = file->read_page(page, each); code != SQLITE_OK) return on.failed(doing, code);
    for (const slack_range& range : dirty_slack(page, each == 1)) {
      const int code = file->write(each, range.begin, std::string(range.end - range.begin, '\0'));
      if (code != SQLITE_OK) return on.failed(doing, code);
    }
  }
  sqlite3_db_release_memory(on.handle());
  if (const int code = file->sync(); code != SQLITE_OK) return on.failed(doing, code);
  return {};
}

}  // namespace posthorn::store::sqlite
