// The program's entry: reads the command line and hands over.
#include <sys/stat.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "app/commands.hpp"

int main(int count, char** arguments) {
  ::umask(::umask(0) | 077);  // what it makes holds personal data
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a full disk, which writes report
  try {
    return posthorn::app::run_command(count, arguments);
  } catch (const std::exception& unexpected) {
    std::fprintf(stderr, "posthorn: %s\n", unexpected.what());
    return posthorn::app::exit_failed;
  }
}
