#include "cli/api_key.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "net/http1_fields.hpp"

namespace posthorn::cli {
namespace {

constexpr const char* variable = "POSTHORN_API_KEY";

std::unexpected<base::error> unusable(std::string detail) {
  return base::fail(base::fault::invalid_configuration, std::move(detail));
}

base::result<std::string> first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line) && line.empty()) return unusable("--api-key-file: " + path + " has no key");
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

base::result<std::string> named_key(const api_key_flags& flags) {
  if (!flags.file.empty()) return first_line(flags.file);
  if (!flags.text.empty()) {
    fmt::print(
        stderr,
        "posthorn: --api-key shows the key to whoever lists processes, and goes with the next release: set {}, or "
        "give a file by --api-key-file\n",
        variable);
    return flags.text;
  }
  const char* text = std::getenv(variable);
  if (text == nullptr || *text == '\0') return unusable(fmt::format("set {}, or give --api-key-file FILE", variable));
  return std::string(text);
}

}  // namespace

void declare_api_key(CLI::App& to, api_key_flags& flags, std::string_view whose) {
  to.add_option("--api-key-file", flags.file, fmt::format("has the key {} in its first line ({})", whose, variable))
      ->type_name("FILE");
  to.add_option("--api-key", flags.text, "the key itself; goes with the next release, others can read it")
      ->type_name("KEY");
}

base::result<std::string> read_api_key(const api_key_flags& flags) {
  auto key = named_key(flags);
  if (key && !net::is_field_value(*key)) return unusable("the API key has characters that no key has");
  return key;
}

}  // namespace posthorn::cli
