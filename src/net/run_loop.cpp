#include "net/run_loop.hpp"

#include "base/boundary.hpp"

namespace posthorn::net {

void run_loop(boost::asio::io_context& io, std::string_view thread) noexcept {
  while (!base::survive(thread, [&io] { io.run(); })) {
  }
}

}  // namespace posthorn::net
