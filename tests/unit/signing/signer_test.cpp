#include "signing/signer.hpp"

#include "signing/generate.hpp"
#include "unit/signing/vectors.hpp"

namespace posthorn::signing {
namespace {

TEST(signer, writes_the_header_lines_of_every_vector) {
  const auto file = vectors::load("x_signature.json");
  for (const auto& vector : file.at("vectors").as_array()) {
    const scheme_secret settings[] = {{scheme::x_signature, {}}};
    auto made = signer::make(settings, vectors::text(vector, "api_key"));
    ASSERT_TRUE(made.has_value());
    const std::string body = vectors::body_of(vector);
    std::string out = "Host: x\r\n";
    made->append_headers(out, {"evt_1", "1700000000", body});
    EXPECT_EQ(out, "Host: x\r\nX-Signature: " + vectors::text(vector, "x_signature") + "\r\n");
  }
}

TEST(signer, joins_standard_signatures_in_the_order_of_the_settings) {
  const std::string v1 = new_v1_secret();
  const std::string older_v1 = new_v1_secret();
  const std::string v1a = new_v1a_secret();
  const scheme_secret settings[] = {{scheme::standard_v1a, v1a},
                                    {scheme::standard_v1, v1},
                                    {scheme::x_signature, {}},
                                    {scheme::standard_v1, older_v1}};
  auto made = signer::make(settings, "ph_test_key");
  ASSERT_TRUE(made.has_value());
  const webhook_message message = {"evt_1", "1700000000", "{}"};

  std::string expected = "X-Signature: ";
  x_signature_key("ph_test_key").append(expected, message.body);
  expected += "\r\nwebhook-signature: ";
  v1a_secret_key::parse(v1a)->append(expected, message);
  expected += " ";
  v1_key::parse(v1)->append(expected, message);
  expected += " ";
  v1_key::parse(older_v1)->append(expected, message);
  expected += "\r\n";
  for (int attempt = 0; attempt < 3; ++attempt) {
    std::string out;
    made->append_headers(out, message);
    EXPECT_EQ(out, expected);
  }
}

TEST(signer, writes_nothing_without_schemes) {
  auto made = signer::make({}, "");
  ASSERT_TRUE(made.has_value());
  std::string out;
  made->append_headers(out, {"evt_1", "1700000000", "{}"});
  EXPECT_EQ(out, "");
}

TEST(signer, names_the_setting_that_is_malformed) {
  const std::string good = new_v1_secret();
  const scheme_secret bad_v1[] = {{scheme::standard_v1, good}, {scheme::standard_v1, "whsec_short"}};
  const auto made = signer::make(bad_v1, "");
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().fields.at(0).pointer, "/signatures/1/secret");

  const scheme_secret bad_v1a[] = {{scheme::standard_v1a, good}};
  EXPECT_FALSE(signer::make(bad_v1a, "").has_value());

  const scheme_secret keyless[] = {{scheme::x_signature, {}}};
  const auto without_key = signer::make(keyless, "");
  ASSERT_FALSE(without_key.has_value());
  EXPECT_EQ(without_key.error().fields.at(0).pointer, "/signatures/0");
}

}  // namespace
}  // namespace posthorn::signing
