#include "net/response_reader.hpp"

#include <algorithm>
#include <cassert>

namespace posthorn::net {

namespace limits = base::limits;

response_reader::response_reader() : buffer_(limits::response_buffer_bytes, '\0') {}

void response_reader::start(const exchange_limits& bounds, exchange_result& result) {
  limits_ = &bounds;
  result_ = &result;
  parser_.reset();
  chunks_.reset();
  filled_ = 0;
  body_bytes_ = 0;
  interim_ = 0;
  any_bytes_ = has_head_ = complete_ = reusable_ = false;
}

void response_reader::shrink() {
  if (buffer_.size() == limits::response_buffer_bytes) return;
  buffer_.resize(limits::response_buffer_bytes);
  buffer_.shrink_to_fit();
}

std::span<char> response_reader::prepare() {
  if (has_head_) return buffer_;
  // The parser refuses a head that fills its limit, so there is always room to grow into.
  if (filled_ == buffer_.size()) buffer_.resize(std::min(2 * buffer_.size(), limits::response_head_bytes_max));
  assert(filled_ < buffer_.size());
  return std::span(buffer_).subspan(filled_);
}

response_reader::step response_reader::commit(std::size_t bytes) {
  any_bytes_ = any_bytes_ || bytes != 0;
  if (has_head_) return take_body(std::string_view(buffer_.data(), bytes));
  filled_ += bytes;
  return take_head();
}

response_reader::step response_reader::take_head() {
  while (true) {
    const std::string_view input(buffer_.data(), filled_);
    const parse_outcome parsed = parser_.parse(input);
    if (parsed.status == parse_status::need_more) return step::need_more;
    if (parsed.status == parse_status::fault) {
      // What came instead of an answer is what a person needs to see.
      result_->response_headers.assign(input.substr(0, limits_->evidence_headers_bytes_max));
      return fail(parsed.code == base::fault::headers_too_large ? exchange_error::too_large : exchange_error::protocol,
                  parsed.detail);
    }
    const response_head& head = parser_.head();
    if (head.status >= 200) {
      note_head(input.substr(0, parsed.consumed));
      has_head_ = true;
      return take_body(input.substr(parsed.consumed));
    }
    if (head.status == 101) return fail(exchange_error::protocol, "101 Switching Protocols was not asked for");
    if (++interim_ > limits::interim_responses_max) {
      return fail(exchange_error::protocol, "too many interim (1xx) answers");
    }
    buffer_.erase(0, parsed.consumed);
    buffer_.resize(buffer_.size() + parsed.consumed);
    filled_ -= parsed.consumed;
    parser_.reset();
  }
}

void response_reader::note_head(std::string_view head_bytes) {
  const response_head& head = parser_.head();
  result_->status = head.status;
  head_bytes.remove_suffix(2);  // the empty line
  result_->response_headers.assign(head_bytes.substr(0, limits_->evidence_headers_bytes_max));
  if (const auto retry_after = head.fields.find("Retry-After")) {
    result_->retry_after.emplace(*retry_after);
    if (const auto date = head.fields.find("Date")) result_->date.emplace(*date);
  }
}

response_reader::step response_reader::take_body(std::string_view bytes) {
  const response_head& head = parser_.head();
  switch (head.framing) {
    case body_framing::none: return complete(bytes.size());
    case body_framing::chunked: return take_chunks(bytes);
    case body_framing::until_close: return keep(bytes);
    case body_framing::length: break;
  }
  const std::uint64_t left = head.content_length - body_bytes_;
  const std::string_view piece = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size())));
  if (head.content_length > limits_->body_bytes_max) {
    (void)keep(piece.substr(0, limits_->evidence_body_bytes_max));
    return fail(exchange_error::too_large, "the answer announces a body larger than the limit");
  }
  if (keep(piece) == step::over) return step::over;
  return body_bytes_ == head.content_length ? complete(bytes.size() - piece.size()) : step::need_more;
}

response_reader::step response_reader::take_chunks(std::string_view bytes) {
  while (true) {
    const chunk_step next = chunks_.next(bytes);
    bytes.remove_prefix(next.consumed);
    switch (next.status) {
      case chunk_status::need_more: return step::need_more;
      case chunk_status::data:
        if (keep(next.data) == step::over) return step::over;
        break;
      case chunk_status::done: return complete(bytes.size());
      case chunk_status::fault:
        return fail(next.code == base::fault::headers_too_large ? exchange_error::too_large : exchange_error::protocol,
                    next.detail);
    }
  }
}

response_reader::step response_reader::keep(std::string_view piece) {
  body_bytes_ += piece.size();
  std::string& kept = result_->response_body;
  if (kept.size() < limits_->evidence_body_bytes_max) {
    kept.append(piece.substr(0, limits_->evidence_body_bytes_max - kept.size()));
  }
  if (body_bytes_ <= limits_->body_bytes_max) return step::need_more;
  return fail(exchange_error::too_large, "the answer's body is larger than the limit");
}

void response_reader::finish_at_close() {
  if (has_head_ && parser_.head().framing == body_framing::until_close) {
    (void)complete(0);
  } else {
    (void)fail(exchange_error::connection, has_head_    ? "connection closed in the middle of the answer's body"
                                           : any_bytes_ ? "connection closed in the middle of the answer's head"
                                                        : "connection closed without an answer");
  }
}

response_reader::step response_reader::fail(exchange_error error, std::string_view detail) {
  result_->error = error;
  result_->detail.assign(detail);
  return step::over;
}

response_reader::step response_reader::complete(std::size_t left_over) {
  complete_ = true;
  reusable_ = parser_.head().keep_alive && left_over == 0;
  return step::over;
}

}  // namespace posthorn::net
