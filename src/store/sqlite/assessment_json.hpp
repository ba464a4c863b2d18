// An integration's assessment settings as one column: a JSON object whose absent members are the defaults.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/assessment_settings.hpp"

namespace posthorn::store::sqlite {

[[nodiscard]] std::string settings_json(const model::assessment_settings& of);
// store_corrupt for anything that settings_json did not write.
[[nodiscard]] base::result<model::assessment_settings> read_assessment(std::string_view text);

}  // namespace posthorn::store::sqlite
