# Compiler, linker and cache settings that every target shares. Presets choose POSTHORN_SANITIZE.

set(POSTHORN_SANITIZE "" CACHE STRING "value for -fsanitize=, e.g. address,undefined or thread")

add_library(posthorn_options INTERFACE)
target_compile_options(posthorn_options INTERFACE
  -pthread -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports false maybe-uninitialized/free findings inside coroutine frames and std::expected.
  target_compile_options(posthorn_options INTERFACE
    -Wno-maybe-uninitialized -Wno-free-nonheap-object -Wno-array-bounds -Wno-stringop-overflow
    -Wno-stringop-overread -Wno-restrict -Wno-dangling-pointer -Wno-mismatched-new-delete -fpch-preprocess)
endif()
if(POSTHORN_SANITIZE)
  target_compile_options(posthorn_options INTERFACE -fsanitize=${POSTHORN_SANITIZE} -fno-sanitize-recover=all -g1)
  target_link_options(posthorn_options INTERFACE -fsanitize=${POSTHORN_SANITIZE})
endif()

find_program(POSTHORN_MOLD mold)
if(POSTHORN_MOLD)
  # What GCC holds for unlikely lies apart, so that it need not be in memory.
  target_link_options(posthorn_options INTERFACE -fuse-ld=mold -Wl,-z,keep-text-section-prefix)
endif()
find_program(POSTHORN_CCACHE ccache)
if(POSTHORN_CCACHE)
  # A precompiled header is only cacheable with these sloppiness flags, and found again from another checkout or build
  # tree only if paths are taken as relative.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${POSTHORN_CCACHE})
endif()
