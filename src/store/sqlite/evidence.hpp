// The stored form of one attempt (outcome.evidence, attempt.evidence). Append-friendly and compact:
//   evidence = version:u8(1) at:i64 number:u32 status:u16 error:u8 dns:u32 connect:u32 tls:u32 first_byte:u32 total:u32
//              4 × (length:u32 bytes)     error_detail, request_headers, response_headers, response_body
// or of version 2: erased, the four texts are NUL bytes of their old lengths and are read as empty.
// Integers are little-endian; times in microseconds but `at`, epoch milliseconds. An empty blob: no attempt was made.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/delivery.hpp"

namespace posthorn::store::sqlite {

void append_evidence(std::string& out, const model::attempt& of);
// nullopt for an empty or unreadable blob.
[[nodiscard]] std::optional<model::attempt> read_evidence(std::string_view blob);

// The same evidence, as long as it was, with its texts erased.
[[nodiscard]] std::string blanked_evidence(std::string_view blob);

}  // namespace posthorn::store::sqlite
