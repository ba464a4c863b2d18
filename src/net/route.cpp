#include "net/route.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"

namespace posthorn::net {
namespace {

namespace limits = base::limits;
using steady = std::chrono::steady_clock;

std::optional<boost::asio::ip::address> literal_of(const std::string& host) {
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address(host, failed);
  return failed ? std::nullopt : std::optional(address);
}

}  // namespace

route::route(origin to, std::shared_ptr<const tls_client_context> identity, std::shared_ptr<std::size_t> idle_total)
    : target_(std::move(to)),
      literal_(literal_of(target_.host)),
      identity_(std::move(identity)),
      idle_total_(std::move(idle_total)) {}

route::~route() { close_idle_since(time_point::max()); }

std::shared_ptr<connection> route::take_idle() {
  const time_point now = steady::now();
  while (!idle_.empty()) {
    std::shared_ptr<connection> last = std::move(idle_.back());
    idle_.pop_back();
    --*idle_total_;
    if (now - last->idle_since > std::chrono::milliseconds(limits::idle_connection_ms_max)) continue;
    if (last->is_quiet()) return last;
  }
  return nullptr;
}

void route::put_idle(std::shared_ptr<connection> idle) {
  if (idle_.size() >= limits::idle_connections_per_origin_max || *idle_total_ >= limits::idle_connections_max) return;
  idle->idle_since = steady::now();
  idle_.push_back(std::move(idle));
  ++*idle_total_;
}

void route::close_idle_since(time_point oldest_kept) {
  const auto kept = std::ranges::find_if(
      idle_, [oldest_kept](const std::shared_ptr<connection>& idle) { return idle->idle_since >= oldest_kept; });
  *idle_total_ -= static_cast<std::size_t>(kept - idle_.begin());
  idle_.erase(idle_.begin(), kept);
}

}  // namespace posthorn::net
