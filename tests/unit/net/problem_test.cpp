#include "net/problem.hpp"

#include <gtest/gtest.h>

namespace posthorn::net {
namespace {

TEST(Problem, SaysWhatHappened) {
  const response answer = problem({base::fault::conflict, "a \"name\" twice", {}, {}});
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.content_type, "application/problem+json");
  EXPECT_EQ(answer.body,
            R"({"type":"/problems/conflict","title":"The change collides with an existing resource.","status":409,)"
            R"("detail":"a \"name\" twice"})");
  EXPECT_TRUE(answer.headers.empty());
}

TEST(Problem, NamesEveryField) {
  const response answer =
      problem({base::fault::invalid_field, "", {{"/uid", "too short"}, {"/details/score", "not a number"}}, {}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_NE(answer.body.find(R"("errors":[{"pointer":"/uid","detail":"too short"},)"
                             R"({"pointer":"/details/score","detail":"not a number"}]})"),
            std::string::npos)
      << answer.body;
}

TEST(Problem, SaysWhenToComeBack) {
  const response answer = problem({base::fault::queue_full, "full", {}, 7});
  ASSERT_EQ(answer.headers.size(), 1U);
  EXPECT_EQ(answer.headers[0], (std::pair<std::string, std::string>("Retry-After", "7")));
}

TEST(Problem, AFaultWithoutAStatusIs500) { EXPECT_EQ(problem({base::fault::store_corrupt, "", {}, {}}).status, 500); }

}  // namespace
}  // namespace posthorn::net
