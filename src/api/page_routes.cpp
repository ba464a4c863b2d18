// The hosted assessment page: files that are part of the program, under rules that let it reach this server alone.
#include "api/handlers.hpp"
#include "net/http1_fields.hpp"
#include "web/files.hpp"

namespace posthorn::api {
namespace {

// Only a logo comes from elsewhere, from where the customer has put it. no-cache: kept, but asked for again each time
// (304), so that the parts of a page are always of one release.
constexpr std::string_view page_fields =
    "Cache-Control: no-cache\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Vary: Accept-Encoding\r\n"
    "X-Content-Type-Options: nosniff\r\n";

// Calls `take` with each element of a list such as `gzip, br;q=0.5`, until it says true.
template <class Take>
bool any_element(std::string_view list, Take take) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (take(net::trim_white_space(list.substr(0, end)))) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

// Whether it names gzip without a weight; with one, the plain form is never wrong.
bool takes_gzip(std::string_view accept_encoding) {
  return any_element(accept_encoding, [](std::string_view each) { return net::equals_ignoring_case(each, "gzip"); });
}

bool has_etag(std::string_view if_none_match, std::string_view etag) {
  return any_element(if_none_match, [etag](std::string_view each) {
    if (each.starts_with("W/")) each.remove_prefix(2);
    return each == "*" || each == etag;
  });
}

answer give(const call& from, const web::file* file) {
  if (file == nullptr) return base::fail(base::fault::not_found, "the page has no such file");
  const bool packed = takes_gzip(from.request.fields.value_or_empty("Accept-Encoding"));
  const web::form& form = packed ? file->gzip : file->plain;
  net::response out{.prepared_fields = page_fields};
  out.headers.emplace_back("ETag", form.etag);
  if (has_etag(from.request.fields.value_or_empty("If-None-Match"), form.etag)) {
    out.status = 304;
    return out;
  }
  if (packed) out.headers.emplace_back("Content-Encoding", "gzip");
  out.content_type = file->content_type;
  out.body = form.bytes;
  return out;
}

}  // namespace

handled get_assessment_page(call& from) { co_return give(from, web::find_file(web::assessment_files(), "index.html")); }

handled get_assessment_file(call& from) {
  co_return give(from, web::find_file(web::assessment_files(), from.values.text[0]));
}

}  // namespace posthorn::api
