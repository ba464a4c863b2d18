// The way in: makes events and what they owe durable.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/delivery.hpp"

namespace posthorn::store {

// An Idempotency-Key as the store sees it: digests, so that its memory is bounded and keys are never kept.
struct idempotency {
  std::array<std::uint8_t, 16> key{};   // of (integration, key)
  std::array<std::uint8_t, 16> body{};  // of the request's meaning: same key with another body is a conflict
};

struct event_draft {
  model::integration_no integration = 0;
  std::string type;
  std::string uid;                          // empty: none
  std::uint64_t uid_hash = 0;               // order key; 0 if there is no uid
  std::string payload;                      // exact bytes to deliver
  std::vector<model::endpoint_id> targets;  // the frozen fan-out, every state included; empty: unrouted
  std::optional<idempotency> idempotent;
};

struct accepted_event {
  model::event_id id = 0;
  std::uint32_t deliveries = 0;  // ids id+1 … id+deliveries
  bool repeated = false;         // the answer to an earlier request with the same Idempotency-Key
};
using accept_result = base::result<accepted_event>;
using accept_done = std::move_only_function<void(std::vector<accept_result>)>;

class event_intake {
 public:
  virtual ~event_intake() = default;
  // Commits all drafts in one transaction. `done` is called exactly once, with a result per draft in order, on the
  // store's writer thread, only after the transaction is durable (or has failed as a whole); it must not block or
  // throw. Fails with queue_full, store_unavailable, disk_full or shutting_down; per draft with idempotency_mismatch.
  // Thread: any.
  virtual void accept(std::vector<event_draft> drafts, accept_done done) = 0;
};

}  // namespace posthorn::store
