#include "store/sqlite/session_tables.hpp"

#include <fmt/format.h>

#include "store/sqlite/stored_value.hpp"
#include "store/sqlite/text_list.hpp"

namespace posthorn::store::sqlite {
namespace {

std::int32_t small(const statement& from, int column) { return static_cast<std::int32_t>(from.integer(column)); }

}  // namespace

session_record read_session(const statement& from) {
  session_record read;
  model::session& one = read.value;
  one.id = from.integer(0);
  one.integration = from.integer(1);
  one.uid = from.text(2);
  const row_name row{"session", one.id};
  one.platform = stored_name(model::platform_from(from.text(3)), row, "platform", from.text(3));
  one.state = stored_name(model::session_state_from(from.text(4)), row, "state", from.text(4));
  one.created_at = from.integer(5);
  one.expires_at = from.integer(6);
  one.opened_at = from.integer(7);
  one.consented_at = from.integer(8);
  one.last_response_at = from.integer(9);
  one.ended_at = from.integer(10);
  one.scored_at = from.integer(11);
  one.made = {small(from, 12), small(from, 13), small(from, 14)};
  one.end_reasons = list_of(from.text(15), row, "end_reasons");
  read.questionnaire = {std::string(from.text(16)), small(from, 17)};
  read.scorecard = {std::string(from.text(18)), small(from, 19)};
  read.score = from.text(20);
  read.given = from.text(21);
  one.first_response_at = from.integer(22);
  read.scoring = {from.integer(23), small(from, 24), std::string(from.text(25))};
  return read;
}

std::vector<session_record> session_tables::rows(statement& of) {
  std::vector<session_record> found;
  int code = SQLITE_ROW;
  while ((code = of.step()) == SQLITE_ROW) found.push_back(read_session(of));
  if (code != SQLITE_DONE && failure_ == SQLITE_OK) failure_ = code;
  return found;
}

std::optional<session_record> session_tables::only_row(statement& of) {
  std::vector<session_record> found = rows(of);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<session_record> session_tables::find(model::integration_no integration, model::session_id id) {
  statement query(on_, fmt::format("SELECT {} FROM session WHERE id=?2 AND integration=?1", session_columns));
  query.bind(1, integration).bind(2, id);
  return only_row(query);
}

std::optional<session_record> session_tables::find_latest(model::integration_no integration, std::string_view uid) {
  statement query(on_, fmt::format("SELECT {} FROM session INDEXED BY session_of_uid WHERE integration=?1 AND uid=?2 "
                                   "ORDER BY id DESC LIMIT 1",
                                   session_columns));
  query.bind(1, integration).bind_text(2, uid);
  return only_row(query);
}

std::vector<session_record> session_tables::overdue(base::epoch_ms now, std::size_t limit) {
  statement query(on_, fmt::format("SELECT {} FROM session INDEXED BY session_end WHERE {} AND expires_at<=?1 "
                                   "ORDER BY expires_at LIMIT ?2",
                                   session_columns, session_is_live));
  query.bind(1, now).bind(2, static_cast<std::int64_t>(limit));
  return rows(query);
}

void session_tables::put(session_record& one) {
  const bool made = one.value.id == 0;
  if (made) one.value.id = group_.ids.take(1, group_.wall);
  constexpr std::string_view places =
      "?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26";
  statement write(on_, made ? fmt::format("INSERT INTO session({}) VALUES({})", session_columns, places)
                            : fmt::format("UPDATE session SET ({})=({}) WHERE id=?1", session_columns, places));
  const model::session& of = one.value;
  const std::string reasons = list_text(of.end_reasons);
  write.bind(1, of.id)
      .bind(2, of.integration)
      .bind_text(3, of.uid)
      .bind_text(4, model::to_string(of.platform))
      .bind_text(5, model::to_string(of.state))
      .bind(6, of.created_at)
      .bind(7, of.expires_at)
      .bind(8, of.opened_at)
      .bind(9, of.consented_at)
      .bind(10, of.last_response_at)
      .bind(11, of.ended_at)
      .bind(12, of.scored_at)
      .bind(13, of.made.done)
      .bind(14, of.made.required)
      .bind(15, of.made.permissions_missing)
      .bind_text(16, reasons)
      .bind_text(17, one.questionnaire.key)
      .bind(18, one.questionnaire.version)
      .bind_text(19, one.scorecard.key)
      .bind(20, one.scorecard.version)
      .bind_text(21, one.score)
      .bind_text(22, one.given)
      .bind(23, of.first_response_at)
      .bind(24, one.scoring.due_at)
      .bind(25, one.scoring.tries)
      .bind_text(26, one.scoring.last_error);
  if (const int code = write.run(); code != SQLITE_OK && failure_ == SQLITE_OK) failure_ = code;
}

}  // namespace posthorn::store::sqlite
