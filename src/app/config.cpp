#include "app/config.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "account/access.hpp"

namespace posthorn::app {
namespace {

using base::fault;

// No flag: command lines are read by others.
constexpr std::string_view smtp_password_key = "smtp_password";

std::unexpected<base::error> invalid(std::string detail) {
  return base::fail(fault::invalid_configuration, std::move(detail));
}

base::result<void> apply_to(config& to, const option& which, const std::string& text, std::string_view source) {
  auto applied = which.apply(to, text);
  if (!applied) return invalid(fmt::format("{}: {}", source, applied.error().detail));
  return {};
}

// A value of the file as the text that a flag would have; arrays are joined with commas.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  if (const auto* list = node.as_array()) {
    std::string joined;
    for (const toml::node& one : *list) {
      const auto text = text_of(one);
      if (!text || one.is_array()) return std::nullopt;
      if (!joined.empty()) joined += ',';
      joined += *text;
    }
    return joined;
  }
  return std::nullopt;
}

base::result<void> apply_file(config& to, const std::string& path) {
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& failed) {
    return invalid(fmt::format("{}, line {}: {}", path, failed.source().begin.line, failed.description()));
  }
  for (const auto& [key, node] : table) {
    if (key.str() == smtp_password_key && node.is_string()) {
      to.mail.password = node.as_string()->get();
      continue;
    }
    const auto which =
        std::ranges::find_if(options(), [&](const option& one) { return file_key(one.name) == key.str(); });
    if (which == options().end()) return invalid(fmt::format("{}: '{}' is not known", path, key.str()));
    const auto text = text_of(node);
    if (!text) return invalid(fmt::format("{}: '{}' must be a text, number, truth value or list", path, key.str()));
    if (auto applied = apply_to(to, *which, *text, path); !applied) return applied;
  }
  return {};
}

bool may_others_read(const std::string& path) {
  std::error_code unknown;
  const auto about = std::filesystem::status(path, unknown).permissions();
  return !unknown && (about & std::filesystem::perms::others_read) != std::filesystem::perms::none;
}

bool has_password(const config& of) {
  return !of.mail.password.empty() || (of.outbound_proxy && !of.outbound_proxy->authorization.empty());
}

base::result<void> apply_secrets(config& to, const environment& from) {
  to.master_key = from("POSTHORN_MASTER_KEY").value_or("");
  to.admin_token = from("POSTHORN_ADMIN_TOKEN").value_or("");
  to.mail.password = from("POSTHORN_SMTP_PASSWORD").value_or(to.mail.password);
  if (to.admin_token.empty() || account::is_admin_token(to.admin_token)) return {};
  return invalid(fmt::format("POSTHORN_ADMIN_TOKEN must be {} to {} visible ASCII characters",
                             account::admin_token_chars_min, base::limits::admin_token_chars_max));
}

}  // namespace

std::string environment_name(std::string_view option_name) {
  std::string out = "POSTHORN_";
  for (const char c : option_name) out += c == '-' ? '_' : static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string file_key(std::string_view option_name) {
  std::string out(option_name);
  std::ranges::replace(out, '-', '_');
  return out;
}

base::result<config> load_config(std::string file, const environment& from, const flag_values& flags) {
  config out;
  if (file.empty()) file = from("POSTHORN_CONFIG").value_or("");
  if (!file.empty()) {
    if (auto applied = apply_file(out, file); !applied) return std::unexpected(std::move(applied.error()));
    if (has_password(out) && may_others_read(file)) {
      out.warnings.push_back(file + " has a password, and others may read it: chmod 600 it");
    }
  }
  for (const option& one : options()) {
    const std::string name = environment_name(one.name);
    if (const auto text = from(name)) {
      if (auto applied = apply_to(out, one, *text, name); !applied) return std::unexpected(std::move(applied.error()));
    }
  }
  for (const option& one : options()) {
    const auto flag = flags.find(one.name);
    if (flag == flags.end()) continue;
    if (auto applied = apply_to(out, one, flag->second, "--" + flag->first); !applied) {
      return std::unexpected(std::move(applied.error()));
    }
    if (one.name == "outbound-proxy" && out.outbound_proxy && !out.outbound_proxy->authorization.empty()) {
      out.warnings.emplace_back(
          "--outbound-proxy shows the proxy's password to whoever lists processes, and takes none "
          "from the next release on: set POSTHORN_OUTBOUND_PROXY, or outbound_proxy in the file");
    }
  }
  if (auto applied = apply_secrets(out, from); !applied) return std::unexpected(std::move(applied.error()));
  if (out.tls_cert.empty() != out.tls_key.empty()) return invalid("tls-cert and tls-key belong together: give both");
  if (out.mail.is_set() && out.mail.from.empty()) return invalid("smtp-url needs smtp-from: whom mails come from");
  return out;
}

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* text = std::getenv(name.c_str());
    if (text == nullptr || *text == '\0') return std::nullopt;
    return text;
  };
}

}  // namespace posthorn::app
