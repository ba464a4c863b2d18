#include "net/run_loop.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <new>

namespace posthorn::net {
namespace {

TEST(run_loop, goes_on_after_handlers_that_throw) {
  boost::asio::io_context io;
  int ran = 0;
  boost::asio::post(io, [] { throw std::bad_alloc(); });
  boost::asio::post(io, [&] { ++ran; });
  boost::asio::post(io, [] { throw 7; });
  boost::asio::post(io, [&] { ++ran; });
  run_loop(io, "a test");
  EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace posthorn::net
