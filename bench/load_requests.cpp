#include "load_requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace posthorn::bench {
namespace {

constexpr std::size_t uid_digits = 8;
constexpr std::size_t number_digits = 16;
// What the envelope (contract 2.1) adds around details: a 20-digit integration_id and the names.
constexpr std::string_view envelope_frame =
    R"({"uid":"bench-00000000","integration_id":"00000000000000000000","event":{"type":"","details":}})";

void patch(std::string& text, std::size_t at, std::size_t digits, std::uint64_t value) {
  for (std::size_t i = digits; i-- > 0; value /= 10) text[at + i] = static_cast<char>('0' + value % 10);
}

}  // namespace

request_maker::request_maker(request_options options, const target& where, std::size_t connections)
    : options_(std::move(options)),
      connections_(connections),
      uids_per_connection_(std::max<std::size_t>(1, options_.uids / connections)),
      // Keys of two runs against one store must differ.
      key_prefix_(fmt::format("load-{:x}-", now_us())),
      head_(fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\napi-key: {}\r\nContent-Type: {}\r\n", where.path, where.host,
                        options_.api_key, options_.batch > 1 ? "application/x-ndjson" : "application/json")),
      made_(connections) {
  for (const auto& type : options_.types) lines_.push_back(make_line(type));
}

request_maker::line request_maker::make_line(const std::string& type) const {
  line out{{}, 0, 0, 0, std::string::npos};
  auto& text = out.text;
  text = fmt::format(R"({{"type":"{}","uid":"bench-)", type);
  out.uid_at = text.size();
  text.append(uid_digits, '0').append("\",");
  if (options_.idempotency && options_.batch > 1) {
    text += R"("idempotency_key":")" + key_prefix_;
    out.key_at = text.size();
    text.append(number_digits, '0').append("\",");
  }
  const auto details = text.append(R"("details":)").size();
  text += R"({"sent_us":")";
  out.sent_at = text.size();
  text.append(number_digits, '0').append(R"(","seq":")");
  out.seq_at = text.size();
  text.append(number_digits, '0').append(R"(","answer":")");
  const auto so_far = text.size() - details + 2 + envelope_frame.size() + type.size();
  if (so_far < options_.payload_bytes) text.append(options_.payload_bytes - so_far, 'x');
  text += "\"}}";
  return out;
}

void request_maker::append_event(std::size_t connection, std::int64_t sent_us) {
  const auto made = made_[connection]++;
  const auto uid = connection + connections_ * (made % uids_per_connection_);
  auto& from = lines_[made % lines_.size()];
  patch(from.text, from.uid_at, uid_digits, uid);
  patch(from.text, from.sent_at, number_digits, static_cast<std::uint64_t>(sent_us));
  patch(from.text, from.seq_at, number_digits, made);
  if (from.key_at != std::string::npos) patch(from.text, from.key_at, number_digits, ++serial_);
  body_ += from.text;
}

std::string_view request_maker::next(std::size_t connection, std::int64_t sent_us) {
  body_.clear();
  for (std::size_t i = 0; i < options_.batch; ++i) {
    append_event(connection, sent_us);
    if (options_.batch > 1) body_ += '\n';
  }
  out_ = head_;
  auto end = std::back_inserter(out_);
  if (options_.idempotency && options_.batch == 1) {
    fmt::format_to(end, "Idempotency-Key: {}{}\r\n", key_prefix_, ++serial_);
  }
  fmt::format_to(end, "Content-Length: {}\r\n\r\n", body_.size());
  out_ += body_;
  return out_;
}

}  // namespace posthorn::bench
