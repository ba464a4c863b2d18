#include "mail/mail_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/limits.hpp"
#include "base/random.hpp"

namespace posthorn::mail {
namespace {

size_t give(char* to, size_t size, size_t count, void* of) {
  auto& rest = *static_cast<std::string_view*>(of);
  const size_t given = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), given);
  rest.remove_prefix(given);
  return given;
}

}  // namespace

mail_server::mail_server(server_options options, const curl_library& curl, const base::clock& clock)
    : options_(std::move(options)), curl_(curl), clock_(clock) {}

base::result<void> mail_server::send(const letter& what) const {
  const std::unique_ptr<CURL, decltype(curl_.easy_cleanup)> call(curl_.easy_init(), curl_.easy_cleanup);
  if (!call) return base::fail(base::fault::io_error, "libcurl has no memory for a mail");
  const std::unique_ptr<curl_slist, decltype(curl_.slist_free_all)> to(curl_.slist_append(nullptr, what.to.c_str()),
                                                                       curl_.slist_free_all);
  const std::string text = written(what, options_.from, clock_.wall(), base::random_text(24));
  std::string_view rest = text;
  char reason[CURL_ERROR_SIZE] = "";
  const auto set = [&](CURLoption option, auto value) { curl_.easy_set(call.get(), option, value); };
  set(CURLOPT_URL, options_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(base::limits::mail_timeout_ms));
  set(CURLOPT_USE_SSL, static_cast<long>(options_.without_tls ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
  if (!options_.user.empty()) {
    set(CURLOPT_USERNAME, options_.user.c_str());
    set(CURLOPT_PASSWORD, options_.password.c_str());
  }
  set(CURLOPT_MAIL_FROM, options_.from.c_str());
  set(CURLOPT_MAIL_RCPT, to.get());
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &give);
  set(CURLOPT_READDATA, &rest);
  set(CURLOPT_ERRORBUFFER, &reason[0]);
  const CURLcode code = curl_.easy_perform(call.get());
  if (code == CURLE_OK) return {};
  return base::fail(base::fault::io_error, fmt::format("the mail server has not taken the mail: {}",
                                                       reason[0] != '\0' ? &reason[0] : curl_.easy_strerror(code)));
}

}  // namespace posthorn::mail
