#include "store/sqlite/config_rows.hpp"

#include <fmt/format.h>

#include <optional>

#include "store/sqlite/assessment_json.hpp"
#include "store/sqlite/endpoint_json.hpp"
#include "store/sqlite/stored_value.hpp"

namespace posthorn::store::sqlite {
namespace {

std::unexpected<base::error> named(const row_name& row, base::error why) {
  why.detail = fmt::format("table {}, row {}: {}", row.table, row.number, why.detail);
  return std::unexpected(std::move(why));
}

std::string text(const statement& from, int column) { return std::string(from.text(column)); }
std::int32_t small(const statement& from, int column) { return static_cast<std::int32_t>(from.integer(column)); }

}  // namespace

base::result<model::deployment> read_deployment(const statement& from) {
  const auto preset =
      stored_name(model::preset_from(from.text(3)), {"deployment", from.integer(0)}, "preset", from.text(3));
  return model::deployment{from.integer(0), from.integer(1), text(from, 2), preset, from.integer(4)};
}

base::result<model::integration> read_integration(const statement& from) {
  const row_name row{"integration", from.integer(0)};
  const auto env = stored_name(model::environment_from(from.text(3)), row, "environment", from.text(3));
  auto assessment = read_assessment(from.text(7));
  if (!assessment) return named(row, std::move(assessment.error()));
  return model::integration{from.integer(0), from.integer(1), from.integer(2),      env,
                            text(from, 4),   small(from, 5),  from.integer(6) != 0, *std::move(assessment)};
}

base::result<model::api_key> read_api_key(const statement& from, const secret_box& secrets) {
  auto opened = secrets.open(from.text(3), api_key_place(from.integer(0)));
  if (!opened) return std::unexpected(std::move(opened.error()));
  std::optional<model::key_state> state;
  if (from.text(2) == "signing") state = model::key_state::signing;
  if (from.text(2) == "retiring") state = model::key_state::retiring;
  const auto known = stored_name(state, {"api_key", from.integer(0)}, "state", from.text(2));
  return model::api_key{from.integer(0), from.integer(1), known, std::move(*opened), from.integer(4), from.integer(5)};
}

base::result<model::endpoint> read_endpoint_row(const statement& from, const secret_box& secrets) {
  model::endpoint read;
  read.id = from.integer(0);
  read.integration = from.integer(1);
  const auto opened = secrets.open(from.text(3), endpoint_place(read.id));
  if (!opened) return std::unexpected(opened.error());
  const row_name row{"endpoint", read.id};
  if (auto done = read_endpoint(read, from.text(2), *opened); !done) return named(row, std::move(done.error()));
  read.config_version = small(from, 4);
  read.state = stored_name(model::endpoint_state_from(from.text(5)), row, "state", from.text(5));
  read.state_reason = text(from, 6);
  read.not_before = from.integer(7);
  read.created_at = from.integer(8);
  read.condition = {small(from, 9), from.integer(10), from.integer(11), small(from, 12)};
  return read;
}

}  // namespace posthorn::store::sqlite
