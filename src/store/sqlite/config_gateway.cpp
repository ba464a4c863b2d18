#include "store/sqlite/config_gateway.hpp"

#include <optional>

#include "store/sqlite/config_tables.hpp"
#include "store/sqlite/endpoint_table.hpp"
#include "store/sqlite/news.hpp"

namespace posthorn::store::sqlite {
namespace {

// Runs `change(context)` as a unit of work; the directory is read anew after it.
template <class Change>
auto changed(writer& to, Change change) -> std::invoke_result_t<Change, unit_context&> {
  using outcome = std::invoke_result_t<Change, unit_context&>;
  std::optional<outcome> made;
  auto done = to.run([&](unit_context& context) -> base::result<void> {
    made = change(context);
    if (!*made) return std::unexpected(made->error());
    context.group.configuration_changed = true;
    return {};
  });
  // The unit may have passed and its commit failed.
  if (!done) return std::unexpected(std::move(done.error()));
  return std::move(*made);
}

id_source_call ids_of(unit_context& context) {
  return [&group = context.group] { return group.ids.take(1, group.wall); };
}

}  // namespace

base::result<model::company> config_gateway::create_company(std::string name) {
  return changed(writer_, [&](unit_context& context) {
    return config_tables(context.on, secrets_, ids_of(context), context.group.wall).create_company(name);
  });
}

base::result<void> config_gateway::set_admin_token_digest(std::string digest) {
  return changed(writer_, [&](unit_context& context) {
    return config_tables(context.on, secrets_, ids_of(context), context.group.wall).set_admin_token_digest(digest);
  });
}

base::result<made_deployment> config_gateway::create_deployment(model::company_id company, std::string name,
                                                                model::preset preset) {
  return changed(writer_, [&](unit_context& context) {
    return config_tables(context.on, secrets_, ids_of(context), context.group.wall)
        .create_deployment(company, name, preset);
  });
}

base::result<model::deployment> config_gateway::rename_deployment(model::deployment_id id, std::string name) {
  return changed(writer_, [&](unit_context& context) {
    return config_tables(context.on, secrets_, ids_of(context), context.group.wall).rename_deployment(id, name);
  });
}

base::result<void> config_gateway::delete_deployment(model::deployment_id id) {
  return changed(writer_, [&](unit_context& context) {
    return config_tables(context.on, secrets_, ids_of(context), context.group.wall).delete_deployment(id);
  });
}

base::result<model::integration> config_gateway::set_retention(model::integration_no integration, int days) {
  return changed(writer_, [&](unit_context& context) {
    return config_tables(context.on, secrets_, ids_of(context), context.group.wall).set_retention(integration, days);
  });
}

base::result<model::api_key> config_gateway::rotate_key(model::integration_no integration, int overlap_s) {
  return changed(writer_, [&](unit_context& context) {
    return config_tables(context.on, secrets_, ids_of(context), context.group.wall).rotate_key(integration, overlap_s);
  });
}

base::result<model::endpoint> config_gateway::create_endpoint(model::endpoint wanted) {
  return changed(writer_, [&](unit_context& context) {
    const model::endpoint_id id = context.group.ids.take(1, context.group.wall);
    return endpoint_table(context.on, secrets_, context.group.wall).create(id, wanted);
  });
}

base::result<model::endpoint> config_gateway::update_endpoint(model::endpoint_id id, endpoint_change change) {
  return changed(writer_, [&](unit_context& context) {
    return endpoint_table(context.on, secrets_, context.group.wall).update(id, change);
  });
}

base::result<model::endpoint> config_gateway::set_endpoint_state(model::endpoint_id id, model::endpoint_state state,
                                                                 std::string reason) {
  return changed(writer_, [&](unit_context& context) {
    endpoint_table table(context.on, secrets_, context.group.wall);
    const auto before = table.find(id);
    if (!before) return before;
    auto after = table.set_state(id, state, reason);
    if (after) announce_word(context.group, before->state, *after);
    return after;
  });
}

base::result<void> config_gateway::delete_endpoint(model::endpoint_id id) {
  return changed(writer_, [&](unit_context& context) {
    return endpoint_table(context.on, secrets_, context.group.wall).bury(id);
  });
}

base::result<void> config_gateway::retry_delivery(model::delivery_id id) {
  return writer_.run([id](unit_context& context) { return context.deliveries.retry(context.group, id); });
}

base::result<void> config_gateway::cancel_delivery(model::delivery_id id) {
  return writer_.run([id](unit_context& context) { return context.deliveries.cancel(context.group, id); });
}

}  // namespace posthorn::store::sqlite
