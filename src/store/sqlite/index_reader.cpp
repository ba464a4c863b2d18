#include "store/sqlite/index_reader.hpp"

namespace posthorn::store::sqlite {

index_reader::index_reader(connection&& on)
    : on_(std::move(on)),
      position_(on_, "SELECT value FROM meta WHERE key='position'"),
      types_(on_, "SELECT no FROM type WHERE integration=?1"),
      type_(on_, "SELECT no FROM type WHERE integration=?1 AND name=?2"),
      of_type_(on_, "SELECT id FROM ev_type WHERE type=?1 AND id<?2 ORDER BY id DESC LIMIT 1"),
      // One seek a segment, newest first; ids grow with segments.
      of_uid_(on_,
              "SELECT (SELECT id FROM ev_uid WHERE segment=segment.no AND uid_key=?1 AND id<?2 "
              "ORDER BY id DESC LIMIT 1) AS found FROM segment WHERE first_id<?2 AND found IS NOT NULL "
              "ORDER BY no DESC LIMIT 1"),
      of_endpoint_(on_, "SELECT dlv FROM dlv_endpoint WHERE endpoint=?1 AND dlv<?2 ORDER BY dlv DESC LIMIT 1") {}

bool index_reader::row(statement& what) {
  if (failure_ != SQLITE_OK) return false;
  const int code = what.step();
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) failure_ = code;
  return false;
}

std::int64_t index_reader::number(statement& what) {
  const reading scope(what);
  return row(what) ? what.integer(0) : 0;
}

model::event_id index_reader::position() { return number(position_); }

std::vector<std::int64_t> index_reader::types(model::integration_no integration, std::string_view name) {
  statement& what = name.empty() ? types_ : type_.bind_text(2, name);
  what.bind(1, integration);
  std::vector<std::int64_t> found;
  const reading scope(what);
  while (row(what)) found.push_back(what.integer(0));
  return found;
}

std::int64_t index_reader::event_of_type_below(std::int64_t type, std::int64_t id) {
  return number(of_type_.bind(1, type).bind(2, id));
}

std::int64_t index_reader::event_of_uid_below(std::int64_t uid_key, std::int64_t id) {
  return number(of_uid_.bind(1, uid_key).bind(2, id));
}

std::int64_t index_reader::delivery_below(model::endpoint_id endpoint, std::int64_t id) {
  return number(of_endpoint_.bind(1, endpoint).bind(2, id));
}

}  // namespace posthorn::store::sqlite
