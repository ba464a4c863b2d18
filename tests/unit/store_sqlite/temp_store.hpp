// A migrated posthorn.db in a directory of its own that goes away with the object.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "store/secret_box.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/migrate.hpp"

namespace posthorn::store::sqlite {

class temp_store {
 public:
  temp_store() {
    std::string pattern = (std::filesystem::temp_directory_path() / "posthorn-store-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    on_ = connection::open(store_path(), connection::mode::read_write).value();
    migrate(on_).value();
  }
  temp_store(const temp_store&) = delete;
  temp_store& operator=(const temp_store&) = delete;
  ~temp_store() {
    on_ = {};
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] std::string store_path() const { return directory_ + "/posthorn.db"; }
  [[nodiscard]] std::string index_path() const { return directory_ + "/index.db"; }
  [[nodiscard]] connection& on() { return on_; }

  void exec(const std::string& sql) { ASSERT_EQ(on_.exec(sql.c_str()), SQLITE_OK) << on_.message() << "\n" << sql; }
  [[nodiscard]] std::int64_t number(const std::string& sql) {
    statement query(on_, sql);
    return query.step() == SQLITE_ROW ? query.integer(0) : -1;
  }

 private:
  std::string directory_;
  connection on_;
};

}  // namespace posthorn::store::sqlite
