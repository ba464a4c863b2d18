// A stored value that no program of ours writes is a fault that names its table and row, wherever it is read.
#include "store/sqlite/stored_value.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>

#include "store/sqlite/evidence.hpp"
#include "store/sqlite/load_directory.hpp"
#include "store/sqlite/store.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {
namespace {

class stored_value : public testing::Test {
 protected:
  stored_value() { open().value(); }

  base::result<void> open() {
    store_.reset();
    auto made = embedded_store::open(
        {.data_directory = files_.directory(), .master_key = std::string(32, 'k'), .disk_free_low_water_bytes = 0},
        base::system_clock());
    if (!made) return std::unexpected(made.error());
    store_ = *std::move(made);
    return {};
  }
  void SetUp() override {
    const auto company = store_->current()->companies.begin()->first;
    const auto made = store_->config().create_deployment(company, "loans", model::preset::standard);
    ASSERT_TRUE(made);
    integration_ = made->test.value.number;
    key_ = made->test.key.id;
    deployment_ = made->value.id;
    model::endpoint wanted = model::endpoint_from_preset(model::preset::standard);
    wanted.integration = integration_;
    wanted.url = "https://example.com/hook";
    endpoint_ = store_->config().create_endpoint(wanted).value().id;
    // Past every constraint, as damage is.
    files_.exec("PRAGMA ignore_check_constraints=ON");
  }
  void write(const std::string& sql) { files_.exec(sql); }
  std::string number(std::int64_t of) { return std::to_string(of); }

  template <class T>
  static void names(const base::result<T>& outcome, std::string_view table, std::int64_t row) {
    ASSERT_FALSE(outcome) << table;
    EXPECT_EQ(outcome.error().code, base::fault::store_corrupt) << outcome.error().detail;
    const std::string place = "table " + std::string(table) + ", row " + std::to_string(row) + ":";
    EXPECT_NE(outcome.error().detail.find(place), std::string::npos) << outcome.error().detail;
  }

