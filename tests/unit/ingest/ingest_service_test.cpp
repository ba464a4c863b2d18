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

}  // namespace
}  // namespace posthorn::ingest
