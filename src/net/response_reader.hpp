// Turns the bytes of an answer into an exchange_result: head, framing, bounded body, evidence. No I/O: the client reads
// into prepare() and calls commit() until it is over, so that every split of the bytes can be tested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/exchange.hpp"
#include "net/http1_chunked.hpp"
#include "net/http1_response_parser.hpp"

namespace posthorn::net {

// Keeps its buffer and field list between answers. Not thread-safe.
class response_reader {
 public:
  enum class step : std::uint8_t { need_more, over };

  response_reader();

  // Before each answer. `limits` and `result` must live until it is over.
  void start(const exchange_limits& limits, exchange_result& result);

  // Where the next bytes go; never empty.
  [[nodiscard]] std::span<char> prepare();
  // `bytes` have arrived there. over: the answer is complete, or result.error says why it cannot be.
  [[nodiscard]] step commit(std::size_t bytes);
  // No more bytes will come. The end of a body that is delimited so; else result.error becomes `connection`.
  void finish_at_close();

  [[nodiscard]] bool any_bytes() const noexcept { return any_bytes_; }
  // The final head has been read.
  [[nodiscard]] bool has_head() const noexcept { return has_head_; }
  // Once over: the answer ended where its framing says, nothing came behind it, and both sides keep the connection.
  [[nodiscard]] bool connection_reusable() const noexcept { return complete_ && reusable_; }
  // Gives memory back that a huge head took.
  void shrink();

 private:
  step take_head();
  step take_body(std::string_view bytes);
  step take_chunks(std::string_view bytes);
  step keep(std::string_view piece);
  void note_head(std::string_view head_bytes);
  step fail(exchange_error error, std::string_view detail);
  step complete(std::size_t left_over);

  response_parser parser_;
  chunked_decoder chunks_;
  std::string buffer_;
  std::size_t filled_ = 0;  // of the buffer: bytes of the head that have arrived

  const exchange_limits* limits_ = nullptr;
  exchange_result* result_ = nullptr;
  std::uint64_t body_bytes_ = 0;
  std::size_t interim_ = 0;
  bool any_bytes_ = false;
  bool has_head_ = false;
  bool complete_ = false;
  bool reusable_ = false;
};

}  // namespace posthorn::net
