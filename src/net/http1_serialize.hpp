// Writing heads: appends to a string that the connection keeps, so that nothing is allocated once it has grown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::net {

// RFC 9110 section 15; "Unknown" for a status that it does not name.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

// "HTTP/1.1 202 Accepted\r\n"
void append_status_line(std::string& out, int status);
// "POST /hooks?x=1 HTTP/1.1\r\n". The caller has vetted both: method is a token, target has no white space or control.
void append_request_line(std::string& out, std::string_view method, std::string_view target);
// "Name: value\r\n". The name must be a token and the value pass is_field_value (http1_fields.hpp): asserted, and where
// asserts are off a field that breaks the rule is left out, since writing it would let its author forge our message.
void append_field(std::string& out, std::string_view name, std::string_view value);
void append_field(std::string& out, std::string_view name, std::uint64_t value);
// One chunk of a chunked body (RFC 9112 section 7.1); nothing where `data` is empty, as that would end the body.
void append_chunk(std::string& out, std::string_view data);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";
void append_decimal(std::string& out, std::uint64_t value);

}  // namespace posthorn::net
