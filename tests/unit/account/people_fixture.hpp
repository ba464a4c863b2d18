// People over the real store, with a clock that stands still.
#pragma once

#include <gtest/gtest.h>
#include <sodium.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "account/people_service.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"
#include "store/sqlite/store.hpp"

namespace posthorn::account {

inline constexpr auto password = "correct horse battery";

class manual_clock final : public base::clock {
 public:
  [[nodiscard]] base::epoch_ms wall() const noexcept override { return now_; }
  [[nodiscard]] base::epoch_ms engine() const noexcept override { return now_; }
  void raise_engine(base::epoch_ms) noexcept override {}
  void advance(base::epoch_ms by) { now_ += by; }

 private:
  std::atomic<base::epoch_ms> now_{1'800'000'000'000};
};

class people_fixture : public testing::Test {
 protected:
  people_fixture() {
    std::filesystem::create_directories(directory_);
    auto opened = store::sqlite::embedded_store::open(
        {.data_directory = directory_, .master_key = std::string(32, 'k'), .disk_free_low_water_bytes = 0}, clock_);
    EXPECT_TRUE(opened);
    store_ = *std::move(opened);
    company_ = store_->directory().current()->companies.begin()->first;
    service_ = make_service();
  }
  ~people_fixture() override {
    service_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  std::unique_ptr<people_service> make_service() {
    return std::make_unique<people_service>(
        store_->people(), store_->directory(), live_, clock_,
        people_options{.address_secret = store_->token_secret(), .hash_bytes = crypto_pwhash_MEMLIMIT_MIN});
  }
  model::member admin(const std::string& email = "anna@example.com") {
    return service_->add_admin(company_, {email, "Anna", password}).value();
  }
  entered join(const std::string& email, model::member_role role) {
    const invited made = service_->invite(company_, email, role, 0).value();
    return service_->accept(made.token, "Ben", password).value();
  }
  std::optional<console_caller> caller(const std::string& token) const {
    return live_.find(base::sha256(token), clock_.engine());
  }
  template <class T>
  static base::fault refusal(const base::result<T>& of) {
    return of ? base::fault::internal : of.error().code;
  }

  manual_clock clock_;
  std::string directory_ = std::filesystem::temp_directory_path() / ("posthorn-people-" + base::random_text(12));
  std::unique_ptr<store::sqlite::embedded_store> store_;
  live_sessions live_;
  std::unique_ptr<people_service> service_;
  model::company_id company_ = 0;
};

}  // namespace posthorn::account
