#include "store/sqlite/certificate_tables.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>

#include "store/sqlite/stored_value.hpp"
#include "store/sqlite/text_list.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace json = boost::json;

json::object told(const model::certificate_rule& of) {
  return {{"name", of.name},
          {"description", of.description},
          {"owner", of.owner},
          {"validity_days", of.validity_days},
          {"lessons", json::array(of.lessons.begin(), of.lessons.end())}};
}

json::object told(const model::certificate& of) {
  return {{"rule_id", of.rule},
          {"user_id", of.user},
          {"owner_id", of.owner},
          {"state", model::to_string(of.state)},
          {"certified_at", of.certified_at},
          {"expires_at", of.expires_at}};
}

template <class Row>
json::object told_if(const std::optional<Row>& row) {
  return row ? told(*row) : json::object();
}

std::string select(std::string_view columns, std::string_view rest) {
  return fmt::format("SELECT {} FROM {}", columns, rest);
}

}  // namespace

model::certificate read_certificate(const statement& from) {
  model::certificate one;
  one.number = from.integer(0);
  one.integration = from.integer(1);
  one.id = from.text(2);
  one.rule = from.text(3);
  one.user = from.text(4);
  one.owner = from.text(5);
  one.name = from.text(6);
  one.description = from.text(7);
  one.validity_days = static_cast<std::int32_t>(from.integer(8));
  const row_name row{"certificate", one.number};
  one.lessons = list_of(from.text(9), row, "lessons");
  one.state = stored_name(model::certificate_state_from(from.text(10)), row, "state", from.text(10));
  one.awarded_at = from.integer(11);
  one.certified_at = from.integer(12);
  one.expires_at = from.integer(13);
  one.updated_at = from.integer(14);
  one.revision = static_cast<std::int32_t>(from.integer(15));
  return one;
}

model::certificate_rule read_rule(const statement& from) {
  model::certificate_rule rule;
  rule.integration = from.integer(0);
  rule.id = from.text(1);
  rule.name = from.text(2);
  rule.description = from.text(3);
  rule.owner = from.text(4);
  rule.validity_days = static_cast<std::int32_t>(from.integer(5));
  rule.lessons = list_of(from.text(6), {"certificate_rule", rule.integration}, "lessons");
  rule.created_at = from.integer(7);
  rule.updated_at = from.integer(8);
  return rule;
}

bool certificate_tables::row(statement& of) {
  const int code = of.step();
  if (code != SQLITE_ROW && code != SQLITE_DONE && failure_ == SQLITE_OK) failure_ = code;
  return code == SQLITE_ROW;
}

void certificate_tables::run(statement& what) {
  if (const int code = what.run(); code != SQLITE_OK && failure_ == SQLITE_OK) failure_ = code;
}

std::optional<model::certificate_rule> certificate_tables::find_rule(model::integration_no integration,
                                                                     std::string_view id) {
  statement query(on_, select(rule_columns, "certificate_rule WHERE integration=?1 AND id=?2"));
  query.bind(1, integration).bind_text(2, id);
  return row(query) ? std::optional(read_rule(query)) : std::nullopt;
}

std::vector<model::certificate_rule> certificate_tables::rules_with(model::integration_no integration,
                                                                    std::string_view lesson) {
  // At most limits::certificate_rules_per_integration_max rows, looked through as text: an id holds no quotes.
  statement query(on_, select(rule_columns, "certificate_rule WHERE integration=?1 AND instr(lessons,?2)>0"));
  const std::string quoted = '"' + std::string(lesson) + '"';
  query.bind(1, integration).bind_text(2, quoted);
  std::vector<model::certificate_rule> rules;
  while (row(query)) rules.push_back(read_rule(query));
  return rules;
}

std::size_t certificate_tables::count_rules(model::integration_no integration) {
  statement query(on_, "SELECT count(*) FROM certificate_rule WHERE integration=?1");
  query.bind(1, integration);
  return row(query) ? static_cast<std::size_t>(query.integer(0)) : 0;
}

void certificate_tables::tell(const std::string& object, const json::object& before, const json::object& after) {
  change_ = change_of(object, before, after);
  changed_ids_.push_back(object);
}

audited_change certificate_tables::change() const {
  if (changed_ids_.size() < 2) return change_;
  return change_of({}, {}, {{"ids", json::array(changed_ids_.begin(), changed_ids_.end())}});
}

