#include "store/sqlite/people_tables.hpp"

#include <fmt/format.h>

#include "base/id.hpp"
#include "store/sqlite/stored_value.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace json = boost::json;

constexpr std::string_view member_columns = "id,company,email,name,role,password,notices,created_at,last_login_at";
constexpr std::string_view invitation_columns =
    "id,company,email,role,invited_by,token_digest,created_at,expires_at,accepted_at,mailed";
constexpr std::string_view session_columns = "token_digest,member,created_at,expires_at";
constexpr std::string_view mail_columns = "subject,member,free_again_at,day_began_at,sent";
constexpr std::string_view address_columns = "member,digest,expires_at";
constexpr std::string_view token_columns = "token_digest,purpose,member,created_at,expires_at";

model::member read_member(const statement& from) {
  model::member one;
  one.id = from.integer(0);
  one.company = from.integer(1);
  one.email = from.text(2);
  one.name = from.text(3);
  one.role = stored_name(model::member_role_from(from.text(4)), {"member", one.id}, "role", from.text(4));
  one.password = from.text(5);
  one.notices = from.integer(6) != 0;
  one.created_at = from.integer(7);
  one.last_login_at = from.integer(8);
  return one;
}

model::invitation read_invitation(const statement& from) {
  model::invitation one;
  one.id = from.integer(0);
  one.company = from.integer(1);
  one.email = from.text(2);
  one.role = stored_name(model::member_role_from(from.text(3)), {"invitation", one.id}, "role", from.text(3));
  one.invited_by = from.integer(4);
  one.token_digest = from.text(5);
  one.created_at = from.integer(6);
  one.expires_at = from.integer(7);
  one.accepted_at = from.integer(8);
  one.mailed = from.integer(9) != 0;
  return one;
}

model::console_session read_session(const statement& from) {
  return {std::string(from.text(0)), from.integer(1), from.integer(2), from.integer(3)};
}

mail_record read_mail_record(const statement& from) {
  return {std::string(from.text(0)), from.integer(1), from.integer(2), from.integer(3),
          static_cast<std::int32_t>(from.integer(4))};
}

model::known_address read_address(const statement& from) {
  return {from.integer(0), std::string(from.text(1)), from.integer(2)};
}

model::one_time_token read_token(const statement& from) {
  std::optional<model::token_purpose> purpose;
  for (const auto each : {model::token_purpose::setup, model::token_purpose::reset}) {
    if (from.text(1) == model::to_string(each)) purpose = each;
  }
  return {std::string(from.text(0)), stored_name(purpose, {"one_time_token", from.integer(2)}, "purpose", from.text(1)),
          from.integer(2), from.integer(3), from.integer(4)};
}

json::object told(const model::member& of) {
  return {{"email", of.email}, {"name", of.name}, {"role", model::to_string(of.role)}, {"notices", of.notices}};
}

json::object told(const model::invitation& of) { return {{"email", of.email}, {"role", model::to_string(of.role)}}; }

template <class Row>
json::object told_if(const std::optional<Row>& row) {
  return row ? told(*row) : json::object();
}

std::string select(std::string_view columns, std::string_view rest) {
  return fmt::format("SELECT {} FROM {}", columns, rest);
}

void bind_id(statement& to, std::int64_t id) { id == 0 ? to.bind_null(1) : to.bind(1, id); }

}  // namespace

bool people_tables::row(statement& of) {
  const int code = of.step();
  if (code != SQLITE_ROW && code != SQLITE_DONE && failure_ == SQLITE_OK) failure_ = code;
  return code == SQLITE_ROW;
}

void people_tables::run(statement& what) {
  if (const int code = what.run(); code != SQLITE_OK && failure_ == SQLITE_OK) failure_ = code;
}

template <class Read>
auto people_tables::one_of(statement& query, Read read) -> std::optional<decltype(read(query))> {
  if (!row(query)) return std::nullopt;
  return read(query);
}

template <class Read>
auto people_tables::all_of(statement& query, Read read) -> std::vector<decltype(read(query))> {
  std::vector<decltype(read(query))> all;
  while (row(query)) all.push_back(read(query));
  return all;
}

void people_tables::tell(const std::string& object, const json::object& before, const json::object& after) {
  if (!telling_ || told_) return;
  told_ = true;
  change_ = before == after ? audited_change{object, {}, {}} : change_of(object, before, after);
}

std::optional<model::member> people_tables::find_member(model::member_id id) {
  statement query(on_, select(member_columns, "member WHERE id=?1"));
  query.bind(1, id);
  return one_of(query, read_member);
}

std::vector<model::member> people_tables::find_members(std::string_view email) {
  statement query(on_, select(member_columns, "member WHERE email=?1 ORDER BY id"));
  query.bind_text(1, email);
  return all_of(query, read_member);
}

