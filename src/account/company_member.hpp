// A company's member by e-mail address.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "store/people_store.hpp"

namespace posthorn::account {

[[nodiscard]] inline std::optional<model::member> find_in_company(store::people_changes& in, model::company_id company,
                                                                  std::string_view email) {
  const auto all = in.find_members(email);
  const auto found = std::ranges::find(all, company, &model::member::company);
  return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace posthorn::account
