# find_package(posthorn-receiver): verify, read and de-duplicate webhooks. Target: posthorn::receiver.
include(CMakeFindDependencyMacro)
find_dependency(Boost 1.81 COMPONENTS json)
find_dependency(OpenSSL 3.0)
find_dependency(PkgConfig)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
include(${CMAKE_CURRENT_LIST_DIR}/posthorn-receiver-targets.cmake)
