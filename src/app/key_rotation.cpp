#include "app/key_rotation.hpp"

#include "app/key_file.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "store/sqlite/key_rotation.hpp"

namespace posthorn::app {
namespace {

using base::fault;

std::string next_path(const data_directory& of) { return of.key_path() + ".next"; }

base::result<bool> opens_with(const data_directory& of, const std::string& key) {
  const auto box = store::secret_box::make(key);
  if (!box) return std::unexpected(box.error());
  return store::sqlite::opens_with(of.path(), *box);
}

// True if the key file had to be brought in line with the store.
base::result<bool> finish_interrupted(const data_directory& of) {
  const auto next = read_key_file(next_path(of));
  if (!next) {
    if (next.error().code == fault::not_found) return false;
    return std::unexpected(next.error());
  }
  const auto taken = opens_with(of, *next);
  if (!taken || !*taken) return taken;
  if (auto named = rename_key_file(next_path(of), of.key_path()); !named) return std::unexpected(named.error());
  base::log_info("master_key_rotation_finished", {});
  return true;
}

// The key that was named; "" if none was.
base::result<std::string> named_key(const rotation_request& wanted) {
  if (!wanted.new_key_file.empty()) {
    auto read = read_key_file(wanted.new_key_file);
    if (!read && read.error().code == fault::not_found) read.error().code = fault::invalid_configuration;
    return read;
  }
  if (!wanted.new_key.empty()) return decode_key(wanted.new_key, "POSTHORN_NEW_MASTER_KEY");
  return std::string();
}

// What an interrupted call had chosen, else a new one.
std::string chosen_key(const data_directory& of) {
  auto next = read_key_file(next_path(of));
  return next ? *std::move(next) : base::random_bytes(master_key_bytes);
}

base::result<std::size_t> reseal(const data_directory& of, const std::string& from, const std::string& to) {
  const auto old_box = store::secret_box::make(from);
  const auto new_box = store::secret_box::make(to);
  if (!old_box) return std::unexpected(old_box.error());
  if (!new_box) return std::unexpected(new_box.error());
  return store::sqlite::reseal(of.path(), *old_box, *new_box, base::system_clock());
}

base::result<rotation_outcome> rotate_given(const data_directory& of, const std::string& from, const std::string& to) {
  if (to.empty()) {
    return base::fail(fault::invalid_configuration,
                      "the old key is POSTHORN_MASTER_KEY: give the new one by --new-key-file or "
                      "POSTHORN_NEW_MASTER_KEY");
  }
  const auto taken = opens_with(of, to);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return rotation_outcome{.done_before = true};
  const auto count = reseal(of, from, to);
  if (!count) return std::unexpected(count.error());
  return rotation_outcome{.secrets = *count};
}

base::result<rotation_outcome> rotate_file(const data_directory& of, const std::string& named) {
  const auto finished = finish_interrupted(of);
  if (!finished) return std::unexpected(finished.error());
  const auto from = of.master_key("");
  if (!from) return std::unexpected(from.error());
  const auto right = opens_with(of, *from);
  if (!right) return std::unexpected(right.error());
  if (!*right) {
    return base::fail(fault::wrong_master_key, of.key_path() +
                                                   " is not the key that the store's secrets are sealed "
                                                   "with: put that one there first");
  }
  if ((*finished && named.empty()) || *from == named) {
    return rotation_outcome{.done_before = true, .key_file = of.key_path()};
  }
  const std::string to = named.empty() ? chosen_key(of) : named;
  if (auto kept = write_key_file(next_path(of), to); !kept) return std::unexpected(kept.error());
  const auto count = reseal(of, *from, to);
  if (!count) return std::unexpected(count.error());
  if (auto put = rename_key_file(next_path(of), of.key_path()); !put) return std::unexpected(put.error());
  return rotation_outcome{.secrets = *count, .key_file = of.key_path()};
}

}  // namespace

base::result<rotation_outcome> rotate_master_key(const rotation_request& wanted) {
  const auto directory = data_directory::open_existing(wanted.data);
  if (!directory) return std::unexpected(directory.error());
  const auto to = named_key(wanted);
  if (!to) return std::unexpected(to.error());
  if (wanted.old_key.empty()) return rotate_file(*directory, *to);
  const auto from = directory->master_key(wanted.old_key);
  if (!from) return std::unexpected(from.error());
  return rotate_given(*directory, *from, *to);
}

base::result<std::string> settled_master_key(const data_directory& of, const std::string& given) {
  if (given.empty()) {
    if (const auto settled = finish_interrupted(of); !settled) return std::unexpected(settled.error());
  }
  return of.master_key(given);
}

}  // namespace posthorn::app
