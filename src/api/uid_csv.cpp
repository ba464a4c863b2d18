#include "api/uid_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "api/body_fields.hpp"
#include "base/limits.hpp"
#include "ingest/event_parser.hpp"

namespace posthorn::api {
namespace {

namespace limits = base::limits;
using base::fault;

struct csv_line {
  std::size_t number = 0;  // where it begins
  std::vector<std::string> cells;
  bool whole = true;  // its quotes are closed, and nothing stands behind one

  [[nodiscard]] bool is_empty() const { return whole && cells.size() == 1 && cells.front().empty(); }
};

class csv_reader {
 public:
  explicit csv_reader(std::string_view text) : rest_(text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
  }

  std::optional<csv_line> next() {
    if (rest_.empty()) return std::nullopt;
    csv_line line{.number = number_++, .cells = {}};
    bool more = true;
    while (more) {
      line.cells.push_back(rest_.starts_with('"') ? quoted(line) : plain());
      more = rest_.starts_with(',');
      if (more) rest_.remove_prefix(1);
    }
    end_line(line);
    return line;
  }

 private:
  std::string plain() {
    const std::size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
    std::string cell(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return cell;
  }

  std::string quoted(csv_line& of) {
    rest_.remove_prefix(1);
    std::string cell;
    for (;;) {
      const std::size_t end = rest_.find('"');
      if (end == std::string_view::npos) {
        of.whole = false;
        rest_ = {};
        return cell;
      }
      cell += rest_.substr(0, end);
      number_ += static_cast<std::size_t>(std::ranges::count(rest_.substr(0, end), '\n'));
      rest_.remove_prefix(end + 1);
      if (!rest_.starts_with('"')) return cell;
      cell += '"';
      rest_.remove_prefix(1);
    }
  }

  void end_line(csv_line& of) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view left = rest_.substr(0, end);
    if (!left.empty() && left != "\r") of.whole = false;
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
  }

  std::string_view rest_;
  std::size_t number_ = 1;
};

constexpr std::string_view column_name = "uid";

class uid_gatherer {
 public:
  void take(const csv_line& line) {
    if (line.is_empty()) return;
    if (first_ && find_column(line)) return;
    first_ = false;
    if (!line.whole) return refuse(line, "has a quote that is not closed, or text behind one");
    if (!named_ && line.cells.size() > 1) return refuse(line, "has several cells, and no header line names one `uid`");
    if (column_ >= line.cells.size()) return refuse(line, "has no cell in the column `uid`");
    std::string_view uid = line.cells[column_];
    if (uid.starts_with('\'')) uid.remove_prefix(1);
    if (!ingest::is_envelope_uid(uid)) return refuse(line, "the uid " + std::string(ingest::envelope_uid_rule));
    const auto [at, is_new] = line_of_.emplace(std::string(uid), line.number);
    if (!is_new) return refuse(line, fmt::format("has the uid of line {} again: each uid once", at->second));
    if (uids_.size() == limits::links_per_batch_max) {
      too_many_ = true;
      return;
    }
    uids_.emplace_back(uid);
  }

  base::result<std::vector<std::string>> outcome() && {
    if (too_many_) {
      errors_.add(fault::invalid_field, "",
                  fmt::format("has more than {} uids: make several batches", limits::links_per_batch_max));
    } else if (uids_.empty() && !errors_.any()) {
      errors_.add(fault::invalid_field, "", "has no uid: send one a line");
    }
    if (errors_.any()) return std::unexpected(errors_.outcome().error());
    return std::move(uids_);
  }

 private:
  // Whether the line is a header that names the column.
  bool find_column(const csv_line& line) {
    const auto found = std::ranges::find(line.cells, column_name);
    if (found == line.cells.end()) return false;
    first_ = false;
    named_ = true;
    column_ = static_cast<std::size_t>(found - line.cells.begin());
    return true;
  }

  void refuse(const csv_line& line, std::string_view rule) {
    errors_.add(fault::invalid_field, "", fmt::format("line {}: {}", line.number, rule));
  }

  bool first_ = true, named_ = false, too_many_ = false;
  std::size_t column_ = 0;
  std::vector<std::string> uids_;
  std::unordered_map<std::string, std::size_t> line_of_;
  body_errors errors_;
};

}  // namespace

base::result<std::vector<std::string>> read_uid_csv(std::string_view text) {
  csv_reader lines(text);
  uid_gatherer uids;
  while (const auto line = lines.next()) uids.take(*line);
  return std::move(uids).outcome();
}

}  // namespace posthorn::api
