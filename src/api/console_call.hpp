// Calls of the console, which carry a cookie that a browser sends by itself: the cookie, and the guard against other
// sites that would use it.
//   by https: Set-Cookie: __Host-posthorn_session=TOKEN; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure
//   by http:  Set-Cookie: posthorn_session=TOKEN; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict
//   TOKEN is base64url of 32 bytes. Https: the call came by it, or the public URL begins with it.
// `public_url` is a net::normal_public_url, or "".
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http_handler.hpp"

namespace posthorn::api {

// "" where there is none of the name that the call's scheme asks for.
[[nodiscard]] std::string_view session_cookie_of(const net::request& from, std::string_view public_url) noexcept;

// The Set-Cookie that begins a session; `token` "": that ends it.
[[nodiscard]] std::string session_cookie(std::string_view token, const net::request& asked_by,
                                         std::string_view public_url);

// cross_site: an Origin that is neither the public URL's nor the request's own host, in whatever spelling (RFC 6454
// section 4); by https, a plain origin is another one.
[[nodiscard]] base::result<void> check_origin(const net::request& of, std::string_view public_url);
// And X-Posthorn-Console: 1, which another site cannot send without being asked whether it may.
[[nodiscard]] base::result<void> check_console_call(const net::request& of, std::string_view public_url);

}  // namespace posthorn::api
