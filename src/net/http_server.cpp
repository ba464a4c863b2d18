#include "net/http_server.hpp"

#include <utility>

#include "net/http_server_core.hpp"

namespace posthorn::net {

http_server::http_server(http_server_options options, request_handler& handler, boost::asio::io_context& io)
    : core_(std::make_shared<http_server_core>(std::move(options), handler, io)) {}

http_server::~http_server() {
  core_->stop({});
  core_->abort();
}

base::result<void> http_server::listen() { return core_->listen(); }
std::uint16_t http_server::port() const noexcept { return core_->port(); }
std::size_t http_server::connections() const noexcept { return core_->connections(); }
void http_server::stop(std::move_only_function<void()> on_stopped) { core_->stop(std::move(on_stopped)); }
void http_server::abort() { core_->abort(); }

}  // namespace posthorn::net
