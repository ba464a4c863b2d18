#include "histogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace posthorn::bench {

// Below 2^sub_bits each value has its own bucket; above, each power of two is cut into 2^sub_bits equal ones.
std::size_t histogram::bucket_of(std::uint64_t micros) noexcept {
  if (micros < (1U << sub_bits)) return micros;
  const auto shift = static_cast<unsigned>(std::bit_width(micros)) - sub_bits - 1;
  return std::min<std::size_t>(((shift + 1) << sub_bits) + ((micros >> shift) & ((1U << sub_bits) - 1)), buckets - 1);
}

std::uint64_t histogram::upper_edge(std::size_t bucket) noexcept {
  if (bucket < (1U << sub_bits)) return bucket;
  const auto shift = (bucket >> sub_bits) - 1;
  const auto low = ((1ULL << sub_bits) + (bucket & ((1U << sub_bits) - 1))) << shift;
  return low + (1ULL << shift) - 1;
}

void histogram::add(std::int64_t micros) noexcept {
  const auto value = std::max<std::int64_t>(micros, 0);
  ++counts_[bucket_of(static_cast<std::uint64_t>(value))];
  ++total_;
  max_ = std::max(max_, value);
}

void histogram::merge(const histogram& other) noexcept {
  for (std::size_t i = 0; i < buckets; ++i) counts_[i] += other.counts_[i];
  total_ += other.total_;
  max_ = std::max(max_, other.max_);
}

std::int64_t histogram::quantile(double q) const noexcept {
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(total_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets; ++i) {
    seen += counts_[i];
    if (seen >= rank && seen > 0) return std::min(static_cast<std::int64_t>(upper_edge(i)), max_);
  }
  return 0;
}

std::string histogram::json() const {
  return fmt::format(R"({{"count":{},"p50":{},"p90":{},"p99":{},"p999":{},"max":{}}})", total_, quantile(0.5),
                     quantile(0.9), quantile(0.99), quantile(0.999), max_);
}

}  // namespace posthorn::bench
