#include "app/memory.hpp"

#ifdef POSTHORN_JEMALLOC
#include <jemalloc/jemalloc.h>

#define POSTHORN_TEXT_OF(number) #number
#define POSTHORN_PURGE_OF(arena) "arena." POSTHORN_TEXT_OF(arena) ".purge"
#endif

namespace posthorn::app {

#ifdef POSTHORN_JEMALLOC
// Read by jemalloc. One arena, and threads that keep few blocks of a size: what one frees is used by the next instead
// of lying idle.
extern "C" {
const char* malloc_conf = "narenas:1,tcache_nslots_small_max:32,dirty_decay_ms:1000,muzzy_decay_ms:0";
}

void give_memory_back() noexcept { mallctl(POSTHORN_PURGE_OF(MALLCTL_ARENAS_ALL), nullptr, nullptr, nullptr, 0); }
#else
void give_memory_back() noexcept {}
#endif

}  // namespace posthorn::app
