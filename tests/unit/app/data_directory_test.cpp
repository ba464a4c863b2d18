#include "app/data_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>

#include "app/key_file.hpp"
#include "base/encoding.hpp"
#include "base/log_queue.hpp"

namespace posthorn::app {
namespace {

using base::fault;
namespace fs = std::filesystem;

class DataDirectory : public testing::Test {
 protected:
  DataDirectory() : path_(fs::temp_directory_path() / ("posthorn-data-" + std::to_string(::getpid())) / "nested") {
    fs::remove_all(path_.parent_path());
  }
  ~DataDirectory() override { fs::remove_all(path_.parent_path()); }

  fs::path path_;
};

TEST_F(DataDirectory, ASecondServerIsRefusedUntilTheFirstEnds) {
  auto first = std::optional(data_directory::open(path_.string()));
  ASSERT_TRUE(first->has_value()) << first->error().detail;
  EXPECT_EQ(data_directory::open(path_.string()).error().code, fault::store_locked);
  first.reset();
  EXPECT_TRUE(data_directory::open(path_.string()).has_value());
}

TEST_F(DataDirectory, ThatOthersCanWriteIsRefused) {
  using fs::perms;
  ASSERT_TRUE(data_directory::open(path_.string()).has_value());
  const fs::path store = path_ / "posthorn.db";
  std::ofstream(store) << "x";
  const auto refusal = [&] {
    const auto opened = data_directory::open(path_.string());
    return opened ? std::string() : opened.error().detail;
  };
  EXPECT_EQ(refusal(), "");
  for (const fs::path& each : {path_, store}) {
    const perms before = fs::status(each).permissions();
    fs::permissions(each, perms::others_write, fs::perm_options::add);
    EXPECT_NE(refusal().find("chmod o-w " + each.string()), std::string::npos) << refusal();
    EXPECT_EQ(data_directory::open(path_.string()).error().code, fault::invalid_configuration);
    fs::permissions(each, before);
    EXPECT_EQ(refusal(), "");
  }
  fs::permissions(path_, perms::all | perms::sticky_bit);
  EXPECT_NE(refusal(), "") << "as /tmp is";
  fs::permissions(path_, perms::owner_all | perms::others_read | perms::others_exec);
  EXPECT_EQ(refusal(), "") << "reading is another matter";
}

TEST_F(DataDirectory, ThatItsGroupCanWriteIsWarnedOf) {
  using fs::perms;
  ASSERT_TRUE(data_directory::open(path_.string()).has_value());
  const fs::path store = path_ / "posthorn.db";
  std::ofstream(store) << "x";
  const auto warning = [&] {
    testing::internal::CaptureStderr();
    EXPECT_TRUE(data_directory::open(path_.string()).has_value());
    EXPECT_TRUE(base::flush_log(std::chrono::seconds(30)));
    return testing::internal::GetCapturedStderr();
  };
  fs::permissions(store, perms::owner_read | perms::owner_write);
  fs::permissions(path_, perms::owner_all);
  EXPECT_EQ(warning(), "");
  for (const fs::path& each : {path_, store}) {
    fs::permissions(each, perms::group_write, fs::perm_options::add);
    EXPECT_NE(warning().find("data_directory_group_writable"), std::string::npos) << each;
    fs::permissions(each, perms::group_write, fs::perm_options::remove);
  }
}

TEST_F(DataDirectory, MakesAKeyOnceAndForItsOwnerOnly) {
  const auto directory = data_directory::open(path_.string());
  const auto made = directory->master_key("");
  ASSERT_TRUE(made.has_value()) << made.error().detail;
  EXPECT_EQ(made->size(), master_key_bytes);
  EXPECT_EQ(directory->master_key("").value(), *made);
  struct stat about{};
  ASSERT_EQ(::stat((path_ / "master.key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(DataDirectory, AGivenKeyNeedsNoFile) {
  const auto directory = data_directory::open(path_.string());
  const std::string key(master_key_bytes, 'k');
  EXPECT_EQ(directory->master_key(base::to_base64(key)).value(), key);
  EXPECT_FALSE(fs::exists(path_ / "master.key"));
  for (const std::string& bad : {base::to_base64("short"), std::string("!"), base::to_base64(key + "x")}) {
    EXPECT_EQ(directory->master_key(bad).error().code, fault::invalid_configuration) << bad;
  }
}

TEST_F(DataDirectory, AKeyFileThatOthersMayReadIsRefused) {
  const auto directory = data_directory::open(path_.string());
  ASSERT_TRUE(directory->master_key("").has_value());
  fs::permissions(path_ / "master.key", fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(directory->master_key("").error().code, fault::invalid_configuration);
}

TEST_F(DataDirectory, ADamagedKeyFileIsNotReplaced) {
  const auto directory = data_directory::open(path_.string());
  ASSERT_TRUE(directory->master_key("").has_value());
  std::ofstream(path_ / "master.key") << "AAAA\n";
  EXPECT_EQ(directory->master_key("").error().code, fault::invalid_configuration);
}

TEST_F(DataDirectory, SaysWhyItCannotBeMade) {
  fs::create_directories(path_.parent_path());
  std::ofstream(path_.string()) << "a file";
  EXPECT_EQ(data_directory::open(path_.string()).error().code, fault::io_error);
}

}  // namespace
}  // namespace posthorn::app
