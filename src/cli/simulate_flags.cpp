#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "base/limits.hpp"
#include "cli/profile.hpp"
#include "cli/simulate.hpp"

namespace posthorn::cli {
namespace {

namespace limits = base::limits;

std::string footer() {
  std::string text = "\nProfiles:\n";
  for (const profile& each : profiles()) text += fmt::format("  {:<11}{}\n", each.name, each.meaning);
  return text +
         "Whoever leaves ends by the integration's time limit, later. The same seed and prefix make the same people;\n"
         "a uid can be used once, so let the prefix differ from run to run, or leave it out.\n"
         "Exit codes: 0 every journey ended as planned, 1 some did not or Ctrl-C came, 2 command line.";
}

std::vector<std::string> profile_names() {
  std::vector<std::string> names;
  for (const profile& each : profiles()) names.emplace_back(each.name);
  return names;
}

}  // namespace

void declare_simulate(CLI::App& to, simulate_flags& flags) {
  to.footer(footer());
  to.add_option("--users", flags.users, "how many people")
      ->required()
      ->check(CLI::Range(1, limits::simulated_people_max))
      ->type_name("N");
  to.add_option("--integration-id", flags.integration_id, "for which they are assessed")->required()->type_name("ID");
  declare_api_key(to, flags.key, "of that integration");
  to.add_option("--url", flags.url, "of the server's API (http://127.0.0.1:8080)")->type_name("URL");
  to.add_option("--ca-file", flags.ca_file, "PEM, trusted beside the system's certificates")->type_name("FILE");
  to.add_option("--profile", flags.profile, "who they are (mixed)")
      ->check(CLI::IsMember(profile_names()))
      ->type_name("NAME");
  to.add_option("--concurrency", flags.at_once, "journeys at a time (50)")
      ->check(CLI::Range(1, limits::simulated_at_once_max))
      ->type_name("N");
  to.add_option("--pace", flags.pace, "real: thinking takes as long as it does; fast: a five-hundredth of it (fast)")
      ->check(CLI::IsMember({"real", "fast"}))
      ->type_name("real|fast");
  to.add_option("--seed", flags.seed, "of all chance (another one each time)")->type_name("N");
  to.add_option("--uid-prefix", flags.uid_prefix, "uids are PREFIX-000001 and so on (a new one each time)")
      ->type_name("PREFIX");
  to.add_option("--json", flags.json_file, "where to write what became of each uid")->type_name("FILE");
}

}  // namespace posthorn::cli
