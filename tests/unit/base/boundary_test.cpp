#include "base/boundary.hpp"

#include <gtest/gtest.h>

#include <new>

namespace posthorn::base {
namespace {

template <class Thrown>
error error_after(const Thrown& thrown) {
  const auto outcome = contain("a test", "req_1", [&]() -> result<int> { throw thrown; });
  EXPECT_FALSE(outcome);
  return outcome ? error{} : outcome.error();
}

TEST(boundary, makes_an_error_of_whatever_is_thrown) {
  EXPECT_EQ(error_after(std::runtime_error("broken")).code, fault::internal);
  EXPECT_EQ(error_after(std::runtime_error("broken")).detail, "broken");
  EXPECT_EQ(error_after(std::bad_alloc()).code, fault::internal);
  EXPECT_EQ(error_after(7).code, fault::internal);
  const error own = error_after(thrown_error({fault::store_corrupt, "table job, row 7", {}, {}}));
  EXPECT_EQ(own.code, fault::store_corrupt);
  EXPECT_EQ(own.detail, "table job, row 7");
}

TEST(boundary, lets_values_and_errors_through) {
  EXPECT_EQ(contain("a test", {}, []() -> result<int> { return 7; }).value(), 7);
  EXPECT_EQ(contain("a test", {}, []() -> result<void> { return fail(fault::not_found, "no"); }).error().code,
            fault::not_found);
}

TEST(boundary, a_turn_that_throws_is_told_from_one_that_does_not) {
  EXPECT_TRUE(survive("a test", [] {}));
  EXPECT_FALSE(survive("a test", [] { throw std::bad_alloc(); }));
}

}  // namespace
}  // namespace posthorn::base
