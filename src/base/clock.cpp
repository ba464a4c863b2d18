#include "base/clock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <atomic>
#include <ctime>

namespace posthorn::base {
namespace {

epoch_ms wall_now() noexcept {
  using namespace std::chrono;
  return duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class real_clock final : public clock {
 public:
  real_clock() noexcept : engine_origin_ms_(wall_now() - steady_us() / 1000) {}

  epoch_ms wall() const noexcept override { return wall_now(); }

  epoch_ms engine() const noexcept override {
    return engine_origin_ms_.load(std::memory_order_relaxed) + steady_us() / 1000;
  }

  void raise_engine(epoch_ms floor) noexcept override {
    const epoch_ms lag = floor - engine();
    if (lag > 0) engine_origin_ms_.fetch_add(lag, std::memory_order_relaxed);
  }

 private:
  std::atomic<epoch_ms> engine_origin_ms_;  // engine time at steady zero
};

std::tm utc(epoch_ms at) {
  const std::time_t seconds = static_cast<std::time_t>(at >= 0 ? at / 1000 : (at - 999) / 1000);
  return fmt::gmtime(seconds);
}

}  // namespace

clock& system_clock() noexcept {
  static real_clock instance;
  return instance;
}

std::int64_t steady_us() noexcept {
  using namespace std::chrono;
  return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string to_rfc3339(epoch_ms at) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", utc(at), ((at % 1000) + 1000) % 1000);
}

std::string to_http_date(epoch_ms at) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::tm t = utc(at);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[t.tm_wday], t.tm_mday, months[t.tm_mon],
                     t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

}  // namespace posthorn::base
