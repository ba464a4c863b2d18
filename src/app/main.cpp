// The program's entry: reads the command line and hands over.
#include <sys/stat.h>

#include <csignal>

#include "app/commands.hpp"

int main(int count, char** arguments) {
  ::umask(::umask(0) | 077);  // what it makes holds personal data
  std::signal(SIGPIPE, SIG_IGN);
  return posthorn::app::run_command(count, arguments);
}
