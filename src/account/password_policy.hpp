// Which passwords are refused when they are chosen, beside their length: those that are tried first. Pure. Passwords
// that are stored already go on being taken.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::account {

enum class password_verdict : std::uint8_t {
  good,
  common,    // in the list (data/common_passwords.json), whatever its case and with little around it, or one piece
             // repeated
  personal,  // little more than the member's address, its parts, the company's name or "posthorn"
};

[[nodiscard]] password_verdict judge_password(std::string_view password, std::string_view email,
                                              std::string_view company);

// invalid_field at `pointer` for all but good ones.
[[nodiscard]] base::result<void> check_password(std::string_view password, std::string_view email,
                                                std::string_view company, std::string_view pointer);

}  // namespace posthorn::account
