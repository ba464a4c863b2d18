// The event-type catalogue.
#include "base/limits.hpp"
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using base::fault;

class event_type_conformance : public store_conformance {
 protected:
  void SetUp() override {
    store_conformance::SetUp();
    company_ = store_.directory->current()->companies.begin()->first;
  }

  base::result<model::event_type> put(const std::string& name, const std::string& schema = "true") {
    model::event_type wanted;
    wanted.company = company_;
    wanted.name = name;
    wanted.description = "of " + name;
    wanted.schema = schema;
    wanted.example = "{}";
    return store_.config->put_event_type(wanted);
  }

  store::shared_event_type find(const std::string& name) {
    return store::find_event_type(store_.directory->current()->event_types, company_, name);
  }

  model::company_id company_ = 0;
};

TEST_P(event_type_conformance, keeps_what_is_put_across_a_restart) {
  const auto made = put("order.paid");
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_GT(made->id, 0);
  EXPECT_EQ(made->version, 1);
  EXPECT_EQ(made->created_at, clock_.wall());
  reopen();
  const auto kept = find("order.paid");
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(kept->id, made->id);
  EXPECT_EQ(kept->description, "of order.paid");
  EXPECT_EQ(kept->schema, "true");
  EXPECT_EQ(kept->example, "{}");
  EXPECT_EQ(kept->created_at, made->created_at);
}

TEST_P(event_type_conformance, replaces_whole_and_counts_versions) {
  const auto first = put("order.paid");
  ASSERT_TRUE(put("order.sent"));
  const auto other = find("order.sent");
  clock_.advance(1000);
  const auto second = put("order.paid", "false");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->id, first->id);
  EXPECT_EQ(second->version, 2);
  EXPECT_EQ(second->created_at, first->created_at);
  EXPECT_EQ(second->changed_at, first->changed_at + 1000);
  EXPECT_EQ(find("order.paid")->schema, "false");
  EXPECT_EQ(find("order.sent"), other) << "what has not changed is shared with the snapshot before";
}

TEST_P(event_type_conformance, shows_them_to_every_integration_of_the_company_and_to_no_other) {
  const auto elsewhere = store_.config->create_company("another").value();
  const auto foreign = store_.config->create_deployment(elsewhere.id, "d", model::preset::standard).value();
  ASSERT_TRUE(put("order.paid"));
  const auto now_current = store_.directory->current();
  for (const auto& [number, entry] : now_current->integrations) {
    const bool own = entry->value.company == company_;
    EXPECT_EQ(entry->event_types != nullptr && entry->event_types->contains("order.paid"), own) << number;
  }
  EXPECT_EQ(now_current->integrations.at(foreign.test.value.number)->event_types, nullptr);
  EXPECT_EQ(store_.config->delete_event_type(elsewhere.id, "order.paid").error().code, fault::not_found);
}

TEST_P(event_type_conformance, deletes_and_begins_anew) {
  const auto first = put("order.paid");
  ASSERT_TRUE(store_.config->delete_event_type(company_, "order.paid"));
  EXPECT_EQ(find("order.paid"), nullptr);
  EXPECT_EQ(store_.config->delete_event_type(company_, "order.paid").error().code, fault::not_found);
  const auto second = put("order.paid");
  ASSERT_TRUE(second);
  EXPECT_NE(second->id, first->id);
  EXPECT_EQ(second->version, 1);
}

TEST_P(event_type_conformance, refuses_an_unknown_company_and_one_type_too_many) {
  model::event_type nobodys;
  nobodys.company = 12345;
  nobodys.name = "a";
  EXPECT_EQ(store_.config->put_event_type(nobodys).error().code, fault::not_found);
  for (std::size_t i = 0; i < base::limits::event_types_per_company_max; ++i) {
    ASSERT_TRUE(put("type." + std::to_string(i)));
  }
  EXPECT_EQ(put("one.more").error().code, fault::conflict);
  EXPECT_TRUE(put("type.0", "false")) << "a change takes no room";
}

TEST_P(event_type_conformance, switches_validation_by_integration) {
  EXPECT_TRUE(store_.directory->current()->integrations.at(integration_)->value.validate_events);
  const auto changed =
      store_.config->update_integration(integration_, [](model::integration& edited) -> base::result<void> {
        edited.validate_events = false;
        return {};
      });
  ASSERT_TRUE(changed);
  EXPECT_FALSE(changed->validate_events);
  EXPECT_EQ(changed->retention_days, base::limits::retention_days_default) << "what is absent stays";
  reopen();
  const auto now_current = store_.directory->current();
  for (const auto& [number, entry] : now_current->integrations) {
    EXPECT_EQ(entry->value.validate_events, number != integration_) << number;
  }
}

INSTANTIATE_TEST_SUITE_P(stores, event_type_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace posthorn::conformance
