// The bytes that have arrived on one connection and are not yet dealt with, contiguous, in storage that grows for a
// large message and is given back after it.
#pragma once

#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <memory>
#include <string_view>

namespace posthorn::net {

// Not thread-safe. Views into it hold until reserve(), consume(), truncate() or shrink().
class read_buffer {
 public:
  // `small_bytes` is what shrink() goes back to; nothing is allocated before the first reserve().
  explicit read_buffer(std::size_t small_bytes) noexcept : small_bytes_(small_bytes) {}

  [[nodiscard]] std::string_view view() const noexcept { return {storage_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  // Room for `total` bytes from the first unconsumed one on. True if the bytes moved.
  bool reserve(std::size_t total);
  // Room for at least one more byte (twice the size where it grows). True if the bytes moved.
  bool reserve_more();
  // Where the next bytes go; empty if there is no room.
  [[nodiscard]] boost::asio::mutable_buffer free_space() noexcept { return {storage_.get() + end_, capacity_ - end_}; }
  void commit(std::size_t count) noexcept { end_ += count; }
  // Drops from the front.
  void consume(std::size_t count) noexcept;
  // Drops what stands behind the first `count` bytes.
  void truncate(std::size_t count) noexcept { end_ = begin_ + count; }
  // Gives large storage back if what it holds fits into the small one.
  void shrink();

 private:
  void move_to(std::size_t capacity);

  std::size_t small_bytes_;
  std::unique_ptr<char[]> storage_;  // not initialised: pages of a large body are touched as it arrives
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace posthorn::net
