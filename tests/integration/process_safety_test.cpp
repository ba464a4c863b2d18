// No request ends the process, and a disk that is full is waited for.
#include <sys/resource.h>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

class process_safety : public platform {
 protected:
  static std::string nested(int levels) { return std::string(levels, '[') + std::string(levels, ']'); }
  int limit_files(rlim_t bytes) const {
    rlimit now{};
    ::prlimit(server.pid(), RLIMIT_FSIZE, nullptr, &now);
    now.rlim_cur = std::min(bytes, now.rlim_max);
    return ::prlimit(server.pid(), RLIMIT_FSIZE, &now, nullptr);
  }
  std::string problem_of(const http_answer& answer) { return std::string(answer.json().at("type").as_string()); }
};

// The body is read with one depth, kept, told in the log of changes, and read again from there.
TEST_F(process_safety, takes_deep_documents_in_every_place) {
  for (const int levels : {33, 62}) {
    const std::string type = "deep.n" + std::to_string(levels);
    const http_answer put = server.admin().put("/v1/event-types/" + type + "?integration_id=" + test_env.integration_id,
                                               R"({"description":"deep","example":{"a":)" + nested(levels) + "}}");
    EXPECT_LT(put.status, 300) << put.body;
    const http_answer made =
        api().post("/v1/endpoints",
                   R"({"url":")" + receiver.url() + R"(","filter":{"pointer":"/a","equals":)" + nested(levels) + "}}");
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(api().get("/v1/endpoints").status, 200);
    EXPECT_EQ(api().get("/v1/event-types/" + type).status, 200);
    const http_answer log = api().get("/v1/audit?limit=10");
    EXPECT_EQ(log.status, 200) << log.body;
    EXPECT_NE(log.body.find(nested(levels)), std::string::npos);
    send(R"({"type":"deep.event","uid":"deep-1","payload":{"a":)" + nested(levels) + "}}");
  }
  const http_answer deeper = api().post(
      "/v1/endpoints", R"({"url":"https://example.com","filter":{"pointer":"/a","equals":)" + nested(63) + "}}");
  EXPECT_EQ(deeper.status, 400);
  EXPECT_NE(deeper.body.find("nested deeper than 64 levels at byte"), std::string::npos) << deeper.body;
  EXPECT_EQ(api().get("/v1/endpoints").status, 200);
}

TEST_F(process_safety, a_limit_on_the_size_of_files_is_a_full_disk) {
  make_endpoint(receiver.url());
  ASSERT_EQ(limit_files(512 * 1024), 0);
  const std::string large = R"({"type":"large.event","uid":"large-1","payload":")" + std::string(60'000, 'x') + "\"}";
  http_answer refused;
  for (int i = 0; i < 200 && refused.status != 503; ++i) refused = api().post("/v1/events", large);
  ASSERT_EQ(refused.status, 503) << refused.body;
  EXPECT_EQ(problem_of(refused), "/problems/disk-full") << refused.body;

  ASSERT_EQ(limit_files(RLIM_INFINITY), 0);
  ASSERT_TRUE(server.wait_for_log("store_risen"));
  const http_answer taken = api().post("/v1/events", large);
  EXPECT_EQ(taken.status, 202) << taken.body;
  EXPECT_EQ(server.terminate(), 0);
}

}  // namespace
}  // namespace posthorn::test
