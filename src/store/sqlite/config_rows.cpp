#include "store/sqlite/config_rows.hpp"

#include "store/sqlite/assessment_json.hpp"
#include "store/sqlite/endpoint_json.hpp"

namespace posthorn::store::sqlite {
namespace {

std::unexpected<base::error> unreadable(std::string_view table) {
  return base::fail(base::fault::store_corrupt, "unknown name in table " + std::string(table));
}

std::string text(const statement& from, int column) { return std::string(from.text(column)); }
std::int32_t small(const statement& from, int column) { return static_cast<std::int32_t>(from.integer(column)); }

}  // namespace

base::result<model::deployment> read_deployment(const statement& from) {
  const auto preset = model::preset_from(from.text(3));
  if (!preset) return unreadable("deployment");
  return model::deployment{from.integer(0), from.integer(1), text(from, 2), *preset, from.integer(4)};
}

base::result<model::integration> read_integration(const statement& from) {
  const auto env = model::environment_from(from.text(3));
  if (!env) return unreadable("integration");
  auto assessment = read_assessment(from.text(7));
  if (!assessment) return std::unexpected(std::move(assessment.error()));
  return model::integration{from.integer(0), from.integer(1), from.integer(2),      *env,
                            text(from, 4),   small(from, 5),  from.integer(6) != 0, *std::move(assessment)};
}

base::result<model::api_key> read_api_key(const statement& from, const secret_box& secrets) {
  auto opened = secrets.open(from.text(3), api_key_place(from.integer(0)));
  if (!opened) return std::unexpected(std::move(opened.error()));
  const auto state = from.text(2) == "signing" ? model::key_state::signing : model::key_state::retiring;
  return model::api_key{from.integer(0), from.integer(1), state, std::move(*opened), from.integer(4), from.integer(5)};
}

base::result<model::endpoint> read_endpoint_row(const statement& from, const secret_box& secrets) {
  model::endpoint read;
  read.id = from.integer(0);
  read.integration = from.integer(1);
  const auto opened = secrets.open(from.text(3), endpoint_place(read.id));
  if (!opened) return std::unexpected(opened.error());
  if (auto done = read_endpoint(read, from.text(2), *opened); !done) return std::unexpected(done.error());
  read.config_version = small(from, 4);
  const auto state = model::endpoint_state_from(from.text(5));
  if (!state) return unreadable("endpoint");
  read.state = *state;
  read.state_reason = text(from, 6);
  read.not_before = from.integer(7);
  read.created_at = from.integer(8);
  read.condition = {small(from, 9), from.integer(10), from.integer(11), small(from, 12)};
  return read;
}

}  // namespace posthorn::store::sqlite
