// Contract 2.5 and 2.8: what a token says, and every way in which one is refused. Tokens are made and checked here by
// OpenSSL's HMAC as well, so that libjwt does not only agree with itself.
#include "assessment/tokens.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/encoding.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"

namespace posthorn::assessment {
namespace {

namespace json = boost::json;

const std::string secret(32, 's');
constexpr std::int64_t expires_at_s = 1'800'000'000;
constexpr base::epoch_ms now = 1'700'000'000'000;
constexpr std::string_view hs256 = R"({"alg":"HS256","typ":"JWT"})";

session_claims someone() {
  return {.uid = "1234QWER-TYUI4567-ASDFD890",
          .company = 42,
          .integration_id = "12345678901234567890",
          .url = "https://posthorn.example/assess/",
          .session = 77,
          .expires_at_s = expires_at_s};
}

link_claims some_link() {
  return {.link = 5, .integration_id = "12345678901234567890", .generation = 3, .expires_at_s = expires_at_s};
}

std::string mac(std::string_view text, std::string_view key, const EVP_MD* hash) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(hash, key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       out.data(), &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string forge(std::string_view header, std::string_view payload, std::string_view key = secret,
                  const EVP_MD* hash = EVP_sha256()) {
  const std::string text = base::to_base64url(header) + "." + base::to_base64url(payload);
  return text + "." + base::to_base64url(mac(text, key, hash));
}

json::object payload_of(std::string_view token) {
  const std::size_t first = token.find('.') + 1;
  return json::parse(*base::from_base64url(token.substr(first, token.find('.', first) - first))).as_object();
}

std::string payload(const json::object& claims) { return json::serialize(claims); }

// "" is good; else why it is refused.
std::string fault_of(std::string_view token, base::epoch_ms at = now) {
  const auto got = token_key(secret).check_session(token, at);
  return got ? "" : std::string(to_string(got.error().why));
}

TEST(SessionToken, SaysWhatTheContractNames) {
  const std::string token = token_key(secret).sign(someone());
  const json::object claims = payload_of(token);
  EXPECT_EQ(claims.at("uid"), "1234QWER-TYUI4567-ASDFD890");
  EXPECT_EQ(claims.at("company_id"), json::string(base::format_id("co", 42)));
  EXPECT_EQ(claims.at("integration_id"), "12345678901234567890");
  EXPECT_EQ(claims.at("url"), "https://posthorn.example/assess/");
  EXPECT_EQ(claims.at("exp"), expires_at_s);
  EXPECT_EQ(json::parse(*base::from_base64url(token.substr(0, token.find('.')))), json::parse(hs256));
  const std::size_t last = token.rfind('.');
  EXPECT_EQ(token.substr(last + 1), base::to_base64url(mac(token.substr(0, last), secret, EVP_sha256())))
      << "HMAC-SHA-256 as OpenSSL makes it";
}

TEST(SessionToken, IsReadBackEqual) {
  const token_key key(secret);
  EXPECT_EQ(key.check_session(key.sign(someone()), now), someone());
  session_claims odd = someone();
  odd.url = "https://posthorn.example/assess/?q=\"\\\xC3\xA9";
  EXPECT_EQ(key.check_session(key.sign(odd), now), odd);
}

TEST(SessionToken, ExpiresAtItsSecond) {
  const std::string token = token_key(secret).sign(someone());
  EXPECT_EQ(fault_of(token, expires_at_s * 1000 - 1), "");
  EXPECT_EQ(fault_of(token, expires_at_s * 1000), "expired");
  const auto late = token_key(secret).check_session(token, expires_at_s * 1000 + 1);
  EXPECT_EQ(late.error().expired, someone()) << "it is still ours: the page knows where it belongs";
}

TEST(SessionToken, NeverDiesBeforeItsSession) {
  EXPECT_EQ(expiry_s(1'800'000'000'001), 1'800'000'001);
  EXPECT_EQ(expiry_s(1'800'000'000'000), 1'800'000'000);
}

TEST(SessionToken, EveryChangedCharacterIsNoticed) {
  const std::string token = token_key(secret).sign(someone());
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char other : {'A', 'B', 'x', '-', '.', '=', ' ', '\0'}) {
      if (token[i] == other) continue;
      std::string changed = token;
      changed[i] = other;
      const std::string fault = fault_of(changed);
      EXPECT_TRUE(fault == "altered" || fault == "malformed") << i << " " << other << ": " << fault;
    }
  }
}

TEST(SessionToken, OnlyOneSpellingIsTaken) {
  const std::string token = token_key(secret).sign(someone());
  for (const std::string& spelling :
       {token + "=", token + ".", "." + token, " " + token, token + " ", token + "\n", token + std::string(1, '\0'),
        token.substr(0, token.size() - 1), token.substr(0, token.rfind('.') + 1), token.substr(0, token.rfind('.'))}) {
    EXPECT_EQ(fault_of(spelling), "malformed") << spelling;
  }
  // The last character of 43 holds two bits that mean nothing: a lenient decoder takes four of them for one.
  for (const char last : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    std::string spelling = token;
    spelling.back() = last;
    EXPECT_EQ(fault_of(spelling).empty(), spelling == token) << last;
  }
}

TEST(SessionToken, TheTableOfRefusals) {
  json::object claims = payload_of(token_key(secret).sign(someone()));
  const std::string good = payload(claims);
  const auto with = [&](std::string_view name, json::value value) {
    json::object changed = claims;
    changed[name] = std::move(value);
    return forge(hs256, payload(changed));
  };
  const auto without = [&](std::string_view name) {
    json::object changed = claims;
    changed.erase(name);
    return forge(hs256, payload(changed));
  };
  ASSERT_EQ(fault_of(forge(hs256, good)), "")
      << "what is forged with the secret is good: the rest differs in one thing";
  struct row {
    std::string token;
    const char* fault;
    const char* what;
  };
  const std::string unsigned_text =
      base::to_base64url(R"({"alg":"none","typ":"JWT"})") + "." + base::to_base64url(good);
  const std::vector<row> rows{
      {forge(hs256, good, std::string(32, 't')), "altered", "another secret"},
      {forge(hs256, good, ""), "altered", "an empty secret"},
      {forge(R"({"alg":"none","typ":"JWT"})", good), "altered", "none, and yet signed"},
      {unsigned_text + ".", "malformed", "none, not signed"},
      {unsigned_text, "malformed", "none, two parts"},
      {forge(R"({"alg":"HS512","typ":"JWT"})", good, secret, EVP_sha512()), "altered", "HS512 with the same secret"},
      {forge(R"({"alg":"HS384","typ":"JWT"})", good, secret, EVP_sha384()), "altered", "HS384 with the same secret"},
      {forge(R"({"alg":"RS256","typ":"JWT"})", good), "altered", "RS256, signed by HMAC"},
      {forge(R"({"alg":"hs256","typ":"JWT"})", good, secret, EVP_sha512()), "altered", "another spelling, other hash"},
      {forge(R"({"typ":"JWT"})", good), "altered", "no algorithm"},
      {forge("{}", good), "altered", "empty header"},
      {forge("nonsense", good), "altered", "no header"},
      {forge(hs256, "nonsense"), "altered", "no claims"},
      {forge(hs256, "[]"), "malformed", "claims are no object"},
      {forge(hs256, "{}"), "malformed", "no claims at all"},
      {without("purpose"), "malformed", "no purpose"},
      {without("uid"), "malformed", "no uid"},
      {without("company_id"), "malformed", "no company"},
      {without("integration_id"), "malformed", "no integration"},
      {without("url"), "malformed", "no url"},
      {without("sid"), "malformed", "no session"},
      {without("exp"), "malformed", "no exp: it would live for ever"},
      {with("exp", "1800000000"), "malformed", "exp as text"},
      {with("exp", 1.8e9), "malformed", "exp as a fraction"},
      {with("exp", -1), "malformed", "exp before time"},
      {with("exp", INT64_MAX), "malformed", "exp beyond reason"},
      {with("exp", 1), "expired", "long ago"},
      {with("uid", 7), "malformed", "uid as a number"},
      {with("company_id", "42"), "malformed", "company in another form"},
      {with("sid", json::string(base::format_id("lnk", 77))), "malformed", "a link's id as session"},
      {with("purpose", "link"), "wrong_purpose", "for a link"},
      {with("purpose", "Session"), "wrong_purpose", "another spelling"},
      {token_key(secret).sign(some_link()), "wrong_purpose", "a link's token"},
      {"", "malformed", "nothing"},
      {"..", "malformed", "three empty parts"},
      {"a.b.c", "malformed", "no base64url"},
      {"AAAA.AAAA.AAAA", "altered", "no JSON"},
      {std::string(base::limits::token_bytes_max + 1, 'A'), "malformed", "too long"},
      {forge(hs256, good + std::string(base::limits::token_bytes_max, ' ')), "malformed", "signed, but too long"},
  };
  for (const row& each : rows) EXPECT_EQ(fault_of(each.token), each.fault) << each.what;
}

TEST(SessionToken, NestedClaimsAreHarmless) {
  std::string deep = R"({"a":)" + std::string(1500, '[') + std::string(1500, ']') + "}";
  EXPECT_NE(fault_of(forge(hs256, deep)), "");
}

TEST(LinkToken, IsReadBackEqualAndRefusedForASession) {
  const token_key key(secret);
  const std::string token = key.sign(some_link());
  EXPECT_EQ(key.check_link(token, now), some_link());
  EXPECT_EQ(key.check_session(token, now).error().why, token_fault::wrong_purpose);
  EXPECT_EQ(key.check_link(key.sign(someone()), now).error().why, token_fault::wrong_purpose);
  const auto late = key.check_link(token, expires_at_s * 1000);
  EXPECT_EQ(late.error().why, token_fault::expired);
  EXPECT_EQ(late.error().expired, some_link());
}

TEST(LinkToken, AChangedGenerationIsAnAlteredLink) {
  const token_key key(secret);
  link_claims next = some_link();
  next.generation = 4;
  const std::string one = key.sign(some_link());
  const std::string two = key.sign(next);
  const std::string mixed = two.substr(0, two.rfind('.')) + one.substr(one.rfind('.'));
  EXPECT_EQ(key.check_link(mixed, now).error().why, token_fault::altered);
}

TEST(TokenKey, MayBeUsedByManyThreads) {
  const token_key key(secret);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&key, i] {
      session_claims mine = someone();
      mine.session = i + 1;
      for (int n = 0; n < 200; ++n) EXPECT_EQ(key.check_session(key.sign(mine), now), mine);
    });
  }
}

}  // namespace
}  // namespace posthorn::assessment
