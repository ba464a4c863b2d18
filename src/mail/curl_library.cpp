#include "mail/curl_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

namespace posthorn::mail {
namespace {

constexpr const char* file = "libcurl.so.4";

template <class Function>
bool find(void* library, const char* name, Function& into) {
  into = reinterpret_cast<Function>(::dlsym(library, name));
  return into != nullptr;
}

}  // namespace

base::result<curl_library> curl_library::load() {
  const auto unusable = [](std::string_view why) {
    return base::fail(base::fault::invalid_configuration,
                      fmt::format("mail is sent by libcurl, install Debian's libcurl4: {}", why));
  };
  void* const library = ::dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return unusable(::dlerror());
  curl_library made{};
  decltype(&::curl_global_init) global_init = nullptr;
  const bool complete =
      find(library, "curl_global_init", global_init) && find(library, "curl_easy_init", made.easy_init) &&
      find(library, "curl_easy_setopt", made.easy_set) && find(library, "curl_easy_perform", made.easy_perform) &&
      find(library, "curl_easy_cleanup", made.easy_cleanup) &&
      find(library, "curl_easy_strerror", made.easy_strerror) &&
      find(library, "curl_slist_append", made.slist_append) &&
      find(library, "curl_slist_free_all", made.slist_free_all);
  if (!complete) return unusable(::dlerror());
  if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return unusable("it cannot be initialised");
  return made;
}

}  // namespace posthorn::mail
