// Stores that earlier trees wrote (tests/fixtures/make_store.py) open, serve, and answer as they did.
#include <algorithm>
#include <filesystem>

#include "integration/platform.hpp"
#include "support/paths.hpp"

namespace posthorn::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path stores = fs::path(tree_path("tests/fixtures/stores"));

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string text(const json::value& from) { return std::string(from.as_string()); }

// What is said on purpose in another way since; CHANGELOG tells of each.
bool may_differ(std::string_view member) {
  constexpr std::string_view members[] = {
      "next_cursor",  // opaque
      "X-Team",       // values of custom headers are write-only
      "X-Secret",
  };
  return std::ranges::find(members, member) != std::end(members);
}

// Every member that was answered then is answered now, with the same value; there may be more.
void expect_kept(const json::value& then, const json::value& now, const std::string& path) {
  if (then.is_object() && now.is_object()) {
    for (const auto& [name, value] : then.as_object()) {
      if (may_differ(name)) continue;
      const json::value* current = now.as_object().if_contains(name);
      if (!current) {
        ADD_FAILURE() << path << '/' << name << " is no longer there";
      } else {
        expect_kept(value, *current, path + "/" + std::string(name));
      }
    }
  } else if (then.is_array() && now.is_array()) {
    ASSERT_EQ(then.as_array().size(), now.as_array().size()) << path;
    for (std::size_t i = 0; i < then.as_array().size(); ++i) {
      expect_kept(then.at(i), now.at(i), path + "/" + std::to_string(i));
    }
  } else {
    EXPECT_EQ(then, now) << path;
  }
}

// The store of a name, unpacked; its server is not started yet.
class earlier_store : public testing::TestWithParam<std::string> {
 protected:
  earlier_store()
      : facts(json::parse(text_of(stores / (GetParam() + ".json")), {}, {.max_depth = 64})) {  // it has a deep filter
    child_process tar({"/usr/bin/tar", "-xzf", stores / (GetParam() + ".tar.gz"), "-C", directory.path()}, {});
    if (tar.wait() != 0) throw std::runtime_error("tar could not unpack " + GetParam());
  }

  server_options options() const { return {.data = directory.path() + "/data"}; }
  // The machine admin's token is the test's own: it replaces the one in the store.
  std::string key(std::string_view caller) const {
    return caller == "admin" ? std::string(admin_token) : text(facts.at("keys").at(caller));
  }

  temp_directory directory;
  json::value facts;
};

TEST_P(earlier_store, answers_as_it_did) {
  const server_process server(options());
  for (const json::value& kept : facts.at("answers").as_array()) {
    const std::string target = text(kept.at("target"));
    const http_answer now = server.as(key(text(kept.at("caller")))).get(target);
    ASSERT_EQ(now.status, 200) << target << ": " << now.body;
    expect_kept(kept.at("answer"), now.json(), text(kept.at("caller")) + " " + target);
  }
}

TEST_P(earlier_store, delivers_what_was_parked_and_what_is_new) {
  const server_process server(options());
  scripted_receiver receiver;
  const api_caller caller = server.as(key("loans_test"));
  const std::string paused = text(facts.at("endpoints").at("paused"));
  ASSERT_EQ(caller.patch("/v1/endpoints/" + paused, R"({"url":")" + receiver.url() + "\"}").status, 200);
  ASSERT_EQ(caller.post("/v1/endpoints/" + paused + "/enable").status, 200);
  ASSERT_TRUE(receiver.wait_for_accepted(1)) << "what that tree had parked goes out";
  const http_answer accepted =
      caller.post("/v1/events", R"({"type":"order.paid","uid":"user-00009","payload":{"total":9}})");
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  const std::string id = text(accepted.json().at("id"));
  const auto has_arrived = [&id](const scripted_receiver::log& requests) {
    return std::ranges::any_of(requests, [&id](const received_request& request) { return request.id() == id; });
  };
  EXPECT_TRUE(receiver.wait_for(has_arrived));
}

// The filter is 33 levels deep, and eeec78d could read 32 of them again: it listed no endpoint of this integration.
TEST_P(earlier_store, lists_and_changes_an_endpoint_with_a_deep_filter) {
  const server_process server(options());
  const api_caller caller = server.as(key("loans_production"));
  const http_answer listed = caller.get("/v1/endpoints");
  ASSERT_EQ(listed.status, 200) << listed.body;
  const json::value whole = json::parse(listed.body, {}, {.max_depth = 64});
  ASSERT_EQ(whole.at("data").as_array().size(), 1u);
  const json::value& deep = whole.at("data").at(0);
  EXPECT_EQ(deep.at("filter"), facts.at("deep_filter"));
  const std::string id = text(deep.at("id"));
  const http_answer changed = caller.patch("/v1/endpoints/" + id, R"({"description":"still deep"})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  const json::value after = json::parse(caller.get("/v1/endpoints/" + id).body, {}, {.max_depth = 64});
  EXPECT_EQ(text(after.at("description")), "still deep");
  EXPECT_EQ(after.at("filter"), facts.at("deep_filter"));
  EXPECT_EQ(caller.get("/v1/audit").status, 200);
}

INSTANTIATE_TEST_SUITE_P(trees, earlier_store, testing::Values("eeec78d"),
                         [](const testing::TestParamInfo<std::string>& tree) { return "of_" + tree.param; });

}  // namespace
}  // namespace posthorn::test
