// The shared signature vectors (tests/vectors), read for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "base/encoding.hpp"
#include "support/paths.hpp"

namespace posthorn::signing::vectors {

inline boost::json::value load(const std::string& name) {
  std::ifstream file(test::vector_path(name));
  EXPECT_TRUE(file.is_open()) << name;
  return boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

inline std::string text(const boost::json::value& vector, const char* field) {
  return std::string(vector.at(field).as_string());
}

inline std::string body_of(const boost::json::value& vector) {
  const auto body = base::from_base64(text(vector, "body_base64"));
  EXPECT_TRUE(body.has_value());
  return body.value_or("");
}

}  // namespace posthorn::signing::vectors
