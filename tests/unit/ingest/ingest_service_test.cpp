#include "ingest/ingest_service.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/hash.hpp"

namespace posthorn::ingest {
namespace {

using base::fault;

class no_intake : public store::event_intake {
 public:
  void accept(std::vector<store::event_draft>, store::accept_done) override { FAIL() << "drafting accepts nothing"; }
};

class IngestService : public testing::Test {
 protected:
  IngestService() {
    to_.value.number = 7;
    to_.value.integration_id = "12345678901234567890";
    add(1, {"*"}, model::endpoint_state::active);
    add(2, {"a.*"}, model::endpoint_state::disabled);
    add(3, {"b"}, model::endpoint_state::active);
  }

  void add(model::endpoint_id id, std::vector<std::string> types, model::endpoint_state state) {
    model::endpoint endpoint;
    endpoint.id = id;
    endpoint.event_types = std::move(types);
    endpoint.state = state;
    to_.endpoints.push_back(std::make_shared<const model::endpoint>(endpoint));
  }

  no_intake intake_;
  ingest_service service_{intake_, 1'000};
  store::integration_entry to_;
};

TEST_F(IngestService, FansOutToEveryEndpointThatTakesTheTypeWhateverItsState) {
  const auto draft = service_.draft(to_, R"({"type":"a.x","uid":"u","payload":1})", "");
  ASSERT_TRUE(draft.has_value());
  EXPECT_EQ(draft->targets, (std::vector<model::endpoint_id>{1, 2}));
  EXPECT_EQ(draft->integration, 7);
  EXPECT_EQ(draft->uid_hash, base::stable_hash("u"));
  EXPECT_EQ(service_.draft(to_, R"({"type":"a.x","payload":1})", "")->uid_hash, 0U);
}

TEST_F(IngestService, LinesWithoutAKeyTakeTheBatchsByTheirPlace) {
  const std::string same = R"({"type":"t","payload":1})";
  const std::string own = R"({"type":"t","payload":1,"idempotency_key":"k"})";
  const auto lines = service_.draft_batch(to_, same + "\n" + same + "\n" + own, "k");
  ASSERT_TRUE(lines.has_value());
  ASSERT_EQ(lines->size(), 3U);
  std::set<std::array<std::uint8_t, 16>> keys;
  for (const auto& line : *lines) keys.insert(line->idempotent->key);
  EXPECT_EQ(keys.size(), 3U);
  const auto again = service_.draft_batch(to_, same + "\n" + same, "k");
  EXPECT_EQ((*again)[1]->idempotent->key, (*lines)[1]->idempotent->key);
  EXPECT_FALSE((*service_.draft_batch(to_, same, ""))[0]->idempotent.has_value());
}

TEST_F(IngestService, ALineThatBreaksARuleFailsAlone) {
  const auto lines = service_.draft_batch(
      to_, "{\"type\":\"t\",\"payload\":\"" + std::string(1'000, 'x') + "\"}\n\n{\"type\":\"t\",\"payload\":1}\r\n",
      "");
  ASSERT_TRUE(lines.has_value());
  ASSERT_EQ(lines->size(), 3U);
  EXPECT_EQ((*lines)[0].error().code, fault::payload_too_large);
  EXPECT_EQ((*lines)[1].error().code, fault::malformed_json);
  EXPECT_TRUE((*lines)[2].has_value());
}

TEST_F(IngestService, BatchesAreBounded) {
  const std::string line = "{\"type\":\"t\",\"payload\":1}\n";
  std::string body;
  for (std::size_t i = 0; i < base::limits::batch_lines_max; ++i) body += line;
  EXPECT_EQ(service_.draft_batch(to_, body, "")->size(), base::limits::batch_lines_max);
  EXPECT_EQ(service_.draft_batch(to_, body + line, "").error().code, fault::payload_too_large);
  EXPECT_EQ(service_.draft_batch(to_, "", "").error().code, fault::malformed_json);
  EXPECT_EQ(service_.draft_batch(to_, line, "two words").error().code, fault::invalid_field);
}

using pointers = std::vector<std::string>;

pointers broken_at(const base::result<store::event_draft>& draft) {
  pointers all;
  if (draft) return all;
  for (const base::field_error& each : draft.error().fields) all.push_back(each.pointer);
  return all;
}

class EventSchemas : public IngestService {
 protected:
  void describe(const std::string& name, const std::string& schema, std::int32_t version = 1) {
    auto types = to_.event_types ? *to_.event_types : store::event_type_catalogue{};
    model::event_type type;
    type.id = 100;
    type.name = name;
    type.schema = schema;
    type.version = version;
    types[name] = std::make_shared<const model::event_type>(type);
    to_.event_types = std::make_shared<const store::event_type_catalogue>(std::move(types));
  }
};

TEST_F(EventSchemas, NameEveryViolationByItsPlaceInTheRequest) {
  const auto as_details = service_.draft(
      to_, R"({"type":"application.incomplete","uid":"user-00001","details":{"application_started_at":"now"}})", "");
  EXPECT_EQ(broken_at(as_details), (pointers{"/reasons", "/details/last_response_submitted_at",
                                             "/details/percentage_completed", "/details/application_started_at"}));
  EXPECT_EQ(as_details.error().detail, "/reasons: is required, says the schema of application.incomplete");
  EXPECT_EQ(as_details.error().code, fault::missing_field);
  const auto as_payload = service_.draft(to_, R"({"type":"certificate_completed","payload":[]})", "");
  EXPECT_EQ(broken_at(as_payload), pointers{"/payload"});
}

TEST_F(EventSchemas, SeeAnEnvelopeHoweverItWasMade) {
  EXPECT_EQ(
      broken_at(service_.draft(to_, R"({"type":"application.complete","payload":{"uid":"user-1","event":{}}})", "")),
      (pointers{"/payload/integration_id", "/payload/event/type", "/payload/event/details"}));
}

TEST_F(EventSchemas, CanBeSwitchedOff) {
  const std::string body = R"({"type":"application.complete","uid":"user-00001","details":{}})";
  EXPECT_FALSE(service_.draft(to_, body, ""));
  to_.value.validate_events = false;
  EXPECT_TRUE(service_.draft(to_, body, ""));
}

TEST_F(EventSchemas, FollowTheCatalogue) {
  const std::string body = R"({"type":"order.paid","payload":{"total":"42"}})";
  EXPECT_TRUE(service_.draft(to_, body, "")) << "nobody has described it";
  describe("order.paid", R"({"properties":{"total":{"type":"number"}}})");
  EXPECT_EQ(broken_at(service_.draft(to_, body, "")), pointers{"/payload/total"});
  EXPECT_EQ(broken_at(service_.draft(to_, body, "")), pointers{"/payload/total"}) << "compiled the first time";
  describe("order.paid", R"({"properties":{"total":{"type":"string"}}})", 2);
  EXPECT_TRUE(service_.draft(to_, body, ""));
  describe("order.paid", "", 3);
  EXPECT_TRUE(service_.draft(to_, R"({"type":"order.paid","payload":7})", ""));
}

TEST_F(EventSchemas, CannotBeHeldAgainstWhatNoParserHolds) {
  describe("order.paid", R"({"type":"number"})");
  EXPECT_EQ(broken_at(service_.draft(to_, R"({"type":"order.paid","payload":1e999999999999})", "")),
            pointers{"/payload"});
  EXPECT_TRUE(service_.draft(to_, R"({"type":"other","payload":1e999999999999})", ""));
}

TEST_F(EventSchemas, RefuseALineOfABatchAlone) {
  const auto lines = service_.draft_batch(to_,
                                          "{\"type\":\"certificate_expired\",\"payload\":{}}\n"
                                          "{\"type\":\"t\",\"payload\":{}}\n",
                                          "");
  ASSERT_TRUE(lines.has_value());
  EXPECT_EQ(broken_at((*lines)[0]).front(), "/payload/_id");
  EXPECT_TRUE((*lines)[1]);
}

}  // namespace
}  // namespace posthorn::ingest
