# The receiver's half as a package of its own: `cmake --install BUILD --component receiver --prefix P`, and then
# find_package(posthorn-receiver) gives the target posthorn::receiver. One archive with the rooms receiver and signing
# and the files of base that they use; logging, and what else the server links, stays out.
include(CMakePackageConfigHelpers)

set(POSTHORN_RECEIVER_BASE_SOURCES encoding fault json json_text random)
set(POSTHORN_RECEIVER_BASE_HEADERS fault limits result)

list(JOIN POSTHORN_RECEIVER_BASE_SOURCES "|" base_sources)
add_library(posthorn_receiver_package STATIC
  "$<FILTER:$<TARGET_OBJECTS:posthorn_receiver>,INCLUDE,[.]cpp[.]o$>"
  "$<FILTER:$<TARGET_OBJECTS:posthorn_signing>,INCLUDE,[.]cpp[.]o$>"
  "$<FILTER:$<TARGET_OBJECTS:posthorn_base>,INCLUDE,/(${base_sources})[.]cpp[.]o$>")
set_target_properties(posthorn_receiver_package PROPERTIES
  LINKER_LANGUAGE CXX
  OUTPUT_NAME posthorn_receiver
  EXPORT_NAME receiver
  ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/package)
target_compile_features(posthorn_receiver_package INTERFACE cxx_std_23)
target_include_directories(posthorn_receiver_package INTERFACE $<INSTALL_INTERFACE:include/posthorn>)
target_link_libraries(posthorn_receiver_package INTERFACE OpenSSL::Crypto PkgConfig::SODIUM Boost::json)

install(TARGETS posthorn_receiver_package EXPORT posthorn-receiver COMPONENT receiver EXCLUDE_FROM_ALL
  ARCHIVE DESTINATION lib)
install(EXPORT posthorn-receiver NAMESPACE posthorn:: FILE posthorn-receiver-targets.cmake
  DESTINATION lib/cmake/posthorn-receiver COMPONENT receiver EXCLUDE_FROM_ALL)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/posthorn-receiver-config-version.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_SOURCE_DIR}/cmake/posthorn-receiver-config.cmake
  ${CMAKE_BINARY_DIR}/package/posthorn-receiver-config-version.cmake
  DESTINATION lib/cmake/posthorn-receiver COMPONENT receiver EXCLUDE_FROM_ALL)

foreach(header verifier event duplicates)
  install(FILES ${CMAKE_SOURCE_DIR}/src/receiver/${header}.hpp
    DESTINATION include/posthorn/receiver COMPONENT receiver EXCLUDE_FROM_ALL)
endforeach()
foreach(header hmac_key x_signature standard_webhooks)
  install(FILES ${CMAKE_SOURCE_DIR}/src/signing/${header}.hpp
    DESTINATION include/posthorn/signing COMPONENT receiver EXCLUDE_FROM_ALL)
endforeach()
foreach(header ${POSTHORN_RECEIVER_BASE_HEADERS})
  install(FILES ${CMAKE_SOURCE_DIR}/src/base/${header}.hpp
    DESTINATION include/posthorn/base COMPONENT receiver EXCLUDE_FROM_ALL)
endforeach()
