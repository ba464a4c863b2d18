#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/fault.hpp"
#include "support/paths.hpp"

namespace posthorn::api {
namespace {

TEST(ErrorsDocument, ListsEveryFaultWithItsStatus) {
  std::ifstream file(test::tree_path("docs/errors.md"));
  ASSERT_TRUE(file.is_open());
  const std::string text(std::istreambuf_iterator<char>(file), {});
  for (const base::fault_text& fault : base::all_fault_texts()) {
    std::string row = "| `" + std::string(fault.slug) + "` |";
    if (fault.http_status != 0) row += " " + std::to_string(fault.http_status) + " |";
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace posthorn::api
