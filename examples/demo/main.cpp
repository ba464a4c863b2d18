// posthorn-demo: events delivered, refused, retried and recovered, with real processes on this machine.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "screen.hpp"
#include "story.hpp"

namespace {

volatile std::sig_atomic_t interrupted = 0;

void interrupt(int) { interrupted = 1; }

int run(bool once) {
  const demo::screen screen;
  demo::story story(screen);
  story.send_events();
  const bool arrived = story.show_until_arrived(interrupted);
  if (interrupted != 0) return 130;
  const bool good = story.tell_outcomes() && arrived;
  if (!once && good) {
    story.let_people_come(interrupted);
    if (interrupted != 0) return 130;
    story.tell_addresses();
    story.show_until_interrupted(interrupted);
  }
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Shows events delivered, refused, retried and recovered, by a server and a receiver of its own");
  bool once = false;
  program.add_flag("--once", once, "end after the story; status 0 if every event arrived, verified and in order");
  CLI11_PARSE(program, argc, argv);
  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);
  try {
    return run(once);
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "posthorn-demo: %s\n", failed.what());
    return 1;
  }
}
