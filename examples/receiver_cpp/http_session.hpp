// One connection of the example receiver: reads requests, hands them to the recorder, writes its answers.
//   POST any path   a webhook          GET /received   what came so far, as a JSON array
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "recorder.hpp"

namespace example {

// `recorder` outlives the coroutine. Ends when the peer closes, stays silent for 75 s, or must be dropped.
[[nodiscard]] boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket, recorder& recorder);

}  // namespace example
