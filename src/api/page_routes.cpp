// The hosted assessment page and the console: files that are part of the program, under rules that let them reach this
// server alone.
#include "api/handlers.hpp"
#include "net/http1_fields.hpp"
#include "web/files.hpp"

namespace posthorn::api {
namespace {

// Kept, but asked for again each time (304), so that the parts of a page are always of one release.
constexpr std::string_view asked_again = "no-cache";
// For names that change with the bytes.
constexpr std::string_view kept = "public, max-age=31536000, immutable";

// Only a logo comes from elsewhere, from where the customer has put it.
constexpr std::string_view page_fields =
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

// Styles stand inline because Mantine, which the console is made of, writes its colours and breakpoints into <style>
// elements as it runs. Scripts are the console's own files, and nothing else.
constexpr std::string_view console_fields =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Vary: Accept-Encoding\r\n"
    "X-Content-Type-Options: nosniff\r\n";

answer give(const call& from, const web::file* file, std::string_view fields, std::string_view caching) {
  if (file == nullptr) return base::fail(base::fault::not_found, "the page has no such file");
  const bool packed = takes_gzip(from.request.fields.value_or_empty("Accept-Encoding"));
  const web::form& form = packed ? file->gzip : file->plain;
  net::response out{.prepared_fields = fields};
  out.headers.emplace_back("ETag", form.etag);
  out.headers.emplace_back("Cache-Control", caching);
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

handled get_assessment_page(call& from) {
  co_return give(from, web::find_file(web::assessment_files(), "index.html"), page_fields, asked_again);
}

handled get_assessment_file(call& from) {
  co_return give(from, web::find_file(web::assessment_files(), from.values.text[0]), page_fields, asked_again);
}

handled go_to_console(call&) {
  net::response out{.status = 302};
  out.headers.emplace_back("Location", "/console/");
  co_return out;
}

handled get_console_page(call& from) {
  co_return give(from, web::find_file(web::console_files(), "index.html"), console_fields, asked_again);
}

// What has no dot is a place within the console, which it finds itself.
handled get_console_file(call& from) {
  const std::string_view place = from.values.text[0];
  const bool is_page = !place.contains('.') || place == "index.html";
  co_return give(from, web::find_file(web::console_files(), is_page ? "index.html" : place), console_fields,
                 is_page ? asked_again : kept);
}

}  // namespace posthorn::api
