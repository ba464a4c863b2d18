#include "net/system_trust.hpp"

#include <openssl/x509.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace posthorn::net {
namespace {

// As `openssl rehash` names them: eight hexadecimal digits of the subject's hash, and which of those that share it.
bool is_hash_name(const std::string& name) {
  constexpr std::size_t digits = 8;
  return name.size() == digits + 2 && name.ends_with(".0") &&
         std::all_of(name.begin(), name.begin() + digits, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

bool can_be_looked_up() {
  const char* const named = std::getenv(X509_get_default_cert_dir_env());
  std::error_code unreadable;  // then it is the end of the loop at once
  for (std::filesystem::directory_iterator at(named != nullptr ? named : X509_get_default_cert_dir(), unreadable), end;
       at != end; at.increment(unreadable)) {
    if (is_hash_name(at->path().filename().string())) return true;
  }
  return false;
}

}  // namespace

void trust_system(SSL_CTX* context) {
  const bool names_bundle = std::getenv(X509_get_default_cert_file_env()) != nullptr;
  if (!names_bundle && can_be_looked_up()) {
    SSL_CTX_set_default_verify_dir(context);
  } else {
    SSL_CTX_set_default_verify_paths(context);
  }
}

}  // namespace posthorn::net
