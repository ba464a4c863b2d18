// What is stored about a person beside events, as rows: told, and erased.
#pragma once

#include "store/person_store.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// A reader's connection.
base::result<person_traces> read_traces(connection& on, const person& of);

// Whether links are being made of which one is for the person.
base::result<bool> is_in_unmade_batch(connection& on, const person& of);

// Sessions, links, certificates, completed lessons, and what the request log says of the uid. Writer thread, in a
// transaction.
base::result<void> erase_records(connection& on, const person& of, erasure_report& done);

// One stretch of the log of changes, from the entry after `after` on: its entries stay, and no longer name the uid.
// The last entry looked at; 0: there are no more. Writer thread, in a transaction.
base::result<std::int64_t> erase_from_changes(connection& on, const person& of, std::int64_t after,
                                              erasure_report& done);

}  // namespace posthorn::store::sqlite
