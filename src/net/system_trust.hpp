// The certificate authorities that the system trusts.
#pragma once

#include <openssl/ssl.h>

namespace posthorn::net {

// One by one from the system's directory, when a peer's certificate asks for one: its bundle is parsed whole, and takes
// a megabyte. The bundle where SSL_CERT_FILE names one, or the directory is not made for looking up (openssl rehash).
void trust_system(SSL_CTX* context);

}  // namespace posthorn::net
