#include "certificate/certificate_service.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "certificate/certificate_document.hpp"
#include "certificate/certificate_rules.hpp"
#include "store/decided.hpp"

namespace posthorn::certificate {
namespace {

namespace limits = base::limits;
using base::fault;
using store::certificate_changes;

void apply(model::certificate_rule& to, const rule_settings& settings) {
  if (settings.name) to.name = *settings.name;
  if (settings.description) to.description = *settings.description;
  if (settings.owner) to.owner = *settings.owner;
  if (settings.validity_days) to.validity_days = *settings.validity_days;
  if (settings.lessons) to.lessons = *settings.lessons;
}

base::result<model::certificate_rule> rule_or_fault(certificate_changes& in, model::integration_no integration,
                                                    std::string_view id) {
  auto rule = in.find_rule(integration, id);
  if (!rule) return base::fail(fault::not_found, "there is no such certificate rule");
  return *std::move(rule);
}

base::result<model::certificate> certificate_or_fault(certificate_changes& in, model::integration_no integration,
                                                      std::string_view id) {
  auto one = in.find(integration, id);
  if (!one) return base::fail(fault::not_found, "there is no such certificate");
  return *std::move(one);
}

// What `decide` makes, once it is durable.
template <class Made, class Decide>
base::result<Made> changed(store::certificate_store& in, Decide decide) {
  return store::decided<Made, certificate_changes>(
      [&](const auto& decision) { return in.change_certificates(decision); }, std::move(decide));
}

}  // namespace

void certificate_service::emit(certificate_changes& into, const model::certificate& about,
                               std::string_view type) const {
  const store::shared_directory now = directory_.current();
  const auto found = now->integrations.find(about.integration);
  if (found == now->integrations.end()) return;  // its deployment was deleted: nobody is left to tell
  into.emit(events_.address(
      *found->second,
      {.type = std::string(type), .uid = about.user, .payload = document_of(about), .idempotency_key = {}}));
}

base::result<model::certificate_rule> certificate_service::create_rule(model::integration_no integration,
                                                                       const rule_settings& settings) {
  model::certificate_rule rule;
  rule.integration = integration;
  rule.created_at = rule.updated_at = clock_.wall();
  rule.id = model::new_object_id(rule.created_at);
  apply(rule, settings);
  return changed<model::certificate_rule>(
      store_, [&](certificate_changes& in) -> base::result<model::certificate_rule> {
        if (in.count_rules(integration) >= limits::certificate_rules_per_integration_max) {
          return base::fail(fault::conflict,
                            fmt::format("an integration has at most {} certificate rules: delete one first",
                                        limits::certificate_rules_per_integration_max));
        }
        in.put(rule);
        return rule;
      });
}

base::result<model::certificate_rule> certificate_service::change_rule(model::integration_no integration,
                                                                       std::string_view id,
                                                                       const rule_settings& settings) {
  return changed<model::certificate_rule>(store_,
                                          [&](certificate_changes& in) -> base::result<model::certificate_rule> {
                                            auto rule = rule_or_fault(in, integration, id);
                                            if (!rule) return rule;
                                            apply(*rule, settings);
                                            rule->updated_at = clock_.wall();
                                            in.put(*rule);
                                            return rule;
                                          });
}

base::result<void> certificate_service::delete_rule(model::integration_no integration, std::string_view id) {
  return store_.change_certificates([&](certificate_changes& in) -> base::result<void> {
    if (auto rule = rule_or_fault(in, integration, id); !rule) return std::unexpected(std::move(rule.error()));
    in.erase_rule(integration, id);
    return {};
  });
}

base::result<model::certificate> certificate_service::grant(certificate_changes& into,
                                                            const model::certificate_rule& rule, std::string_view user,
                                                            std::string_view owner) const {
  const base::epoch_ms now = clock_.wall();
  auto before = into.find_of(rule.integration, rule.id, user);
  auto made = before ? certificate::renew(*std::move(before), &rule, now)
                     : base::result<model::certificate>(certificate::award(rule, user, owner, now));
  if (!made) return made;
  if (made->id.empty()) made->id = model::new_object_id(now);
  into.put(*made);
  emit(into, *made, completed_type);
  return made;
}

base::result<std::vector<award_outcome>> certificate_service::award(model::integration_no integration,
                                                                    std::string_view rule, std::string_view owner,
                                                                    std::span<const std::string> users) {
  return changed<std::vector<award_outcome>>(store_,
                                             [&](certificate_changes& in) -> base::result<std::vector<award_outcome>> {
                                               auto by = rule_or_fault(in, integration, rule);
                                               if (!by) return std::unexpected(std::move(by.error()));
                                               std::vector<award_outcome> outcomes;
                                               for (const std::string& user : users) {
                                                 auto held = in.find_of(integration, rule, user);
                                                 if (held && held->state == model::certificate_state::valid) {
                                                   outcomes.push_back({*std::move(held), false});
                                                   continue;
                                                 }
                                                 auto made = grant(in, *by, user, owner);
                                                 if (!made) return std::unexpected(std::move(made.error()));
                                                 outcomes.push_back({*std::move(made), true});
                                               }
                                               return outcomes;
                                             });
}

base::result<std::vector<model::certificate>> certificate_service::complete_lesson(model::integration_no integration,
                                                                                   std::string_view user,
                                                                                   std::string_view lesson) {
  return changed<std::vector<model::certificate>>(
      store_, [&](certificate_changes& in) -> base::result<std::vector<model::certificate>> {
        in.complete_lesson(integration, user, lesson, clock_.wall());
        std::vector<model::certificate> awarded;
        for (const model::certificate_rule& rule : in.rules_with(integration, lesson)) {
          std::vector<base::epoch_ms> completed_at;
          completed_at.reserve(rule.lessons.size());
          for (const std::string& each : rule.lessons) {
            completed_at.push_back(in.lesson_completed_at(integration, user, each));
          }
          const auto before = in.find_of(integration, rule.id, user);
          if (!is_earned(completed_at, before ? before->certified_at : 0)) continue;
          auto made = grant(in, rule, user, {});
          if (!made) return std::unexpected(std::move(made.error()));
          awarded.push_back(*std::move(made));
        }
        return awarded;
      });
}

base::result<model::certificate> certificate_service::renew(model::integration_no integration, std::string_view id) {
  return changed<model::certificate>(store_, [&](certificate_changes& in) -> base::result<model::certificate> {
    auto one = certificate_or_fault(in, integration, id);
    if (!one) return one;
    const auto rule = in.find_rule(integration, one->rule);
    auto made = certificate::renew(*std::move(one), rule ? &*rule : nullptr, clock_.wall());
    if (!made) return made;
    in.put(*made);
    emit(in, *made, completed_type);
    return made;
  });
}

base::result<model::certificate> certificate_service::revoke(model::integration_no integration, std::string_view id) {
  return changed<model::certificate>(store_, [&](certificate_changes& in) -> base::result<model::certificate> {
    auto one = certificate_or_fault(in, integration, id);
    if (!one) return one;
    auto made = certificate::revoke(*std::move(one), clock_.wall());
    if (made) in.put(*made);
    return made;
  });
}

base::result<std::size_t> certificate_service::expire_overdue() {
  return changed<std::size_t>(store_, [&](certificate_changes& in) -> base::result<std::size_t> {
    const base::epoch_ms now = clock_.wall();
    const auto over = in.overdue(now, limits::expiries_per_transaction_max);
    for (const model::certificate& each : over) {
      model::certificate ended = certificate::expire(each, now);
      in.put(ended);
      emit(in, ended, expired_type);
    }
    return over.size();
  });
}

}  // namespace posthorn::certificate
