// The loop of a thread that runs an io_context: what a handler throws ends that handler alone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <string_view>

namespace posthorn::net {

// Runs `io` until it is stopped or has no work left. `thread` names it in the log.
void run_loop(boost::asio::io_context& io, std::string_view thread) noexcept;

}  // namespace posthorn::net
