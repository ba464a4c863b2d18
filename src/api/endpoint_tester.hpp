// Sends a webhook to an endpoint at once, so that a person sees what its receiver answers (contract 2.6).
#pragma once

#include <functional>
#include <string>

#include "model/delivery.hpp"
#include "store/directory.hpp"

namespace posthorn::api {

class endpoint_tester {
 public:
  virtual ~endpoint_tester() = default;

  // By the endpoint's own settings, in whatever state it is; nothing of it is stored or counted. `id` is its
  // webhook-id. Thread: any. `done` is called once, on any thread, within the endpoint's timeout; at a stop, perhaps
  // never. False, and no call of `done`, where limits::test_webhooks_out_max are on their way to this endpoint.
  [[nodiscard]] virtual bool send(store::shared_endpoint to, store::shared_integration of, base::id_value id,
                                  std::string type, std::string payload, std::function<void(model::attempt)> done) = 0;
};

}  // namespace posthorn::api
