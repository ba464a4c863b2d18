#include "cli/act.hpp"

#include <cstdlib>

namespace posthorn::cli {

call_line line_of(deed what) noexcept {
  switch (what) {
    case deed::ask_token: return {"POST", "/v1/sessions-management/tokens"};
    case deed::look: return {"GET", "/v1/journey"};
    case deed::open: return {"POST", "/v1/journey/open"};
    case deed::consent: return {"POST", "/v1/journey/consent"};
    case deed::report: return {"POST", "/v1/journey/answers"};
    case deed::give_device_data: return {"POST", "/v1/journey/device"};
    case deed::submit: return {"POST", "/v1/journey/submit"};
    case deed::exit: return {"POST", "/v1/journey/exit"};
    case deed::leave: break;
  }
  std::abort();
}

}  // namespace posthorn::cli
