#include "app/descriptors.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace posthorn::app {
namespace {

namespace limits = base::limits;

constexpr std::size_t outgoing_per_thread = limits::attempts_in_flight_max + limits::idle_connections_max;
constexpr std::size_t incoming_per_thread = limits::server_connections_max + limits::server_refusals_max;

// For every thread to reach all of its own limits.
std::size_t wanted(std::size_t threads) noexcept {
  return limits::descriptors_kept + threads * (incoming_per_thread + outgoing_per_thread);
}

}  // namespace

std::size_t caller_connections(std::size_t limit, std::size_t threads) noexcept {
  if (limit >= wanted(threads)) return limits::server_connections_max;
  if (limit <= limits::descriptors_kept) return 0;
  const std::size_t share = (limit - limits::descriptors_kept) / 2 / threads;
  if (share < limits::server_connections_min + limits::server_refusals_max) return 0;
  return std::min(share - limits::server_refusals_max, limits::server_connections_max);
}

base::result<std::size_t> claim_descriptors(std::size_t threads) {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return base::fail(base::fault::io_error, "cannot read RLIMIT_NOFILE");
  if (now.rlim_cur < wanted(threads)) {
    now.rlim_cur = std::min<rlim_t>(now.rlim_max, wanted(threads));
    // Where it is not granted, what there is has to do.
    if (::setrlimit(RLIMIT_NOFILE, &now) != 0) ::getrlimit(RLIMIT_NOFILE, &now);
  }
  const std::size_t connections = caller_connections(now.rlim_cur, threads);
  if (connections == 0) {
    return base::fail(base::fault::invalid_configuration,
                      fmt::format("{} open files are allowed, too few for {} network threads: raise the hard limit "
                                  "(ulimit -Hn, LimitNOFILE), or lower --threads",
                                  static_cast<std::size_t>(now.rlim_cur), threads));
  }
  if (connections < limits::server_connections_max) {
    base::log_warn("few_open_files", {{"allowed", static_cast<std::size_t>(now.rlim_cur)},
                                      {"wanted", wanted(threads)},
                                      {"caller_connections_per_thread", connections}});
  }
  return connections;
}

}  // namespace posthorn::app
