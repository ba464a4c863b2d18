#include "app/key_rotation.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "app/key_file.hpp"
#include "base/clock.hpp"
#include "store/sqlite/key_rotation.hpp"
#include "store/sqlite/store.hpp"

namespace posthorn::app {
namespace {

using base::fault;
namespace fs = std::filesystem;

// Where the death of the program may leave the two key files and the store.
class KeyRotation : public testing::Test {
 protected:
  KeyRotation() : path_((fs::temp_directory_path() / ("posthorn-rotation-" + std::to_string(::getpid()))).string()) {
    fs::remove_all(path_);
    fs::create_directories(path_);
    EXPECT_TRUE(write_key_file(path_ + "/master.key", old_key_));
    EXPECT_TRUE(
        store::sqlite::embedded_store::open({.data_directory = path_, .master_key = old_key_}, base::system_clock()));
  }
  ~KeyRotation() override { fs::remove_all(path_); }

  [[nodiscard]] std::string key_at_start() const {
    const auto key = settled_master_key(data_directory::open(path_).value(), "");
    EXPECT_TRUE(key) << key.error().detail;
    return key.value_or("");
  }
  void expect_open_with(const std::string& key) const {
    EXPECT_TRUE(store::sqlite::opens_with(path_, store::secret_box::make(key).value()).value());
  }
  void reseal() const {
    ASSERT_TRUE(store::sqlite::reseal(path_, store::secret_box::make(old_key_).value(),
                                      store::secret_box::make(new_key_).value(), base::system_clock()));
  }

  const std::string path_;
  const std::string old_key_ = std::string(master_key_bytes, 'a');
  const std::string new_key_ = std::string(master_key_bytes, 'b');
};

TEST_F(KeyRotation, BeforeTheStoreHasTheNewKeyTheOldOneIsItsKey) {
  ASSERT_TRUE(write_key_file(path_ + "/master.key.next", new_key_));
  EXPECT_EQ(key_at_start(), old_key_);
  const auto again = rotate_master_key({.data = path_, .old_key = {}, .new_key = {}, .new_key_file = {}});
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_FALSE(again->done_before);
  expect_open_with(new_key_);
  EXPECT_EQ(read_key_file(path_ + "/master.key").value(), new_key_) << "the key that was chosen is kept to";
}

TEST_F(KeyRotation, OnceTheStoreHasTheNewKeyAStartPutsItIntoPlace) {
  ASSERT_TRUE(write_key_file(path_ + "/master.key.next", new_key_));
  reseal();
  EXPECT_EQ(key_at_start(), new_key_);
  EXPECT_EQ(read_key_file(path_ + "/master.key").value(), new_key_);
  EXPECT_FALSE(fs::exists(path_ + "/master.key.next"));
}

TEST_F(KeyRotation, OnceTheStoreHasTheNewKeyAnotherCallFinishesTheFirst) {
  ASSERT_TRUE(write_key_file(path_ + "/master.key.next", new_key_));
  reseal();
  const auto again = rotate_master_key({.data = path_, .old_key = {}, .new_key = {}, .new_key_file = {}});
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_TRUE(again->done_before);
  EXPECT_EQ(key_at_start(), new_key_);
}

TEST_F(KeyRotation, AKeyThatIsNotTheStoresChangesNothing) {
  reseal();
  const auto refused = rotate_master_key({.data = path_, .old_key = {}, .new_key = {}, .new_key_file = {}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, fault::wrong_master_key);
  EXPECT_FALSE(fs::exists(path_ + "/master.key.next"));
  expect_open_with(new_key_);
}

TEST_F(KeyRotation, AStoreWithoutItsKeyGetsNoNewOne) {
  fs::remove(path_ + "/master.key");
  const auto refused = settled_master_key(data_directory::open(path_).value(), "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, fault::wrong_master_key);
  EXPECT_FALSE(fs::exists(path_ + "/master.key"));
}

}  // namespace
}  // namespace posthorn::app
