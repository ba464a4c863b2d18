#include "store/sqlite/key_rotation.hpp"

#include <gtest/gtest.h>

#include "store/sqlite/config_rows.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {
namespace {

class key_rotation : public testing::Test {
 protected:
  key_rotation() {
    keep("meta(key,value) VALUES('master_key_check',?1)", old_key_.check_value());
    for (const std::int64_t id : {-3, 7, 8}) {
      keep("api_key VALUES(" + std::to_string(id) + "," + std::to_string(id) + ",'signing',?1,1,0)",
           old_key_.seal("key " + std::to_string(id), api_key_place(id)));
    }
    keep("endpoint VALUES(9,7,'{}',?1,1,'active','',0,1,NULL,0,0,0,0,0)", old_key_.seal("{}", endpoint_place(9)));
  }

  void keep(const std::string& what, const std::string& value) {
    statement insert(store_.on(), "INSERT INTO " + what);
    insert.bind_blob(1, value);
    ASSERT_EQ(insert.run(), SQLITE_OK) << store_.on().message();
  }
  [[nodiscard]] std::string sealed(const std::string& table, std::int64_t id) {
    statement query(store_.on(), "SELECT sealed FROM " + table + " WHERE id=" + std::to_string(id));
    EXPECT_EQ(query.step(), SQLITE_ROW);
    return std::string(query.text(0));
  }

  temp_store store_;
  const secret_box old_key_ = secret_box::make(std::string(32, 'a')).value();
  const secret_box new_key_ = secret_box::make(std::string(32, 'b')).value();
};

TEST_F(key_rotation, seals_every_secret_anew) {
  EXPECT_EQ(reseal(store_.directory(), old_key_, new_key_, base::system_clock()).value(), 4U);
  for (const std::int64_t id : {-3, 7, 8}) {
    EXPECT_EQ(new_key_.open(sealed("api_key", id), api_key_place(id)).value(), "key " + std::to_string(id));
  }
  EXPECT_EQ(new_key_.open(sealed("endpoint", 9), endpoint_place(9)).value(), "{}");
  EXPECT_TRUE(opens_with(store_.directory(), new_key_).value());
  EXPECT_FALSE(opens_with(store_.directory(), old_key_).value());
  EXPECT_EQ(store_.number("SELECT count(*) FROM audit WHERE action='posthorn admin rotate-master-key'"), 1);
}

TEST_F(key_rotation, reaches_tables_that_are_not_known_here) {
  store_.exec("CREATE TABLE later(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)");
  keep("later VALUES(1,?1)", old_key_.seal("later", {"later", 1, "sealed"}));
  ASSERT_TRUE(reseal(store_.directory(), old_key_, new_key_, base::system_clock()));
  EXPECT_EQ(new_key_.open(sealed("later", 1), {"later", 1, "sealed"}).value(), "later");
}

TEST_F(key_rotation, changes_nothing_with_a_key_that_is_not_the_stores) {
  EXPECT_EQ(reseal(store_.directory(), new_key_, old_key_, base::system_clock()).error().code,
            base::fault::wrong_master_key);
  EXPECT_TRUE(opens_with(store_.directory(), old_key_).value());
}

TEST_F(key_rotation, changes_nothing_where_one_secret_does_not_open) {
  store_.exec("UPDATE api_key SET sealed=x'01' WHERE id=8");
  EXPECT_EQ(reseal(store_.directory(), old_key_, new_key_, base::system_clock()).error().code,
            base::fault::store_corrupt);
  EXPECT_TRUE(opens_with(store_.directory(), old_key_).value());
  EXPECT_EQ(old_key_.open(sealed("api_key", 7), api_key_place(7)).value(), "key 7");
}

}  // namespace
}  // namespace posthorn::store::sqlite
