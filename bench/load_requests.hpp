// Requests prepared once and patched in place: what differs between two requests has a fixed width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire.hpp"

namespace posthorn::bench {

struct request_options {
  std::string api_key;
  std::size_t payload_bytes = 600;  // of the delivered body, the envelope included
  std::size_t batch = 1;            // events a request; above 1 it is NDJSON
  bool idempotency = false;         // an Idempotency-Key (in a batch: one in each line)
  std::size_t uids = 10'000;
  std::vector<std::string> types = {"bench.measured"};
};

// Makes the requests of all connections. A uid belongs to one connection, so that its events are accepted in the order
// of their "seq".
class request_maker {
 public:
  request_maker(request_options options, const target& where, std::size_t connections);

  // The next request of `connection`, valid until the next call. `sent_us` is put into each event.
  [[nodiscard]] std::string_view next(std::size_t connection, std::int64_t sent_us);

 private:
  // A line with places to patch.
  struct line {
    std::string text;
    std::size_t uid_at;
    std::size_t sent_at;
    std::size_t seq_at;
    std::size_t key_at;  // npos without a key
  };

  [[nodiscard]] line make_line(const std::string& type) const;
  void append_event(std::size_t connection, std::int64_t sent_us);

  const request_options options_;
  const std::size_t connections_;
  const std::size_t uids_per_connection_;
  std::string key_prefix_;
  std::string head_;  // up to the header that varies
  std::vector<line> lines_;

  std::vector<std::uint64_t> made_;  // events of each connection so far
  std::uint64_t serial_ = 0;
  std::string body_;
  std::string out_;
};

}  // namespace posthorn::bench
