#include "support/paths.hpp"

namespace posthorn::test {

std::string tree_path(const std::string& path) { return POSTHORN_SOURCE_DIR "/" + path; }

std::string vector_path(const std::string& path) { return tree_path("tests/vectors/" + path); }

}  // namespace posthorn::test
