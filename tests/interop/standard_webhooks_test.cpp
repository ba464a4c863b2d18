// Our Standard Webhooks signatures before verifiers that are not ours: receiver.mjs.
#include <algorithm>
#include <filesystem>

#include "integration/platform.hpp"
#include "support/child_process.hpp"
#include "support/paths.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

constexpr std::string_view first_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view strange_secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

// receiver.mjs as a process.
class node_receiver {
 public:
  node_receiver()
      : process_({"/usr/bin/env", "node", tree_path("tests/interop/receiver.mjs"), POSTHORN_INTEROP_PACKAGES}),
        port_(0) {
    const auto first = process_.out_line();
    if (!first)
      throw std::runtime_error("receiver.mjs does not start; `./dev test` fetches the packages that it needs");
    port_ = json::parse(*first).at("port").to_number<std::uint16_t>();
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

  void judge_with(const json::array& v1, const json::array& v1a = {}) const {
    http_connection to(port_);
    const std::string body = json::serialize(json::object{{"v1", v1}, {"v1a", v1a}});
    EXPECT_EQ(to.call("PUT", "/keys", {}, body).status, 200);
  }

  // Of the next webhook.
  json::value judgement() {
    const auto line = process_.out_line();
    if (line) return json::parse(*line);
    ADD_FAILURE() << "no webhook arrived";
    return {};
  }

 private:
  child_process process_;
  std::uint16_t port_;
};

class interop : public platform {
 protected:
  // What the endpoint's only signature shows.
  static const json::value& signature(const json::value& endpoint) { return endpoint.at("signatures").at(0); }

  json::value make(const std::string& scheme) {
    const http_answer made =
        api().post("/v1/endpoints", R"({"url":")" + node.url() + R"(","signatures":[)" + scheme + "]}");
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json();
  }

  json::value rotate(const json::value& endpoint, const std::string& body) {
    const std::string id(endpoint.at("id").as_string());
    const http_answer rotated = api().post("/v1/endpoints/" + id + "/rotate-secret", body);
    EXPECT_EQ(rotated.status, 200) << rotated.body;
    return rotated.json();
  }

  // Sends events until one is judged so, at most 30 s.
  void expect_in_time(const json::value& genuine) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    json::value last;
    while (std::chrono::steady_clock::now() < until) {
      send_numbered("user-00001", 1);
      last = node.judgement().at("genuine");
      if (last == genuine) return;
    }
    ADD_FAILURE() << "still " << last;
  }

  node_receiver node;
};

TEST_F(interop, standardwebhooks_and_svix_verify_v1) {
  const json::value endpoint = make(R"({"scheme":"standard_v1"})");
  node.judge_with({signature(endpoint).at("secret"), strange_secret});
  // Text beyond ASCII, so that characters and bytes differ.
  const accepted event = send(R"({"type":"a.b","payload":{"name":"Zoë","n":1.50,"s":"\u00e9"}})");
  const json::value judged = node.judgement();
  EXPECT_EQ(judged.at("id").as_string(), event.id);
  EXPECT_EQ(judged.at("genuine"), json::parse(R"({"standardwebhooks":[true,false],"svix":[true,false],"crypto":[]})"));
  EXPECT_EQ(judged.at("altered"),
            json::parse(R"({"standardwebhooks":[false,false],"svix":[false,false],"crypto":[]})"));
}

TEST_F(interop, node_verifies_v1a) {
  const json::value endpoint = make(R"({"scheme":"standard_v1a"})");
  const json::value another = make(R"({"scheme":"standard_v1a"})");
  EXPECT_EQ(api().remove("/v1/endpoints/" + std::string(another.at("id").as_string())).status, 204);
  node.judge_with({}, {signature(endpoint).at("public_key"), signature(another).at("public_key")});
  send(R"({"type":"a.b","payload":{"name":"Zoë"}})");
  const json::value judged = node.judgement();
  EXPECT_EQ(judged.at("genuine").at("crypto"), json::parse("[true,false]"));
  EXPECT_EQ(judged.at("altered").at("crypto"), json::parse("[false,false]"));
}

TEST_F(interop, both_secrets_verify_until_the_overlap_ends) {
  const json::value endpoint = make(R"({"scheme":"standard_v1","secret":")" + std::string(first_secret) + "\"}");
  const json::value rotated = rotate(endpoint, R"({"overlap_s":3})");
  const json::value fresh = signature(rotated).at("secret");
  EXPECT_NE(fresh.as_string(), first_secret);
  EXPECT_TRUE(signature(rotated).at("previous_until").is_string());
  node.judge_with({fresh, first_secret});
  expect_in_time(json::parse(R"({"standardwebhooks":[true,true],"svix":[true,true],"crypto":[]})"));
  expect_in_time(json::parse(R"({"standardwebhooks":[true,false],"svix":[true,false],"crypto":[]})"));
}

TEST_F(interop, both_v1a_keys_verify_during_a_rotation_and_beside_v1) {
  const json::value endpoint = make(R"({"scheme":"standard_v1"},{"scheme":"standard_v1a"})");
  const json::value rotated = rotate(endpoint, R"({"scheme":"standard_v1a","overlap_s":3600})");
  node.judge_with({signature(endpoint).at("secret")},
                  {rotated.at("signatures").at(1).at("public_key"), endpoint.at("signatures").at(1).at("public_key")});
  send_numbered("user-00001", 1);
  const json::value judged = node.judgement();
  EXPECT_EQ(judged.at("genuine"), json::parse(R"({"standardwebhooks":[true],"svix":[true],"crypto":[true,true]})"));
  const std::string_view signatures = judged.at("signatures").as_string();
  EXPECT_EQ(std::ranges::count(signatures, ' '), 2) << signatures;
}

TEST_F(interop, without_an_overlap_the_secret_before_ends_at_once) {
  const json::value endpoint = make(R"({"scheme":"standard_v1"})");
  const json::value rotated = rotate(endpoint, R"({"overlap_s":0})");
  EXPECT_TRUE(signature(rotated).at("previous_until").is_null());
  node.judge_with({signature(rotated).at("secret"), signature(endpoint).at("secret")});
  send_numbered("user-00001", 1);
  EXPECT_EQ(node.judgement().at("genuine").at("svix"), json::parse("[true,false]"));
}

}  // namespace
}  // namespace posthorn::test
