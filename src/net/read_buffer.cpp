#include "net/read_buffer.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace posthorn::net {

void read_buffer::move_to(std::size_t capacity) {
  assert(capacity >= size());
  auto storage = std::make_unique_for_overwrite<char[]>(capacity);
  if (!empty()) std::memcpy(storage.get(), storage_.get() + begin_, size());
  end_ = size();
  begin_ = 0;
  storage_ = std::move(storage);
  capacity_ = capacity;
}

bool read_buffer::reserve(std::size_t total) {
  if (capacity_ - begin_ >= total && capacity_ != 0) return false;
  if (capacity_ < total || capacity_ == 0) {
    move_to(std::max(total, small_bytes_));
  } else {
    std::memmove(storage_.get(), storage_.get() + begin_, size());
    end_ = size();
    begin_ = 0;
  }
  return true;
}

bool read_buffer::reserve_more() {
  if (end_ < capacity_) return false;
  return reserve(begin_ > 0 ? size() + 1 : std::max(2 * size(), small_bytes_));
}

void read_buffer::consume(std::size_t count) noexcept {
  assert(count <= size());
  begin_ += count;
  if (begin_ == end_) begin_ = end_ = 0;
}

void read_buffer::shrink() {
  if (capacity_ > small_bytes_ && size() <= small_bytes_) move_to(small_bytes_);
}

}  // namespace posthorn::net
