// Counts of microseconds in buckets 1/32 wide: quantiles are right to about 3 %. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace posthorn::bench {

class histogram {
 public:
  void add(std::int64_t micros) noexcept;
  void merge(const histogram& other) noexcept;
  // The upper edge of the bucket that holds the quantile `q` in (0, 1]; 0 when empty.
  [[nodiscard]] std::int64_t quantile(double q) const noexcept;
  // {"count":…,"p50":…,"p90":…,"p99":…,"p999":…,"max":…}
  [[nodiscard]] std::string json() const;

 private:
  static constexpr unsigned sub_bits = 5;
  static constexpr std::size_t buckets = (64 - sub_bits) << sub_bits;
  [[nodiscard]] static std::size_t bucket_of(std::uint64_t micros) noexcept;
  [[nodiscard]] static std::uint64_t upper_edge(std::size_t bucket) noexcept;

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t total_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace posthorn::bench
