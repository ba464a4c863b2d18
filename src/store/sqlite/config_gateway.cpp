#include "store/sqlite/config_gateway.hpp"

#include <boost/json.hpp>
#include <optional>

#include "base/id.hpp"
#include "base/json.hpp"
#include "store/sqlite/assessment_json.hpp"
#include "store/sqlite/config_tables.hpp"
#include "store/sqlite/endpoint_table.hpp"
#include "store/sqlite/event_type_table.hpp"
#include "store/sqlite/news.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace json = boost::json;

// Runs `change(context)` as a unit of work; the directory is read anew after it.
template <class Change>
auto committed(writer& to, Change change) -> std::invoke_result_t<Change, unit_context&> {
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

void tell(unit_context& context, std::string object, const json::object& before, const json::object& after) {
  context.change = change_of(std::move(object), before, after);
}

json::object told(const made_deployment& of) {
  return {{"name", of.value.name},
          {"company_id", base::format_id(base::company_prefix, of.value.company)},
          {"preset", model::to_string(of.value.default_preset)},
          {"test", of.test.value.integration_id},
          {"production", of.production.value.integration_id}};
}

json::object told(const model::integration& of) {
  json::object settings = base::own_json(settings_json(of.assessment)).as_object();
  settings["retention_days"] = of.retention_days;
  settings["validate_events"] = of.validate_events;
  return settings;
}

json::object told(const model::event_type& of) {
  const auto document = [](const std::string& text) {
    return text.empty() ? json::value(nullptr) : base::own_json(text);
  };
  return {{"description", of.description}, {"schema", document(of.schema)}, {"example", document(of.example)}};
}

}  // namespace

base::result<model::company> config_gateway::create_company(std::string name) {
  return committed(writer_, [&](unit_context& context) {
    auto made = config_tables(context.on, secrets_, ids_of(context), context.group.wall).create_company(name);
    if (made) tell(context, base::format_id(base::company_prefix, made->id), {}, {{"name", name}});
    return made;
  });
}

base::result<void> config_gateway::set_admin_token_digest(std::string digest) {
  return committed(writer_, [&](unit_context& context) {
    return config_tables(context.on, secrets_, ids_of(context), context.group.wall).set_admin_token_digest(digest);
  });
}

base::result<made_deployment> config_gateway::create_deployment(model::company_id company, std::string name,
                                                                model::preset preset) {
  return committed(writer_, [&](unit_context& context) {
    auto made = config_tables(context.on, secrets_, ids_of(context), context.group.wall)
                    .create_deployment(company, name, preset);
    if (made) tell(context, base::format_id(base::deployment_prefix, made->value.id), {}, told(*made));
    return made;
  });
}

base::result<model::deployment> config_gateway::rename_deployment(model::deployment_id id, std::string name) {
  return committed(writer_, [&](unit_context& context) {
    config_tables tables(context.on, secrets_, ids_of(context), context.group.wall);
    const auto before = tables.find_deployment(id);
    auto renamed = tables.rename_deployment(id, name);
    if (before && renamed) tell(context, {}, {{"name", before->name}}, {{"name", name}});
    return renamed;
  });
}

base::result<void> config_gateway::delete_deployment(model::deployment_id id) {
  return committed(writer_, [&](unit_context& context) {
    config_tables tables(context.on, secrets_, ids_of(context), context.group.wall);
    const auto before = tables.find_deployment(id);
    auto gone = tables.delete_deployment(id);
    if (before && gone) tell(context, {}, {{"name", before->name}}, {});
    return gone;
  });
}

base::result<model::integration> config_gateway::update_integration(model::integration_no integration,
                                                                    const integration_change& change) {
  return committed(writer_, [&](unit_context& context) {
    config_tables tables(context.on, secrets_, ids_of(context), context.group.wall);
    const auto before = tables.find_integration(integration);
    auto after = tables.update_integration(integration, change);
    if (before && after) context.change = difference(told(*before), told(*after));
    return after;
  });
}

base::result<model::event_type> config_gateway::put_event_type(model::event_type wanted) {
  return committed(writer_, [&](unit_context& context) {
    const std::int64_t id = context.group.ids.take(1, context.group.wall);
    event_type_table types(context.on, context.group.wall);
    const auto before = types.find(wanted.company, wanted.name);
    auto made = types.put(id, wanted);
    if (made) tell(context, wanted.name, before ? told(*before) : json::object{}, told(*made));
    return made;
  });
}

base::result<void> config_gateway::delete_event_type(model::company_id company, std::string name) {
  return committed(writer_, [&](unit_context& context) {
    event_type_table types(context.on, context.group.wall);
    const auto before = types.find(company, name);
    auto gone = types.erase(company, name);
    if (before && gone) tell(context, name, told(*before), {});
    return gone;
  });
}

base::result<model::api_key> config_gateway::rotate_key(model::integration_no integration, int overlap_s) {
  return committed(writer_, [&](unit_context& context) {
    auto made =
        config_tables(context.on, secrets_, ids_of(context), context.group.wall).rotate_key(integration, overlap_s);
    if (made) {
      const std::string key = base::format_id(base::key_prefix, made->id);
      tell(context, key, {}, {{"signing_key", key}, {"overlap_s", overlap_s}});
    }
    return made;
  });
}

base::result<model::endpoint> config_gateway::create_endpoint(model::endpoint wanted) {
  return committed(writer_, [&](unit_context& context) {
    const model::endpoint_id id = context.group.ids.take(1, context.group.wall);
    auto created = endpoint_table(context.on, secrets_, context.group.wall).create(id, wanted);
    if (created) context.change = made(*created);
    return created;
  });
}

base::result<model::endpoint> config_gateway::update_endpoint(model::endpoint_id id, endpoint_change change) {
  return committed(writer_, [&](unit_context& context) {
    endpoint_table endpoints(context.on, secrets_, context.group.wall);
    const auto before = endpoints.find(id);
    auto after = endpoints.update(id, change);
    if (before && after) context.change = changed(*before, *after);
    return after;
  });
}

base::result<model::endpoint> config_gateway::set_endpoint_state(model::endpoint_id id, model::endpoint_state state,
                                                                 std::string reason) {
  return committed(writer_, [&](unit_context& context) {
    endpoint_table endpoints(context.on, secrets_, context.group.wall);
    const auto before = endpoints.find(id);
    if (!before) return before;
    auto after = endpoints.set_state(id, state, reason);
    if (after) {
      context.effects.emplace_back(
          [&group = context.group, was = before->state, now = *after] { announce_word(group, was, now); });
      context.change = changed(*before, *after);
    }
    return after;
  });
}

base::result<void> config_gateway::delete_endpoint(model::endpoint_id id) {
  return committed(writer_, [&](unit_context& context) {
    endpoint_table endpoints(context.on, secrets_, context.group.wall);
    const auto before = endpoints.find(id);
    auto gone = endpoints.bury(id);
    if (before && gone) context.change = removed(*before);
    return gone;
  });
}

base::result<void> config_gateway::retry_delivery(model::delivery_id id) {
  return writer_.run([id](unit_context& context) { return context.deliveries.retry(context.group, id); });
}

base::result<void> config_gateway::cancel_delivery(model::delivery_id id) {
  return writer_.run([id](unit_context& context) { return context.deliveries.cancel(context.group, id); });
}

}  // namespace posthorn::store::sqlite
