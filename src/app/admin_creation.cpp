#include "app/admin_creation.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "account/people_service.hpp"
#include "app/data_directory.hpp"
#include "app/key_rotation.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "store/audit_log.hpp"
#include "store/sqlite/store.hpp"

namespace posthorn::app {
namespace {

namespace limits = base::limits;
using base::fault;

std::unexpected<base::error> unusable(std::string detail) {
  return base::fail(fault::invalid_configuration, std::move(detail));
}

base::result<void> check(const admin_request& wanted) {
  if (!model::is_email(wanted.email)) return unusable("--email must be an e-mail address");
  if (wanted.name.empty() || wanted.name.size() > limits::name_chars_max) {
    return unusable(fmt::format("--name must be 1 to {} bytes", limits::name_chars_max));
  }
  if (wanted.password.size() < limits::password_bytes_min || wanted.password.size() > limits::password_bytes_max) {
    return unusable(
        fmt::format("the password must be {} to {} bytes", limits::password_bytes_min, limits::password_bytes_max));
  }
  return {};
}

base::result<model::company_id> company_in(const store::directory& now, const std::string& named) {
  if (named.empty()) {
    return std::ranges::min_element(now.companies, {}, [](const auto& each) { return each.first; })->first;
  }
  const auto id = base::parse_id(base::company_prefix, named);
  if (id && now.companies.contains(*id)) return *id;
  return unusable("--company: there is no such company");
}

// What is typed does not show while it lives.
class silent_terminal {
 public:
  silent_terminal() {
    tcgetattr(STDIN_FILENO, &before_);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  silent_terminal(const silent_terminal&) = delete;
  silent_terminal& operator=(const silent_terminal&) = delete;
  ~silent_terminal() {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    fmt::print(stderr, "\n");
  }

 private:
  termios before_{};
};

std::string line_of_input() {
  std::string line;
  std::getline(std::cin, line);
  return line;
}

std::string typed(const char* prompt) {
  fmt::print(stderr, "{}", prompt);
  const silent_terminal silence;
  return line_of_input();
}

}  // namespace

base::result<std::string> create_admin(const admin_request& wanted) {
  if (auto good = check(wanted); !good) return std::unexpected(std::move(good.error()));
  const auto directory = data_directory::open_existing(wanted.data);
  if (!directory) return std::unexpected(directory.error());
  auto key = settled_master_key(*directory, wanted.master_key);
  if (!key) return std::unexpected(std::move(key.error()));
  auto store = store::sqlite::embedded_store::open({.data_directory = directory->path(), .master_key = *std::move(key)},
                                                   base::system_clock());
  if (!store) return std::unexpected(std::move(store.error()));
  const auto company = company_in(*(*store)->directory().current(), wanted.company);
  if (!company) return std::unexpected(company.error());
  account::live_sessions nobody;
  account::people_service people((*store)->people(), (*store)->directory(), nobody, base::system_clock());
  store::audit_note note{.entry = {.actor = store::actor_kind::operations, .action = "posthorn admin create"}};
  const store::acting as(&note);
  auto made = people.add_admin(*company, {wanted.email, wanted.name, wanted.password});
  if (!made) return unusable(std::move(made.error().detail));
  return base::format_id(base::member_prefix, made->id);
}

base::result<std::string> ask_for_password() {
  if (isatty(STDIN_FILENO) == 0) return line_of_input();
  std::string once = typed("Password: ");
  if (typed("Again: ") != once) return unusable("the two passwords differ");
  return once;
}

}  // namespace posthorn::app
