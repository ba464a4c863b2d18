// What the dispatcher says of an endpoint's lane: how much it holds, and whether it could start one more.
#include <gtest/gtest.h>

#include "unit/dispatch/dispatch_fixture.hpp"

namespace posthorn::dispatch {
namespace {

TEST(lane_load, of_an_endpoint_never_used_is_none) {
  dispatch_fixture with;
  const store::lane_load load = with.dispatch->load(42);
  EXPECT_EQ(load.held, 0U);
  EXPECT_EQ(load.queued, 0U);
  EXPECT_TRUE(load.may_start);
}

TEST(lane_load, tells_a_receiver_that_hangs_from_a_sender_that_does_nothing) {
  dispatch_fixture with;
  scripted_receiver receiver([](const received_request&) { return std::optional<std::string>(); });
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment,
                                    [](auto& endpoint) { endpoint.in_flight_max = 1; });
  with.offer(to.id, 3);
  receiver.await_held(1);
  const store::lane_load hangs = with.dispatch->load(to.id);
  EXPECT_EQ(hangs.held, 3U);
  EXPECT_EQ(hangs.queued, 2U);
  EXPECT_FALSE(hangs.may_start) << "its cap is one";
}

TEST(lane_load, shows_what_nobody_takes) {
  boost::asio::io_context never_runs;
  std::vector<boost::asio::io_context*> io{&never_runs};
  set_clock clock;
  set_directory directory;
  recording_log log;
  const net::address_guard guard{net::address_rules{}};
  dispatcher_options options;
  options.tls = net::tls_client_context::make({}).value();
  dispatcher made(options, directory, log, clock, guard, io);
  ASSERT_TRUE(made.reserve(7, 1, 10));
  const store::lane_load load = made.load(7);
  EXPECT_EQ(load.queued, 1U);
  EXPECT_TRUE(load.may_start);
}

}  // namespace
}  // namespace posthorn::dispatch
