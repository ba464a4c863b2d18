#include "policy/attempt_advice.hpp"

#include <gtest/gtest.h>

namespace posthorn::policy {
namespace {

model::attempt failed(std::int32_t status, model::error_class error = model::error_class::none) {
  model::attempt made;
  made.status = status;
  made.error = error;
  return made;
}

TEST(AttemptAdvice, HasWordsForEveryErrorClass) {
  for (const char* name : {"dns", "address_refused", "connect", "tls", "timeout", "connection", "protocol", "too_large",
                           "configuration"}) {
    const auto error = model::error_class_from(name);
    ASSERT_TRUE(error) << name;
    EXPECT_FALSE(advise(failed(0, *error)).what.empty()) << name;
    EXPECT_FALSE(advise(failed(0, *error)).fix.empty()) << name;
  }
}

TEST(AttemptAdvice, HasWordsForEveryStatus) {
  for (int status = 200; status < 600; ++status) {
    EXPECT_FALSE(advise(failed(status)).what.empty()) << status;
    EXPECT_FALSE(advise(failed(status)).fix.empty()) << status;
  }
}

TEST(AttemptAdvice, TellsApartWhatIsMendedDifferently) {
  EXPECT_TRUE(advise(failed(204)).fix.contains("2xx"));
  EXPECT_TRUE(advise(failed(307)).fix.contains("Location"));
  EXPECT_TRUE(advise(failed(403)).fix.contains("raw body"));
  EXPECT_TRUE(advise(failed(429)).fix.contains("rate_limit"));
  EXPECT_TRUE(advise(failed(200, model::error_class::timeout)).fix.contains("timeout_ms")) << "the error counts first";
}

}  // namespace
}  // namespace posthorn::policy
