// The program's entry: reads the command line and hands over.
#include <malloc.h>

#include <csignal>

#include "app/commands.hpp"

int main(int count, char** arguments) {
  // Few arenas: memory freed by one thread is used by the next instead of lying idle.
  mallopt(M_ARENA_MAX, 2);
  std::signal(SIGPIPE, SIG_IGN);
  return posthorn::app::run_command(count, arguments);
}
