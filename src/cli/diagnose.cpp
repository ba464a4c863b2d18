#include "cli/diagnose.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <fstream>

#include "cli/patient_caller.hpp"
#include "cli/server_address.hpp"

namespace posthorn::cli {
namespace {

namespace asio = boost::asio;

constexpr auto patience = std::chrono::seconds(10);
constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (unreserved.contains(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string target_of(const diagnose_flags& flags) {
  std::string target = flags.bundle_file.empty() ? "/v1/diagnose" : "/v1/diagnose/bundle";
  target += "?uid=" + percent_encoded(flags.uid);
  if (!flags.integration_id.empty()) target += "&integration_id=" + percent_encoded(flags.integration_id);
  return target;
}

asio::awaitable<void> call_once(asio::io_context& io, patient_caller& calls, const std::string& target,
                                const std::string& credential, reply& got) {
  asio::steady_timer pause(io);
  got = co_await calls.call({"GET", target}, credential, {}, pause, patience);
  io.stop();
}

reply ask(const server_address& server, const diagnose_flags& flags, const std::string& key) {
  asio::io_context io{1};
  patient_caller calls(io, server.url, server.tls);
  const std::string target = target_of(flags);
  const std::string credential = "Authorization: Bearer " + key;
  reply got;
  asio::co_spawn(io, call_once(io, calls, target, credential, got), asio::detached);
  io.run();
  return got;
}

bool write_file(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text << "\n";
  out.flush();
  return static_cast<bool>(out);
}

diagnose_outcome fail(diagnose_outcome how, std::string_view why) {
  fmt::print(stderr, "posthorn: {}\n", why);
  return how;
}

}  // namespace

void declare_diagnose(CLI::App& to, diagnose_flags& flags) {
  to.footer(
      "\nGoes through the troubleshooting guide by itself, and changes nothing.\n"
      "Exit codes: 0 nothing fails, 1 something does or the server did not answer, 2 command line.");
  to.add_option("--url", flags.url, "of the server's API (http://127.0.0.1:8080)")->type_name("URL");
  declare_api_key(to, flags.key, "of the integration, or the machine admin's token");
  to.add_option("--integration-id", flags.integration_id, "with the machine admin's token: which one")->type_name("ID");
  to.add_option("--uid", flags.uid, "of whom (the integration as a whole)")->type_name("UID");
  to.add_option("--bundle", flags.bundle_file, "also write all that it was read from, for support; personal data")
      ->type_name("FILE");
  to.add_option("--ca-file", flags.ca_file, "PEM, trusted beside the system's certificates")->type_name("FILE");
}

diagnose_outcome diagnose(const diagnose_flags& flags) {
  const auto key = read_api_key(flags.key);
  if (!key) return fail(diagnose_outcome::unusable, key.error().detail);
  const auto server = find_server(flags.url, flags.ca_file);
  if (!server) return fail(diagnose_outcome::unusable, server.error().detail);
  const reply got = ask(*server, flags, *key);
  if (!got.failure.empty()) return fail(diagnose_outcome::failing, got.failure);
  const std::string shown = checklist_text(got.body);
  if (shown.empty()) return fail(diagnose_outcome::failing, "the server's answer is no checklist");
  fmt::print("{}", shown);
  if (!flags.bundle_file.empty() && !write_file(flags.bundle_file, got.body)) {
    return fail(diagnose_outcome::failing, flags.bundle_file + " cannot be written");
  }
  return shown.contains("\nFAIL") ? diagnose_outcome::failing : diagnose_outcome::nothing_failing;
}

}  // namespace posthorn::cli
