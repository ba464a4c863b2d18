#include "mail/mail_server.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "base/limits.hpp"
#include "base/random.hpp"

namespace posthorn::mail {
namespace {

struct handle_closer {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct list_closer {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

size_t give(char* to, size_t size, size_t count, void* of) {
  auto& rest = *static_cast<std::string_view*>(of);
  const size_t given = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), given);
  rest.remove_prefix(given);
  return given;
}

void set_up_once() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (done != CURLE_OK) throw std::runtime_error("libcurl cannot be initialised");
}

}  // namespace

mail_server::mail_server(server_options options, const base::clock& clock)
    : options_(std::move(options)), clock_(clock) {
  set_up_once();
}

base::result<void> mail_server::send(const letter& what) const {
  const std::unique_ptr<CURL, handle_closer> call(curl_easy_init());
  if (!call) return base::fail(base::fault::io_error, "libcurl has no memory for a mail");
  const std::unique_ptr<curl_slist, list_closer> to(curl_slist_append(nullptr, what.to.c_str()));
  const std::string text = written(what, options_.from, clock_.wall(), base::random_text(24));
  std::string_view rest = text;
  char reason[CURL_ERROR_SIZE] = "";
  const auto set = [&call](CURLoption option, auto value) { curl_easy_setopt(call.get(), option, value); };
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
  const CURLcode code = curl_easy_perform(call.get());
  if (code == CURLE_OK) return {};
  return base::fail(base::fault::io_error, fmt::format("the mail server has not taken the mail: {}",
                                                       reason[0] != '\0' ? &reason[0] : curl_easy_strerror(code)));
}

}  // namespace posthorn::mail
