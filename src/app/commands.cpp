#include "app/commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <string>

#include "app/admin_creation.hpp"
#include "app/admin_token.hpp"
#include "app/application.hpp"
#include "app/config.hpp"
#include "app/key_rotation.hpp"
#include "app/memory.hpp"
#include "app/version.hpp"
#include "cli/diagnose.hpp"
#include "cli/simulate.hpp"
#include "store/sqlite/backup.hpp"

namespace posthorn::app {
namespace {

using base::fault;

int fail(const base::error& why) {
  fmt::print(stderr, "posthorn: {}\n", why.detail.empty() ? std::string(base::text_of(why.code).title) : why.detail);
  switch (why.code) {
    case fault::invalid_configuration: return exit_usage;
    case fault::store_locked:
    case fault::store_corrupt:
    case fault::store_newer:
    case fault::wrong_master_key: return exit_store;
    default: return exit_failed;
  }
}

constexpr std::string_view serve_footer =
    "\nEach option is also an environment variable (--ops-listen: POSTHORN_OPS_LISTEN) and a key of the file\n"
    "(ops_listen = \"…\"); flags beat the environment, the environment beats the file.\n"
    "POSTHORN_ADMIN_TOKEN (32 characters or more) sets the machine-admin token, else the first start makes one and\n"
    "prints it once; `posthorn admin reset-token` makes a new one.\n"
    "POSTHORN_SMTP_PASSWORD, or smtp_password in the file, is the password of --smtp-user.\n"
    "POSTHORN_OUTBOUND_PROXY, or outbound_proxy in the file, may be http://USER:PASSWORD@HOST:PORT, percent-encoded.\n"
    "POSTHORN_MASTER_KEY (32 bytes, base64) seals secrets at rest, else DIR/master.key is made.\n"
    "Exit codes: 0 stopped in order, 1 failed, 2 command line or configuration, 3 the store cannot be opened.";

struct serve_flags {
  std::string file;
  std::map<std::string, std::string> texts;  // option name → text, "" where it was not given
  std::map<std::string, bool> switches;
};

void declare_serve(CLI::App& serve, serve_flags& flags) {
  serve.footer(std::string(serve_footer));
  serve.add_option("--config", flags.file, "TOML file with any of these options")->type_name("FILE");
  for (const option& one : options()) {
    const std::string name(one.name);
    if (one.value.empty()) {
      serve.add_flag("--" + name, flags.switches[name], std::string(one.meaning));
    } else {
      serve.add_option("--" + name, flags.texts[name], std::string(one.meaning))->type_name(std::string(one.value));
    }
  }
}

// A switch or option counts only where it was given, so that it beats the environment only then.
flag_values given(const CLI::App& serve, const serve_flags& flags) {
  flag_values out;
  for (const auto& [name, on] : flags.switches) {
    if (serve.count("--" + name) > 0) out[name] = on ? "true" : "false";
  }
  for (const auto& [name, text] : flags.texts) {
    if (serve.count("--" + name) > 0) out[name] = text;
  }
  return out;
}

int run_serve(const CLI::App& serve, const serve_flags& flags) {
  const auto with = load_config(flags.file, process_environment(), given(serve, flags));
  if (!with) return fail(with.error());
  auto running = application::start(*with);
  if (!running) return fail(running.error());
  give_memory_back();
  (*running)->run();
  return exit_done;
}

int run_backup(const std::string& data, const std::string& file) {
  if (auto done = store::sqlite::backup(data, file); !done) return fail(done.error());
  fmt::print("{}\n", file);
  return exit_done;
}

int run_simulate(const cli::simulate_flags& flags) {
  switch (cli::simulate(flags)) {
    case cli::simulate_outcome::as_planned: return exit_done;
    case cli::simulate_outcome::unusable: return exit_usage;
    case cli::simulate_outcome::otherwise: break;
  }
  return exit_failed;
}

int run_diagnose(const cli::diagnose_flags& flags) {
  switch (cli::diagnose(flags)) {
    case cli::diagnose_outcome::nothing_failing: return exit_done;
    case cli::diagnose_outcome::unusable: return exit_usage;
    case cli::diagnose_outcome::failing: break;
  }
  return exit_failed;
}

constexpr std::string_view rotate_footer =
    "\nThe server must not be running; killed at any moment, this can be called again, and the server starts.\n"
    "The old key is POSTHORN_MASTER_KEY, or DIR/master.key where that is not set. The new one is in the file of\n"
    "--new-key-file, or POSTHORN_NEW_MASTER_KEY; for DIR/master.key one is made where none is named.\n"
    "The new key replaces DIR/master.key. Where the old one was POSTHORN_MASTER_KEY, give the server the new one "
    "there.\n"
    "Backups that were taken before still need the old key. Session tokens and links that were handed out go on.\n"
    "Exit codes: 0 done, 1 failed, 2 command line or keys, 3 a server is running, or the old key is not the store's.";

int run_rotation(const rotation_request& wanted) {
  const auto done = rotate_master_key(wanted);
  if (!done) return fail(done.error());
  if (done->done_before) {
    fmt::print("The store has the new key already.\n");
  } else {
    fmt::print("{} secrets are sealed with the new key.\n", done->secrets);
  }
  if (done->key_file.empty()) {
    fmt::print("Start the server with the new key in POSTHORN_MASTER_KEY.\n");
  } else {
    fmt::print("The new key is in {}: keep a copy outside the machine.\n", done->key_file);
  }
  return exit_done;
}

constexpr std::string_view create_footer =
    "\nThe server must not be running. The password is asked for on the terminal, or read as one line from standard\n"
    "input where that is no terminal. The first admin is also made by the link that the first start prints.\n"
    "Exit codes: 0 done, 1 failed, 2 command line, 3 a server is running, or the master key is not the store's.";

int run_creation(admin_request wanted) {
  auto password = ask_for_password();
  if (!password) return fail(password.error());
  wanted.password = *std::move(password);
  const auto made = create_admin(wanted);
  if (!made) return fail(made.error());
  fmt::print("{}\n", *made);
  return exit_done;
}

constexpr std::string_view reset_footer =
    "\nThe server must not be running. The new token is printed, and the one before is void. To choose one yourself,\n"
    "start the server with it in POSTHORN_ADMIN_TOKEN.\n"
    "Exit codes: 0 done, 1 failed, 2 command line, 3 a server is running, or the master key is not the store's.";

int run_reset(const std::string& data) {
  const auto token = reset_admin_token(data, process_environment()("POSTHORN_MASTER_KEY").value_or(""));
  if (!token) return fail(token.error());
  fmt::print("{}\n", *token);
  return exit_done;
}

}  // namespace

int run_command(int count, char** arguments) {
  CLI::App program{"Posthorn, the webhook platform you run yourself."};
  program.require_subcommand(1);
  program.failure_message(CLI::FailureMessage::help);

  serve_flags flags;
  CLI::App* serve = program.add_subcommand("serve", "take events in and deliver them");
  declare_serve(*serve, flags);

  std::string data = config().data;
  std::string file;
  CLI::App* backup = program.add_subcommand("backup", "copy the store of a running or stopped server to FILE");
  backup->add_option("file", file, "the copy; must not exist")->required()->type_name("FILE");
  backup->add_option("--data", data, "the server's data directory (posthorn-data)")
      ->envname("POSTHORN_DATA")
      ->type_name("DIR");

  cli::simulate_flags people;
  CLI::App* simulate = program.add_subcommand("simulate", "let people take assessments, through a server's public API");
  cli::declare_simulate(*simulate, people);

  cli::diagnose_flags trouble;
  CLI::App* diagnose = program.add_subcommand("diagnose", "say what is wrong with an integration or a uid, and why");
  cli::declare_diagnose(*diagnose, trouble);

  CLI::App* admin = program.add_subcommand("admin", "what the operator does to a stopped server");
  admin->require_subcommand(1);
  rotation_request rotation{.data = config().data, .old_key = {}, .new_key = {}, .new_key_file = {}};
  CLI::App* rotate = admin->add_subcommand("rotate-master-key", "seal every secret at rest with a new master key");
  rotate->footer(std::string(rotate_footer));
  rotate->add_option("--data", rotation.data, "the server's data directory (posthorn-data)")
      ->envname("POSTHORN_DATA")
      ->type_name("DIR");
  rotate->add_option("--new-key-file", rotation.new_key_file, "the new key, 32 bytes as base64, readable by you alone")
      ->type_name("FILE");

  admin_request person{.data = config().data, .master_key = {}, .email = {}, .name = {}, .company = {}, .password = {}};
  CLI::App* create = admin->add_subcommand("create", "make an admin of a company, who logs in at the console");
  create->footer(std::string(create_footer));
  create->add_option("--data", person.data, "the server's data directory (posthorn-data)")
      ->envname("POSTHORN_DATA")
      ->type_name("DIR");
  create->add_option("--email", person.email, "the admin's e-mail address")->required()->type_name("ADDRESS");
  create->add_option("--name", person.name, "the admin's name")->required()->type_name("NAME");
  create->add_option("--company", person.company, "a company's id, co_… (the first company)")->type_name("ID");

  CLI::App* reset = admin->add_subcommand("reset-token", "make a new machine-admin token and print it");
  reset->footer(std::string(reset_footer));
  reset->add_option("--data", data, "the server's data directory (posthorn-data)")
      ->envname("POSTHORN_DATA")
      ->type_name("DIR");

  CLI::App* show_version = program.add_subcommand("version", "print the version");

  try {
    program.parse(count, arguments);
  } catch (const CLI::ParseError& stopped) {
    return program.exit(stopped) == 0 ? exit_done : exit_usage;
  }
  if (show_version->parsed()) {
    fmt::print("posthorn {}\n", version);
    return exit_done;
  }
  if (simulate->parsed()) return run_simulate(people);
  if (diagnose->parsed()) return run_diagnose(trouble);
  if (rotate->parsed()) {
    const environment from = process_environment();
    rotation.old_key = from("POSTHORN_MASTER_KEY").value_or("");
    rotation.new_key = from("POSTHORN_NEW_MASTER_KEY").value_or("");
    return run_rotation(rotation);
  }
  if (create->parsed()) {
    person.master_key = process_environment()("POSTHORN_MASTER_KEY").value_or("");
    return run_creation(std::move(person));
  }
  if (reset->parsed()) return run_reset(data);
  return backup->parsed() ? run_backup(data, file) : run_serve(*serve, flags);
}

}  // namespace posthorn::app