  temp_store files_;
  std::unique_ptr<embedded_store> store_;
  model::integration_no integration_ = 0;
  model::deployment_id deployment_ = 0;
  base::id_value key_ = 0;
  model::endpoint_id endpoint_ = 0;
};

TEST_F(stored_value, of_a_certificate) {
  const auto put = [&](const std::string& state, const std::string& lessons) {
    write("INSERT OR REPLACE INTO certificate VALUES(7," + number(integration_) + ",'c7','r','u','o','n','d',0,'" +
          lessons + "','" + state + "',1,1,0,1,1)");
  };
  put("kept", "[]");
  names(store_->certificates().find_certificate(integration_, "c7"), "certificate", 7);
  names(store_->certificates().change_certificates([&](certificate_changes& in) -> base::result<void> {
    (void)in.find(integration_, "c7");
    return {};
  }),
        "certificate", 7);
  put("valid", "{}");
  names(store_->certificates().find_certificate(integration_, "c7"), "certificate", 7);
}

TEST_F(stored_value, of_people) {
  write("INSERT INTO member VALUES(3,1,'a@b','A','owner','x',1,1,0)");
  names(store_->people().find_member(model::member_id{3}), "member", 3);
  write("INSERT INTO invitation VALUES(4,1,'a@b','owner',3,x'01',1,9,0,0)");
  names(store_->people().invitations_of(1), "invitation", 4);
  write("INSERT INTO one_time_token VALUES(x'02','entry',3,1,9)");
  names(store_->people().find_token(std::string("\x02", 1)), "one_time_token", 3);
  write("INSERT INTO endpoint_notice(endpoint,state,at) VALUES(5,'gone',1)");
  names(store_->people().told_notices(), "endpoint_notice", 5);
}

TEST_F(stored_value, of_a_session_and_its_links) {
  session_record one;
  one.value.integration = integration_;
  one.value.uid = "u";
  ASSERT_TRUE(store_->sessions().change_sessions([&](session_changes& in) -> base::result<void> {
    in.put(one);
    return {};
  }));
  const auto id = one.value.id;
  model::link link;
  link.integration = integration_;
  link.uid = "u";
  link.session = id;
  ASSERT_TRUE(store_->links().change_links([&](session_changes&, link_changes& in) -> base::result<void> {
    in.put(link);
    return {};
  }));
  write("UPDATE session SET state='lost'");
  names(store_->sessions().find_session(integration_, id), "session", id);
  names(store_->sessions().list_sessions({.integration = integration_}, 0, 10), "session", id);
  names(store_->links().find_link(integration_, link.id), "session", id);
  write("UPDATE session SET state='created',platform='desktop'");
  names(store_->sessions().find_session(integration_, id), "session", id);
  write("INSERT INTO link_batch(id,integration,name,state,count,made,created_at,uids) VALUES(6," +
        number(integration_) + ",'n','begun',1,0,1,'')");
  names(store_->links().find_link_batch(integration_, 6), "link_batch", 6);
  EXPECT_FALSE(store_->links().has_link_work().value()) << "which nobody could do";
}

TEST_F(stored_value, of_a_job) {
  write("INSERT INTO job(id,integration,kind,state,choice,type,since,until,ended_since,created_at) VALUES(8," +
        number(integration_) + ",'retry','waiting','failed','',0,0,0,1)");
  names(store_->replays().find_job(integration_, 8), "job", 8);
  write("UPDATE job SET state='done',kind='undo'");
  names(store_->replays().list_jobs(integration_, 0, 10), "job", 8);
  write("UPDATE job SET kind='retry',choice='some'");
  names(store_->replays().find_job(integration_, 8), "job", 8);
}

TEST_F(stored_value, of_a_delivery) {
  ASSERT_TRUE(store_->config().set_endpoint_state(endpoint_, model::endpoint_state::paused, ""));
  struct deaf final : delivery_sink {
    bool reserve(model::endpoint_id, std::uint64_t, std::size_t) override { return false; }
    void release(model::endpoint_id, std::uint64_t, std::size_t) override {}
    void offer(std::vector<owed_delivery>) override {}
    void allow_sending(bool) override {}
  } sink;
  ASSERT_TRUE(store_->start(sink));
  event_draft draft;
  draft.integration = integration_;
  draft.type = "a.b";
  draft.payload = "{}";
  draft.targets = {endpoint_};
  std::promise<model::event_id> accepted;
  std::vector<event_draft> drafts;
  drafts.push_back(std::move(draft));
  store_->intake().accept(std::move(drafts), [&](auto results) { accepted.set_value(results.at(0).value().id); });
  const model::delivery_id id = accepted.get_future().get() + 1;

  write("UPDATE pending SET hold=9");
  names(store_->config().retry_delivery(id), "pending", id);
  write("UPDATE pending SET hold=0");
  write("UPDATE endpoint SET state='asleep'");
  names(store_->reads().find_delivery(integration_, id), "endpoint", endpoint_);
  write("UPDATE endpoint SET state='paused'");
  ASSERT_TRUE(store_->config().cancel_delivery(id));
  write("UPDATE outcome SET result=3");
  names(store_->reads().find_delivery(integration_, id), "outcome", id);
  names(store_->config().retry_delivery(id), "outcome", id);
  std::string evidence;
  append_evidence(evidence, model::attempt{});
  evidence[15] = 99;  // the error's class
  const auto hex = [](const std::string& bytes) {
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
  };
  write("UPDATE outcome SET result=1,attempts=1,evidence=x'" + hex(evidence) + "'");
  names(store_->reads().find_delivery(integration_, id), "outcome", id);
  write("UPDATE outcome SET evidence=x''");
  write("INSERT INTO attempt VALUES(" + number(id) + ",1,x'" + hex(evidence) + "')");
  names(store_->reads().find_delivery(integration_, id), "attempt", id);
}

TEST_F(stored_value, of_the_log_of_changes) {
  audit_note note{.entry = {.action = "a test", .request_id = "req_1"}};
  {
    const acting as(&note);
    ASSERT_TRUE(store_->changes().write());
  }
  write("UPDATE audit SET actor='nobody'");
  names(store_->changes().list_changes({}, 0, 10), "audit", files_.number("SELECT max(id) FROM audit"));
}

TEST_F(stored_value, of_the_configuration) {
  const secret_box secrets = secret_box::make(std::string(32, 'k')).value();
  const auto damage = [&](const std::string& table, const std::string& change, const std::string& mend,
                          std::int64_t row) {
    write("UPDATE " + table + " SET " + change);
    names(load_directory(files_.on(), secrets, 0, nullptr), table, row);
    write("UPDATE " + table + " SET " + mend);
  };
  damage("deployment", "preset='own'", "preset='standard'", deployment_);
  damage("integration", "environment='stage' WHERE number=" + number(integration_),
         "environment='test' WHERE number=" + number(integration_), integration_);
  damage("api_key", "state='lost' WHERE id=" + number(key_), "state='signing' WHERE id=" + number(key_), key_);
  damage("endpoint", "state='asleep'", "state='active'", endpoint_);
  damage("endpoint", "settings=replace(settings,'\"url\"','\"uri\"')", "settings=replace(settings,'\"uri\"','\"url\"')",
         endpoint_);
  EXPECT_TRUE(load_directory(files_.on(), secrets, 0, nullptr));
}

}  // namespace
}  // namespace posthorn::store::sqlite
