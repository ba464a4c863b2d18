// Jobs as the API shows them, and the filters that begin them.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string_view>

#include "api/body_fields.hpp"
#include "model/job.hpp"
#include "store/directory.hpp"

namespace posthorn::api {

[[nodiscard]] boost::json::object to_json(const model::job& job, std::string_view integration_id);

// {"endpoint_id"?, "type"?, "since"?, "until"?, "state"?}, `choices` being the states that the call takes. Every rule
// broken is added to the fields' errors. An endpoint must be one of `of`.
[[nodiscard]] model::replay_filter replay_filter_of(body_fields& fields, const store::integration_entry& of,
                                                    std::span<const model::replay_choice> choices);

// "endpoint_id" where the body has it: one of `of`, else an error is added.
[[nodiscard]] store::shared_endpoint endpoint_named(body_fields& fields, const store::integration_entry& of);

}  // namespace posthorn::api
