// The program's entry: reads the command line and hands over.
#include <csignal>

#include "app/commands.hpp"

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  return posthorn::app::run_command(count, arguments);
}
