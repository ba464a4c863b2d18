#include "base/log_queue.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <sstream>
#include <string>
#include <vector>

namespace posthorn::base {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds long_enough{30'000};

std::string lost(std::uint64_t lines) { return "lost " + std::to_string(lines); }

struct pipe_ends {
  pipe_ends() { EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0); }
  ~pipe_ends() {
    close_reader();
    ::close(ends[1]);
  }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;

  void close_reader() {
    if (ends[0] >= 0) ::close(std::exchange(ends[0], -1));
  }
  // Until what was read ends with `text`, or the pipe does.
  std::string read_until(const std::string& text) const {
    std::string all;
    std::array<char, 4096> bytes{};
    while (!all.ends_with(text)) {
      const ssize_t count = ::read(ends[0], bytes.data(), bytes.size());
      if (count <= 0) break;
      all.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return all;
  }

  std::array<int, 2> ends{-1, -1};
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

TEST(log_queue, writes_lines_in_order_and_whole) {
  const pipe_ends pipe;
  log_queue queue(pipe.ends[1], 1 << 20, lost);
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const std::string line = std::to_string(i) + std::string(static_cast<std::size_t>(i), 'x');
    queue.push(line);
    expected += line + '\n';
  }
  EXPECT_TRUE(queue.flush(long_enough));
  EXPECT_EQ(pipe.read_until("199" + std::string(199, 'x') + "\n"), expected);
  EXPECT_EQ(queue.dropped(), 0U);
}

TEST(log_queue, a_reader_that_stands_still_stops_nobody_and_is_told_what_it_missed) {
  constexpr std::uint64_t pushed = 20'000;
  const pipe_ends pipe;
  log_queue queue(pipe.ends[1], 1 << 16, lost);
  const std::string line(99, 'x');
  for (std::uint64_t i = 0; i < pushed; ++i) queue.push(line);  // 2 MB; the pipe takes 64 KiB
  EXPECT_GT(queue.dropped(), 0U);
  EXPECT_FALSE(queue.flush(milliseconds(1)));

  std::uint64_t arrived = 0;
  std::uint64_t told = 0;
  while (arrived + told < pushed) {
    for (const std::string& each : lines_of(pipe.read_until("\n"))) {
      if (each.starts_with("lost ")) {
        told += std::stoull(each.substr(5));
      } else {
        EXPECT_EQ(each, line);
        ++arrived;
      }
    }
  }
  EXPECT_TRUE(queue.flush(long_enough));
  EXPECT_EQ(told, queue.dropped());
  EXPECT_EQ(arrived + told, pushed);
  queue.push("again");
  EXPECT_EQ(pipe.read_until("again\n"), "again\n");
}

TEST(log_queue, ends_although_its_reader_stands_still) {
  const pipe_ends pipe;
  {
    log_queue queue(pipe.ends[1], 1 << 20, lost);
    for (int i = 0; i < 10'000; ++i) queue.push("a line that nobody reads");
    EXPECT_FALSE(queue.flush(milliseconds(1)));
  }
  SUCCEED() << "the destructor has returned";
}

TEST(log_queue, counts_what_a_reader_that_is_gone_does_not_take) {
  std::signal(SIGPIPE, SIG_IGN);
  pipe_ends pipe;
  pipe.close_reader();
  log_queue queue(pipe.ends[1], 1 << 20, lost);
  for (int i = 0; i < 3; ++i) {
    queue.push("one");
    EXPECT_TRUE(queue.flush(long_enough));
  }
  EXPECT_EQ(queue.dropped(), 3U);
}

}  // namespace
}  // namespace posthorn::base
