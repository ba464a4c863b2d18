# Each set of headers is precompiled once, and used by every target of its kind.

# posthorn_precompile(SET LINK a b c): cmake/precompiled/SET.hpp, as the target posthorn_precompiled_SET.
function(posthorn_precompile set)
  cmake_parse_arguments(SET "" "" "LINK;OPTIONS" ${ARGN})
  set(target posthorn_precompiled_${set})
  add_library(${target} OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled/empty.cpp)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled)
  target_link_libraries(${target} PRIVATE posthorn_options ${SET_LINK})
  target_compile_options(${target} PRIVATE ${SET_OPTIONS})
  # Quoted, not as a path: what is precompiled is the same in every checkout, and the compiler's cache knows it again.
  target_precompile_headers(${target} PRIVATE "\"${set}.hpp\"")
  set_target_properties(${target} PROPERTIES POSTHORN_SET_LINK "${SET_LINK}" POSTHORN_SET_OPTIONS "${SET_OPTIONS}")
endfunction()

# A target takes over what the set was compiled with: the compiler refuses the set otherwise.
function(posthorn_use_precompiled target set)
  get_target_property(link posthorn_precompiled_${set} POSTHORN_SET_LINK)
  get_target_property(options posthorn_precompiled_${set} POSTHORN_SET_OPTIONS)
  target_link_libraries(${target} PRIVATE ${link})
  target_compile_options(${target} PRIVATE ${options})
  target_precompile_headers(${target} REUSE_FROM posthorn_precompiled_${set})
endfunction()

set(log_libraries fmt::fmt spdlog::spdlog)
# Tests are run once or twice after they are compiled: optimizing them costs more than it gives back.
set(test_options -O0)
if(POSTHORN_SANITIZE MATCHES "undefined")
  # What is looked at is the program; this alone took a quarter of the time that its tests need to compile.
  list(APPEND test_options -fno-sanitize=undefined)
endif()
posthorn_precompile(std LINK ${log_libraries})
posthorn_precompile(json LINK ${log_libraries} Boost::json)
posthorn_precompile(asio LINK ${log_libraries} posthorn_asio)
posthorn_precompile(asio_json LINK ${log_libraries} posthorn_asio Boost::json)
posthorn_precompile(test LINK ${log_libraries} Boost::json GTest::gtest OPTIONS ${test_options})
posthorn_precompile(test_asio LINK ${log_libraries} posthorn_asio Boost::json GTest::gtest OPTIONS ${test_options})
