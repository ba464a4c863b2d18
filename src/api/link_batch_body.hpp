// What a batch of links is asked for by: JSON, or a CSV of uids.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/call.hpp"
#include "base/result.hpp"

namespace posthorn::api {

struct link_batch_request {
  std::string name;
  std::int32_t count = 0;
  std::vector<std::string> uids;  // `count` different ones, or none: they are made up
};

// {"name", "count"} or {"name", "uids"}; or uid_csv.hpp's CSV, and ?name=. Every rule that it breaks is named.
[[nodiscard]] base::result<link_batch_request> read_link_batch(const call& from);

}  // namespace posthorn::api
