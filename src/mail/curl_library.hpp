// libcurl, loaded when there is a mail server to speak to: with what it brings along it takes 4 MB, and most servers
// send no mail.
#pragma once

#include <curl/curl.h>

#include "base/result.hpp"

namespace posthorn::mail {

struct curl_library {
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_setopt) easy_set;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;

  // Never unloaded. invalid_configuration where it is not installed.
  [[nodiscard]] static base::result<curl_library> load();
};

}  // namespace posthorn::mail
