// Shows a simulation while it runs: redraws a bar where standard error is a terminal, else writes a line every few
// seconds; the table goes to standard output. On the io_context's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>

#include "cli/patient_caller.hpp"
#include "cli/tally.hpp"
#include "cli/tally_text.hpp"

namespace posthorn::cli {

class progress {
 public:
  // What it is given outlives it.
  progress(boost::asio::io_context& io, const tally& of, int people, const patient_caller& calls);

  void begin(const std::string& headline);
  // The bar goes, the table comes.
  void end();

 private:
  void arm();
  void show() const;
  [[nodiscard]] moment now() const;

  const tally& of_;
  const int people_;
  const patient_caller& calls_;
  const bool on_terminal_;
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace posthorn::cli
