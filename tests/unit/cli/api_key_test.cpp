#include "cli/api_key.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace posthorn::cli {
namespace {

class ApiKey : public testing::Test {
 protected:
  ApiKey() { ::unsetenv("POSTHORN_API_KEY"); }
  ~ApiKey() override {
    ::unsetenv("POSTHORN_API_KEY");
    std::filesystem::remove(file_);
  }
  void write(const std::string& text) { std::ofstream(file_) << text; }

  std::string file_ = std::filesystem::temp_directory_path() / ("posthorn-api-key-" + std::to_string(::getpid()));
};

TEST_F(ApiKey, ComesFromTheEnvironmentOrAFile) {
  ::setenv("POSTHORN_API_KEY", "ph_test_environment", 1);
  EXPECT_EQ(read_api_key({}), "ph_test_environment");
  for (const char* text : {"ph_test_file", "ph_test_file\n", "ph_test_file\r\nmore\n"}) {
    write(text);
    EXPECT_EQ(read_api_key({.file = file_, .text = "ph_test_flag"}), "ph_test_file") << text;
  }
}

TEST_F(ApiKey, OfTheCommandLineWorksWithAWarning) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(read_api_key({.text = "ph_test_flag"}), "ph_test_flag");
  const std::string warning = testing::internal::GetCapturedStderr();
  EXPECT_NE(warning.find("--api-key-file"), std::string::npos) << warning;
  EXPECT_EQ(warning.find("ph_test_flag"), std::string::npos) << warning;
}

TEST_F(ApiKey, IsMissedByName) {
  write("");
  for (const api_key_flags& flags : {api_key_flags{}, api_key_flags{.file = file_}, api_key_flags{.file = "/nowhere"},
                                     api_key_flags{.text = "a\nb"}}) {
    const auto missed = read_api_key(flags);
    ASSERT_FALSE(missed.has_value());
    EXPECT_EQ(missed.error().code, base::fault::invalid_configuration);
  }
  EXPECT_NE(read_api_key({}).error().detail.find("POSTHORN_API_KEY"), std::string::npos);
}

}  // namespace
}  // namespace posthorn::cli
