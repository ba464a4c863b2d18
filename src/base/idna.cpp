#include "base/idna.hpp"

#include <idn2.h>

#include <memory>

namespace posthorn::base {

std::optional<std::string> to_ascii_host(std::string_view name) {
  if (name.empty() || name.contains('\0')) return std::nullopt;
  char* made = nullptr;
  const int failed = idn2_to_ascii_8z(std::string(name).c_str(), &made, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, decltype(&idn2_free)> kept(made, idn2_free);
  if (failed != IDN2_OK) return std::nullopt;
  const std::string_view ascii(made);
  // Characters that the mapping drops may leave nothing of a label.
  if (ascii.empty() || ascii.starts_with('.') || ascii.contains("..")) return std::nullopt;
  return std::string(ascii);
}

}  // namespace posthorn::base