void certificate_tables::put(const model::certificate_rule& rule) {
  if (telling_) tell(rule.id, told_if(find_rule(rule.integration, rule.id)), told(rule));
  statement write(
      on_, fmt::format("INSERT OR REPLACE INTO certificate_rule({}) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)", rule_columns));
  const std::string lessons = list_text(rule.lessons);
  write.bind(1, rule.integration)
      .bind_text(2, rule.id)
      .bind_text(3, rule.name)
      .bind_text(4, rule.description)
      .bind_text(5, rule.owner)
      .bind(6, rule.validity_days)
      .bind_text(7, lessons)
      .bind(8, rule.created_at)
      .bind(9, rule.updated_at);
  run(write);
}

void certificate_tables::erase_rule(model::integration_no integration, std::string_view id) {
  if (telling_) tell(std::string(id), told_if(find_rule(integration, id)), {});
  statement erase(on_, "DELETE FROM certificate_rule WHERE integration=?1 AND id=?2");
  erase.bind(1, integration).bind_text(2, id);
  run(erase);
}

std::optional<model::certificate> certificate_tables::find(model::integration_no integration, std::string_view id) {
  statement query(on_, select(certificate_columns, "certificate WHERE integration=?1 AND id=?2"));
  query.bind(1, integration).bind_text(2, id);
  return row(query) ? std::optional(read_certificate(query)) : std::nullopt;
}

std::optional<model::certificate> certificate_tables::find_of(model::integration_no integration, std::string_view rule,
                                                              std::string_view user) {
  statement query(on_, select(certificate_columns,
                              "certificate WHERE integration=?1 AND user=?2 AND rule=?3 AND state<>'revoked' ORDER BY "
                              "number DESC LIMIT 1"));
  query.bind(1, integration).bind_text(2, user).bind_text(3, rule);
  return row(query) ? std::optional(read_certificate(query)) : std::nullopt;
}

std::vector<model::certificate> certificate_tables::overdue(base::epoch_ms now, std::size_t limit) {
  statement query(on_, select(certificate_columns,
                              "certificate INDEXED BY certificate_end WHERE state='valid' AND expires_at>0 AND "
                              "expires_at<=?1 ORDER BY expires_at LIMIT ?2"));
  query.bind(1, now).bind(2, static_cast<std::int64_t>(limit));
  std::vector<model::certificate> found;
  while (row(query)) found.push_back(read_certificate(query));
  return found;
}

void certificate_tables::put(model::certificate& one) {
  if (telling_) tell(one.id, told_if(find(one.integration, one.id)), told(one));
  statement write(on_, fmt::format("INSERT OR REPLACE INTO certificate({}) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,"
                                   "?12,?13,?14,?15,?16)",
                                   certificate_columns));
  const std::string lessons = list_text(one.lessons);
  if (one.number == 0) {
    write.bind_null(1);
  } else {
    write.bind(1, one.number);
  }
  write.bind(2, one.integration)
      .bind_text(3, one.id)
      .bind_text(4, one.rule)
      .bind_text(5, one.user)
      .bind_text(6, one.owner)
      .bind_text(7, one.name)
      .bind_text(8, one.description)
      .bind(9, one.validity_days)
      .bind_text(10, lessons)
      .bind_text(11, model::to_string(one.state))
      .bind(12, one.awarded_at)
      .bind(13, one.certified_at)
      .bind(14, one.expires_at)
      .bind(15, one.updated_at)
      .bind(16, one.revision);
  run(write);
  if (one.number == 0) one.number = sqlite3_last_insert_rowid(on_.handle());
}

void certificate_tables::complete_lesson(model::integration_no integration, std::string_view user,
                                         std::string_view lesson, base::epoch_ms at) {
  statement write(on_,
                  "INSERT INTO lesson_completion VALUES(?1,?2,?3,?4) ON CONFLICT DO UPDATE SET at=max(at,excluded.at)");
  write.bind(1, integration).bind_text(2, user).bind_text(3, lesson).bind(4, at);
  run(write);
}

base::epoch_ms certificate_tables::lesson_completed_at(model::integration_no integration, std::string_view user,
                                                       std::string_view lesson) {
  statement query(on_, "SELECT at FROM lesson_completion WHERE integration=?1 AND user=?2 AND lesson=?3");
  query.bind(1, integration).bind_text(2, user).bind_text(3, lesson);
  return row(query) ? query.integer(0) : 0;
}

}  // namespace posthorn::store::sqlite
