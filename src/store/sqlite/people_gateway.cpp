#include "store/sqlite/people_gateway.hpp"

#include "store/sqlite/people_tables.hpp"

namespace posthorn::store::sqlite {
namespace {

// What `look` finds in the tables as they are.
template <class Look>
auto read_people(read_pool& reads, Look look) -> base::result<decltype(look(std::declval<people_tables&>()))> {
  decltype(look(std::declval<people_tables&>())) found{};
  auto read = read_rows(reads, "reading people", [&](connection& on) {
    people_tables tables(on);
    found = look(tables);
    return tables.failure() == SQLITE_OK ? SQLITE_DONE : tables.failure();
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return found;
}

}  // namespace

base::result<void> people_gateway::change_people(const decision& decide) {
  const bool telling = acting::current() != nullptr;
  return writer_.run([&](unit_context& context) -> base::result<void> {
    people_tables tables(context.on, telling);
    auto decided = decide(tables);
    if (tables.failure() != SQLITE_OK) return context.on.failed("changing people", tables.failure());
    context.change = tables.change();
    return decided;
  });
}

base::result<std::optional<model::member>> people_gateway::find_member(model::member_id id) {
  return read_people(reads_, [id](people_tables& in) { return in.find_member(id); });
}

base::result<std::vector<model::member>> people_gateway::find_members(std::string_view email) {
  return read_people(reads_, [email](people_tables& in) { return in.find_members(email); });
}

base::result<std::vector<model::member>> people_gateway::members_of(model::company_id company) {
  return read_people(reads_, [company](people_tables& in) { return in.members_of(company); });
}

base::result<std::vector<model::invitation>> people_gateway::invitations_of(model::company_id company) {
  return read_people(reads_, [company](people_tables& in) { return in.invitations_of(company); });
}

base::result<std::optional<model::invitation>> people_gateway::find_invitation_of(std::string_view token_digest) {
  return read_people(reads_, [token_digest](people_tables& in) { return in.find_invitation_of(token_digest); });
}

base::result<std::optional<model::one_time_token>> people_gateway::find_token(std::string_view token_digest) {
  return read_people(reads_, [token_digest](people_tables& in) { return in.find_token(token_digest); });
}

base::result<std::vector<told_notice>> people_gateway::told_notices() {
  return read_people(reads_, [](people_tables& in) { return in.told_notices(); });
}

base::result<std::vector<model::console_session>> people_gateway::live_sessions(base::epoch_ms now) {
  return read_people(reads_, [now](people_tables& in) { return in.live_sessions(now); });
}

base::result<std::vector<mail_record>> people_gateway::mail_records(std::string_view prefix) {
  return read_people(reads_, [prefix](people_tables& in) { return in.mail_records(prefix); });
}

base::result<std::vector<model::known_address>> people_gateway::known_addresses(base::epoch_ms now) {
  return read_people(reads_, [now](people_tables& in) { return in.known_addresses(now); });
}

}  // namespace posthorn::store::sqlite
