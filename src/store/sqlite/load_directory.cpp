#include "store/sqlite/load_directory.hpp"

#include <fmt/format.h>

#include <map>

#include "base/boundary.hpp"
#include "base/digest.hpp"
#include "store/sqlite/config_rows.hpp"
#include "store/sqlite/event_type_table.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::string_view doing = "loading the configuration";

class loader {
 public:
  loader(connection& on, const secret_box& secrets, base::epoch_ms now_wall, const directory* before)
      : on_(on), secrets_(secrets), now_wall_(now_wall), before_(before) {}

  base::result<directory> load() {
    for (const auto part : {&loader::load_companies, &loader::load_deployments, &loader::load_integrations,
                            &loader::load_keys, &loader::load_endpoints, &loader::load_types}) {
      if (auto done = (this->*part)(); !done) return std::unexpected(std::move(done.error()));
    }
    return finish();
  }

 private:
  // Calls `take` for each row of `sql`; its first error ends the walk.
  template <class Take>
  base::result<void> each(std::string_view sql, Take take) {
    statement query(on_, sql);
    while (true) {
      const auto more = next_row(on_, query, doing);
      if (!more) return std::unexpected(more.error());
      if (!*more) return {};
      if (base::result<void> taken = take(query); !taken) return taken;
    }
  }

  base::result<void> load_companies() {
    auto admin = each("SELECT value FROM meta WHERE key='admin_token_digest'", [this](const statement& row) {
      made_.admin_token_digest = std::string(row.text(0));
      return base::result<void>();
    });
    if (!admin) return admin;
    return each("SELECT id,name,created_at FROM company", [this](const statement& row) {
      made_.companies[row.integer(0)] = {row.integer(0), std::string(row.text(1)), row.integer(2)};
      return base::result<void>();
    });
  }

  base::result<void> load_deployments() {
    return each(fmt::format("SELECT {} FROM deployment WHERE deleted_at IS NULL", deployment_columns),
                [this](const statement& row) -> base::result<void> {
                  auto read = read_deployment(row);
                  if (!read) return std::unexpected(std::move(read.error()));
                  made_.deployments[read->id] = std::move(*read);
                  return {};
                });
  }

  base::result<void> load_integrations() {
    return each(fmt::format("SELECT {} FROM integration WHERE deployment IN "
                            "(SELECT id FROM deployment WHERE deleted_at IS NULL)",
                            integration_columns),
                [this](const statement& row) -> base::result<void> {
                  auto read = read_integration(row);
                  if (!read) return std::unexpected(std::move(read.error()));
                  entries_[read->number].value = std::move(*read);
                  return {};
                });
  }

  base::result<void> load_keys() {
    // 'signing' sorts after 'retiring': the signing key comes first.
    return each(fmt::format("SELECT {} FROM api_key ORDER BY integration,state DESC", api_key_columns),
                [this](const statement& row) -> base::result<void> {
                  auto read = read_api_key(row, secrets_);
                  if (!read) return std::unexpected(read.error());
                  if (read->state == model::key_state::retiring && read->expires_at <= now_wall_) return {};
                  made_.by_key_digest[base::sha256(read->text)] = read->integration;
                  entries_[read->integration].keys.push_back(std::move(*read));
                  return {};
                });
  }

  base::result<void> load_endpoints() {
    return each(fmt::format("SELECT {} FROM endpoint WHERE deleted_at IS NULL ORDER BY id", endpoint_columns),
                [this](const statement& row) -> base::result<void> {
                  auto read = read_endpoint_row(row, secrets_);
                  if (!read) return std::unexpected(std::move(read.error()));
                  const auto shared = std::make_shared<const model::endpoint>(std::move(*read));
                  made_.endpoints[shared->id] = shared;
                  entries_[shared->integration].endpoints.push_back(shared);
                  return {};
                });
  }

  base::result<void> load_types() {
    auto loaded = load_event_types(on_, before_ == nullptr ? nullptr : &before_->event_types);
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    made_.event_types = *std::move(loaded);
    return {};
  }

  directory finish() {
    for (auto& [number, entry] : entries_) {
      const auto types = made_.event_types.find(entry.value.company);
      if (types != made_.event_types.end()) entry.event_types = types->second;
      made_.by_integration_id[entry.value.integration_id] = number;
      made_.integrations[number] = std::make_shared<const integration_entry>(std::move(entry));
    }
    return std::move(made_);
  }

  connection& on_;
  const secret_box& secrets_;
  base::epoch_ms now_wall_;
  const directory* before_;
  directory made_;
  std::map<model::integration_no, integration_entry> entries_;
};

}  // namespace

base::result<directory> load_directory(connection& on, const secret_box& secrets, base::epoch_ms now_wall,
                                       const directory* before) {
  return base::contain("loading the configuration", {}, [&] { return loader(on, secrets, now_wall, before).load(); });
}

}  // namespace posthorn::store::sqlite