std::vector<model::member> people_tables::members_of(model::company_id company) {
  statement query(on_, select(member_columns, "member WHERE company=?1 ORDER BY id"));
  query.bind(1, company);
  return all_of(query, read_member);
}

bool people_tables::has_members() {
  statement query(on_, "SELECT 1 FROM member LIMIT 1");
  return row(query);
}

void people_tables::put(model::member& one) {
  const auto before = telling_ && one.id != 0 ? find_member(one.id) : std::nullopt;
  statement write(on_,
                  fmt::format("INSERT INTO member({}) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT(id) DO UPDATE "
                              "SET email=?3,name=?4,role=?5,password=?6,notices=?7,last_login_at=?9",
                              member_columns));
  bind_id(write, one.id);
  write.bind(2, one.company)
      .bind_text(3, one.email)
      .bind_text(4, one.name)
      .bind_text(5, model::to_string(one.role))
      .bind_text(6, one.password)
      .bind(7, one.notices ? 1 : 0)
      .bind(8, one.created_at)
      .bind(9, one.last_login_at);
  run(write);
  if (one.id == 0) one.id = sqlite3_last_insert_rowid(on_.handle());
  json::object after = told(one);
  if (before && before->password != one.password) after["password_changed"] = true;
  tell(base::format_id(base::member_prefix, one.id), told_if(before), after);
}

void people_tables::erase_member(model::member_id id) {
  if (telling_) tell(base::format_id(base::member_prefix, id), told_if(find_member(id)), {});
  for (const char* sql : {"DELETE FROM member WHERE id=?1", "DELETE FROM console_session WHERE member=?1",
                          "DELETE FROM one_time_token WHERE member=?1", "DELETE FROM known_address WHERE member=?1",
                          "DELETE FROM mail_history WHERE member=?1"}) {
    statement erase(on_, sql);
    erase.bind(1, id);
    run(erase);
  }
}

std::optional<model::invitation> people_tables::find_invitation(model::invitation_id id) {
  statement query(on_, select(invitation_columns, "invitation WHERE id=?1"));
  query.bind(1, id);
  return one_of(query, read_invitation);
}

std::optional<model::invitation> people_tables::find_invitation_of(std::string_view token_digest) {
  statement query(on_, select(invitation_columns, "invitation WHERE token_digest=?1"));
  query.bind_blob(1, token_digest);
  return one_of(query, read_invitation);
}

std::vector<model::invitation> people_tables::invitations_of(model::company_id company) {
  statement query(on_, select(invitation_columns, "invitation WHERE company=?1 ORDER BY id"));
  query.bind(1, company);
  return all_of(query, read_invitation);
}

void people_tables::put(model::invitation& one) {
  const auto before = telling_ && one.id != 0 ? find_invitation(one.id) : std::nullopt;
  statement write(on_,
                  fmt::format("INSERT INTO invitation({}) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT(id) DO "
                              "UPDATE SET role=?4,token_digest=?6,expires_at=?8,accepted_at=?9,mailed=?10",
                              invitation_columns));
  bind_id(write, one.id);
  write.bind(2, one.company)
      .bind_text(3, one.email)
      .bind_text(4, model::to_string(one.role))
      .bind(5, one.invited_by)
      .bind_blob(6, one.token_digest)
      .bind(7, one.created_at)
      .bind(8, one.expires_at)
      .bind(9, one.accepted_at)
      .bind(10, one.mailed ? 1 : 0);
  run(write);
  if (one.id == 0) one.id = sqlite3_last_insert_rowid(on_.handle());
  tell(base::format_id(base::invitation_prefix, one.id), told_if(before), told(one));
}

void people_tables::erase_invitation(model::invitation_id id) {
  if (telling_) tell(base::format_id(base::invitation_prefix, id), told_if(find_invitation(id)), {});
  statement erase(on_, "DELETE FROM invitation WHERE id=?1");
  erase.bind(1, id);
  run(erase);
}

std::vector<model::console_session> people_tables::sessions_of(model::member_id member) {
  statement query(on_, select(session_columns, "console_session WHERE member=?1 ORDER BY created_at"));
  query.bind(1, member);
  return all_of(query, read_session);
}

void people_tables::put(const model::console_session& one) {
  statement write(on_, fmt::format("INSERT OR REPLACE INTO console_session({}) VALUES(?1,?2,?3,?4)", session_columns));
  write.bind_blob(1, one.token_digest).bind(2, one.member).bind(3, one.created_at).bind(4, one.expires_at);
  run(write);
}

void people_tables::erase_session(std::string_view token_digest) {
  statement erase(on_, "DELETE FROM console_session WHERE token_digest=?1");
  erase.bind_blob(1, token_digest);
  run(erase);
}

std::vector<model::known_address> people_tables::known_addresses_of(model::member_id member) {
  statement query(on_, select(address_columns, "known_address WHERE member=?1 ORDER BY expires_at,digest"));
  query.bind(1, member);
  return all_of(query, read_address);
}

