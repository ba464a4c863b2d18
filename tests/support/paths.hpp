// Where tests find the tree's files.
#pragma once

#include <string>

namespace posthorn::test {

// `path`: relative to the tree's root, e.g. "docs/metrics.md".
std::string tree_path(const std::string& path);

// `path`: relative to tests/vectors, e.g. "events/journey.complete.json".
std::string vector_path(const std::string& path);

}  // namespace posthorn::test
