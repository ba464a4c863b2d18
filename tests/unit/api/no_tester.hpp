// For handlers' tests that send nothing.
#pragma once

#include <utility>

#include "api/endpoint_tester.hpp"

namespace posthorn::api {

class no_tester final : public endpoint_tester {
 public:
  bool send(store::shared_endpoint, store::shared_integration, base::id_value, std::string, std::string,
            std::function<void(model::attempt)> done) override {
    model::attempt unsent;
    unsent.error = model::error_class::connect;
    done(std::move(unsent));
    return true;
  }
};

}  // namespace posthorn::api
