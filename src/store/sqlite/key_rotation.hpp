// Changing the master key of a store that no server has open: every secret at rest is sealed anew.
#pragma once

#include <cstddef>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/secret_box.hpp"

namespace posthorn::store::sqlite {

// Whether the store's secrets are sealed with this key; true of a store that has none yet.
[[nodiscard]] base::result<bool> opens_with(const std::string& data_directory, const secret_box& key);

// Opens every secret with `from` and seals it with `to`, the check value and an entry of the log of changes included,
// in one transaction: whenever the process ends, either key opens all of the store or the other does. How many secrets
// there are. The caller keeps servers out. wrong_master_key: `from` is not the store's key; nothing is changed.
[[nodiscard]] base::result<std::size_t> reseal(const std::string& data_directory, const secret_box& from,
                                               const secret_box& to, const base::clock& clock);

}  // namespace posthorn::store::sqlite