void people_tables::put(const model::known_address& one) {
  statement write(on_, fmt::format("INSERT OR REPLACE INTO known_address({}) VALUES(?1,?2,?3)", address_columns));
  write.bind(1, one.member).bind_blob(2, one.digest).bind(3, one.expires_at);
  run(write);
}

void people_tables::erase_known_address(model::member_id member, std::string_view digest) {
  statement erase(on_, "DELETE FROM known_address WHERE member=?1 AND digest=?2");
  erase.bind(1, member).bind_blob(2, digest);
  run(erase);
}

std::optional<model::one_time_token> people_tables::find_token(std::string_view token_digest) {
  statement query(on_, select(token_columns, "one_time_token WHERE token_digest=?1"));
  query.bind_blob(1, token_digest);
  return one_of(query, read_token);
}

std::optional<model::one_time_token> people_tables::latest_token(model::token_purpose purpose,
                                                                 model::member_id member) {
  statement query(
      on_, select(token_columns, "one_time_token WHERE member=?1 AND purpose=?2 ORDER BY created_at DESC LIMIT 1"));
  query.bind(1, member).bind_text(2, model::to_string(purpose));
  return one_of(query, read_token);
}

void people_tables::put(const model::one_time_token& one) {
  statement write(on_, fmt::format("INSERT OR REPLACE INTO one_time_token({}) VALUES(?1,?2,?3,?4,?5)", token_columns));
  write.bind_blob(1, one.token_digest)
      .bind_text(2, model::to_string(one.purpose))
      .bind(3, one.member)
      .bind(4, one.created_at)
      .bind(5, one.expires_at);
  run(write);
}

void people_tables::erase_tokens(model::token_purpose purpose, model::member_id member) {
  statement erase(on_, "DELETE FROM one_time_token WHERE member=?1 AND purpose=?2");
  erase.bind(1, member).bind_text(2, model::to_string(purpose));
  run(erase);
}

void people_tables::put(const told_notice& one) {
  statement write(on_, "INSERT OR REPLACE INTO endpoint_notice(endpoint,state,at) VALUES(?1,?2,?3)");
  write.bind(1, one.endpoint).bind_text(2, model::to_string(one.state)).bind(3, one.at);
  run(write);
  statement erase(
      on_, "DELETE FROM endpoint_notice WHERE endpoint NOT IN (SELECT id FROM endpoint WHERE deleted_at IS NULL)");
  run(erase);
}

std::vector<told_notice> people_tables::told_notices() {
  statement query(on_, "SELECT endpoint,state,at FROM endpoint_notice");
  return all_of(query, [](const statement& from) {
    return told_notice{.endpoint = from.integer(0),
                       .state = stored_name(model::endpoint_state_from(from.text(1)),
                                            {"endpoint_notice", from.integer(0)}, "state", from.text(1)),
                       .at = from.integer(2)};
  });
}

std::optional<mail_record> people_tables::find_mail_record(std::string_view subject) {
  statement query(on_, select(mail_columns, "mail_history WHERE subject=?1"));
  query.bind_text(1, subject);
  return one_of(query, read_mail_record);
}

void people_tables::put(const mail_record& one) {
  statement write(on_, fmt::format("INSERT OR REPLACE INTO mail_history({}) VALUES(?1,?2,?3,?4,?5)", mail_columns));
  write.bind_text(1, one.subject).bind(2, one.member).bind(3, one.free_again_at);
  write.bind(4, one.day_began_at).bind(5, one.sent);
  run(write);
}

std::vector<mail_record> people_tables::mail_records(std::string_view prefix) {
  statement query(on_, select(mail_columns, "mail_history WHERE substr(subject,1,length(?1))=?1"));
  query.bind_text(1, prefix);
  return all_of(query, read_mail_record);
}

void people_tables::erase_expired(base::epoch_ms now) {
  for (const char* sql : {"DELETE FROM console_session WHERE expires_at<=?1",
                          "DELETE FROM one_time_token WHERE expires_at<=?1 AND member>0",
                          "DELETE FROM known_address WHERE expires_at<=?1",
                          "DELETE FROM mail_history WHERE day_began_at<=?1-86400000 AND free_again_at<=?1"}) {
    statement erase(on_, sql);
    erase.bind(1, now);
    run(erase);
  }
}

std::vector<model::console_session> people_tables::live_sessions(base::epoch_ms now) {
  statement query(on_, select(session_columns, "console_session WHERE expires_at>?1"));
  query.bind(1, now);
  return all_of(query, read_session);
}

std::vector<model::known_address> people_tables::known_addresses(base::epoch_ms now) {
  statement query(on_, select(address_columns, "known_address WHERE expires_at>?1"));
  query.bind(1, now);
  return all_of(query, read_address);
}

}  // namespace posthorn::store::sqlite
