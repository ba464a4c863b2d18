#include "app/expiry_watch.hpp"

#include <gtest/gtest.h>

#include <future>
#include <new>

namespace posthorn::app {
namespace {

// The thread goes on with the other sources, and comes back to the one that threw.
TEST(expiry_watch, survives_a_source_that_throws) {
  std::promise<void> looked_twice, other_looked;
  int looks = 0, others = 0;
  const expiry_watch watch(base::system_clock(), {{"throwing",
                                                   [&]() -> base::result<base::epoch_ms> {
                                                     if (++looks == 2) looked_twice.set_value();
                                                     throw std::bad_alloc();
                                                   },
                                                   [] { return base::result<std::size_t>(0); }},
                                                  {"other",
                                                   [&]() -> base::result<base::epoch_ms> {
                                                     if (++others == 1) other_looked.set_value();
                                                     return 0;
                                                   },
                                                   [] { return base::result<std::size_t>(0); }}});
  other_looked.get_future().wait();
  looked_twice.get_future().wait();
}

}  // namespace
}  // namespace posthorn::app
