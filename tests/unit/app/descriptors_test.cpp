#include "app/descriptors.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

#include "base/limits.hpp"

namespace posthorn::app {
namespace {

namespace limits = base::limits;

TEST(descriptors, callers_get_all_that_they_may_have_where_there_is_enough) {
  EXPECT_EQ(caller_connections(1'048'576, 2), limits::server_connections_max);
  EXPECT_EQ(caller_connections(1'048'576, limits::threads_by_default_max), limits::server_connections_max);
}

TEST(descriptors, callers_leave_at_least_half_to_the_way_out) {
  for (const std::size_t limit : {1'024U, 4'096U, 12'000U}) {
    for (const std::size_t threads : {1U, 2U, 3U}) {
      const std::size_t taken = threads * (caller_connections(limit, threads) + limits::server_refusals_max);
      EXPECT_GT(caller_connections(limit, threads), 0U) << limit << " for " << threads;
      EXPECT_LE(2 * taken, limit - limits::descriptors_kept) << limit << " for " << threads;
    }
  }
}

TEST(descriptors, too_few_for_anybody_are_none) {
  EXPECT_EQ(caller_connections(0, 2), 0U);
  EXPECT_EQ(caller_connections(limits::descriptors_kept, 2), 0U);
  EXPECT_EQ(caller_connections(256, 2), 0U);
  EXPECT_EQ(caller_connections(1'024, 16), 0U);
}

TEST(descriptors, the_limit_is_raised_as_far_as_is_allowed) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 1'024;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto connections = claim_descriptors(1);
  rlimit after{};
  ::getrlimit(RLIMIT_NOFILE, &after);
  ::setrlimit(RLIMIT_NOFILE, &before);
  ASSERT_TRUE(connections) << connections.error().detail;
  EXPECT_EQ(*connections, caller_connections(after.rlim_cur, 1));
  EXPECT_GE(after.rlim_cur, std::min<rlim_t>(before.rlim_max, 8'192));
}

}  // namespace
}  // namespace posthorn::app
