// The master key over its life: which one opens the store, changing it, and finishing a change that was interrupted.
//   DIR/master.key        the key, where POSTHORN_MASTER_KEY does not give it
//   DIR/master.key.next   the new one: durable before the first secret is sealed with it, renamed to master.key after
#pragma once

#include <cstddef>
#include <string>

#include "app/data_directory.hpp"
#include "base/result.hpp"

namespace posthorn::app {

struct rotation_request {
  std::string data;
  std::string old_key;       // POSTHORN_MASTER_KEY, as given; "": DIR/master.key
  std::string new_key;       // POSTHORN_NEW_MASTER_KEY, as given; "": none
  std::string new_key_file;  // beats new_key; "": none
};

struct rotation_outcome {
  std::size_t secrets = 0;   // sealed anew
  bool done_before = false;  // the store had the new key already: an earlier call was interrupted, or repeated
  std::string key_file =
      {};  // where the new key is; "": with the caller, who gives it as POSTHORN_MASTER_KEY from now on
};

// store_locked: a server runs on the directory. wrong_master_key: the old key does not open the store.
// invalid_configuration: no store, a key that is none, or no new key beside an old one from the environment; a new key
// that nobody named is made only for the key file.
[[nodiscard]] base::result<rotation_outcome> rotate_master_key(const rotation_request& wanted);

// data_directory::master_key of a server that starts; if a change of the key file was interrupted after the store had
// taken the new key, it is finished first.
[[nodiscard]] base::result<std::string> settled_master_key(const data_directory& of, const std::string& given);

}  // namespace posthorn::app
