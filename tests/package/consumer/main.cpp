// A program outside the project: verifies, reads and de-duplicates the body in the file it is given. Exits 0 if all
// holds.
#include <fstream>
#include <iterator>
#include <receiver/duplicates.hpp>
#include <receiver/event.hpp>
#include <receiver/verifier.hpp>
#include <string>

using namespace posthorn;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream file(argv[1]);
  const std::string body{std::istreambuf_iterator<char>(file), {}};
  const std::string signature =  // tests/vectors/x_signature.json
      "4ab8f63b208fb3f05d7c70fa5c49c1519d36d84b3b2c2624e9d9ed7d02f3fd84e7068d79d7d797d26aee16d119d8dde105df690c57cebed5"
      "5dede401e7731179";

  receiver::verifier keys;
  if (!keys.add_key("ph_test_4Tn3vQ8mZ1xK7cR9bW2yL6pD")) return 3;
  if (!keys.verify({.x_signature = signature}, body, 0)) return 4;
  if (keys.verify({.x_signature = signature}, body + " ", 0)) return 5;

  const auto event = receiver::parse_event(body, "application.complete");
  if (!event || !std::holds_alternative<receiver::application_complete>(event->details)) return 6;

  receiver::seen_set seen;
  const auto identity = receiver::duplicate_keys_of(*event, "evt_1", "lender");
  if (seen.contains(identity)) return 7;
  seen.insert(identity);
  return seen.contains(identity) ? 0 : 8;
}
