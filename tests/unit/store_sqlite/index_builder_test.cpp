#include "store/sqlite/index_builder.hpp"

#include <fstream>

#include "random_store.hpp"
#include "store/sqlite/index_file.hpp"
#include "store/sqlite/old_keys.hpp"
#include "store/sqlite/sqlite_queries.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr int patience_ms = 30'000;

index_builder::options options_of(const temp_store& files) {
  return {.store_path = files.store_path(), .index_path = files.index_path(), .purge = {}, .wake_ms_min = 1};
}

// Everything that the index holds, as text.
std::string content(const std::string& path) {
  auto on = open_index_reader(path).value();
  std::string all;
  for (const char* sql :
       {"SELECT integration||name||':'||id FROM ev_type JOIN type ON no=type ORDER BY 1",
        "SELECT uid_key||':'||id FROM ev_uid ORDER BY 1", "SELECT endpoint||':'||dlv FROM dlv_endpoint ORDER BY 1",
        "SELECT key||':'||id FROM idem_key ORDER BY 1"}) {
    statement query(on, sql);
    while (query.step() == SQLITE_ROW) all += std::string(query.text(0)) + "\n";
    all += "--\n";
  }
  return all;
}

TEST(index_writer, batches_of_any_size_make_the_same_index) {
  random_store data(400);
  std::string first;
  for (const std::size_t batch : {1UL, 7UL, 399UL, 400UL, 8'192UL}) {
    remove_index(data.files().index_path());
    auto writer = index_writer::open(data.files().store_path(), data.files().index_path()).value();
    std::uint64_t events = 0;
    for (auto done = writer->advance(batch).value(); done.events > 0 || done.more;
         done = writer->advance(batch).value()) {
      events += done.events;
    }
    EXPECT_EQ(events, 400u);
    const std::string made = content(data.files().index_path());
    if (first.empty()) first = made;
    EXPECT_EQ(made, first) << batch;
  }
  EXPECT_GT(first.size(), 10'000u);
}

TEST(index_writer, goes_on_where_it_was_after_opening_again) {
  random_store data(50);
  const auto& files = data.files();
  auto writer = index_writer::open(files.store_path(), files.index_path()).value();
  EXPECT_EQ(writer->advance(30).value().events, 30u);
  const auto position = writer->position();
  writer.reset();
  writer = index_writer::open(files.store_path(), files.index_path()).value();
  EXPECT_EQ(writer->position(), position);
  EXPECT_EQ(writer->count_behind(1'000), 20u);
  EXPECT_EQ(writer->advance().value().events, 20u);
  EXPECT_EQ(writer->advance().value().events, 0u);
}

TEST(index_writer, an_index_of_another_store_is_made_anew) {
  random_store one(20, 1), other(30, 2);
  index_writer::open(one.files().store_path(), one.files().index_path()).value()->advance().value();
  std::filesystem::copy_file(one.files().index_path(), other.files().index_path());
  auto writer = index_writer::open(other.files().store_path(), other.files().index_path()).value();
  EXPECT_EQ(writer->position(), 0);
  EXPECT_EQ(writer->advance().value().events, 30u);
}

TEST(index_builder, follows_the_commits) {
  random_store data(100);
  auto builder = index_builder::open(options_of(data.files())).value();
  builder->start();
  ASSERT_TRUE(builder->wait_until_caught_up(patience_ms));
  for (int round = 0; round < 20; ++round) {
    data.files().exec("BEGIN");
    for (int i = 0; i < 10; ++i) data.add_event(false);
    data.files().exec("COMMIT");
    builder->note_committed(10);
    ASSERT_TRUE(builder->wait_until_caught_up(patience_ms)) << round;
    EXPECT_GE(builder->position(), data.events().back().id);
    EXPECT_EQ(builder->lag_events(), 0u);
  }
  builder->stop();
  const std::string followed = content(data.files().index_path());
  remove_index(data.files().index_path());
  index_writer::open(data.files().store_path(), data.files().index_path()).value()->advance().value();
  EXPECT_EQ(followed, content(data.files().index_path()));
}

// Overwrites with noise all but the first pages, which hold the schema and the small tables.
void damage(const std::string& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path));
  constexpr std::streamoff kept = 16 * 4'096;
  ASSERT_GT(size, 2 * kept);
  file.seekp(kept);
  for (std::streamoff at = kept; at < size; ++at) file.put('\x5a');
}

TEST(index_builder, a_damaged_index_is_found_by_a_reader_and_made_anew) {
  random_store data(2'000);
  const auto& files = data.files();
  index_writer::open(files.store_path(), files.index_path()).value()->advance().value();
  const std::string whole = content(files.index_path());
  damage(files.index_path());
  auto builder = index_builder::open(options_of(files)).value();
  ASSERT_GT(builder->position(), 0) << "opening does not see the damage";
  sqlite_queries queries({.store_path = files.store_path(), .index_path = files.index_path()}, *builder);
  const auto wanted = std::ranges::count(data.events(), model::integration_no{1}, &event_view::integration);
  const auto count = [&] {
    std::size_t rows = 0;
    for (std::int64_t cursor = 0;;) {
      const auto got = queries.list_events({.integration = 1}, cursor, 500).value();
      rows += got.rows.size();
      cursor = got.next_cursor;
      if (cursor == 0) return rows;
    }
  };
  EXPECT_EQ(count(), static_cast<std::size_t>(wanted)) << "the store itself is read meanwhile";
  builder->start();
  ASSERT_TRUE(builder->wait_until_caught_up(patience_ms));
  EXPECT_EQ(builder->generation(), 2u);
  EXPECT_EQ(content(files.index_path()), whole);
  EXPECT_EQ(count(), static_cast<std::size_t>(wanted));
}

TEST(index_builder, files_that_are_no_index_are_replaced) {
  random_store data(30);
  const auto& files = data.files();
  for (const std::string& noise : {std::string(), std::string("noise"), std::string(20'000, 'x')}) {
    remove_index(files.index_path());
    std::ofstream(files.index_path()) << noise;
    auto writer = index_writer::open(files.store_path(), files.index_path());
    ASSERT_TRUE(writer) << writer.error().detail;
    EXPECT_EQ((*writer)->advance().value().events, 30u);
  }
}

TEST(old_keys, are_found_through_the_index) {
  random_store data(60);
  auto& files = data.files();
  std::vector<std::array<std::uint8_t, 16>> keys;
  for (std::size_t i = 0; i < data.events().size(); ++i) {
    auto& key = keys.emplace_back();
    key.fill(static_cast<std::uint8_t>(i / 2));  // pairs share the 8 bytes that the index holds
    key[15] = static_cast<std::uint8_t>(i);
    statement insert(files.on(), "INSERT INTO idem VALUES(?1,?2,?3,?4,?5)");
    insert.bind(1, data.events()[i].id);
    insert.bind_blob(2, {reinterpret_cast<const char*>(key.data()), key.size()});
    insert.bind_blob(3, {reinterpret_cast<const char*>(keys[0].data()), 16}).bind(4, 77).bind(5, 3);
    ASSERT_EQ(insert.run(), SQLITE_OK);
  }
  auto builder = index_builder::open(options_of(files)).value();
  builder->start();
  ASSERT_TRUE(builder->wait_until_caught_up(patience_ms));
  old_key_finder finder(files.on(), files.index_path(), *builder);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto found = finder.find(keys[i]);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, data.events()[i].id);
    EXPECT_EQ(found->deliveries, 3u);
    EXPECT_EQ(found->at, 77);
    EXPECT_EQ(found->body, keys[0]);
  }
  EXPECT_FALSE(finder.find({1, 2, 3}));
  files.exec("DELETE FROM idem");
  EXPECT_FALSE(finder.find(keys[0])) << "a key that the store let go of is not one";
}

}  // namespace
}  // namespace posthorn::store::sqlite
