// posthorn serve | backup | admin create | admin rotate-master-key | simulate | diagnose | version.
#pragma once

namespace posthorn::app {

// Exit codes: 0 done (also an ordered stop, and help); 1 it failed while running; 2 the command line or configuration
// is not usable; 3 the store cannot be opened (locked, damaged, newer, wrong key).
inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_store = 3;

int run_command(int count, char** arguments);

}  // namespace posthorn::app
