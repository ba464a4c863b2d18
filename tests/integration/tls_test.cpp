// The API over TLS, as a foreign client (curl) sees it: certificate, reload on SIGHUP, and what cannot be loaded.
#include <csignal>
#include <filesystem>
#include <fstream>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

int run(std::vector<std::string> arguments, const std::string& errors) {
  child_process process(std::move(arguments), {.environment = {}, .err_file = errors});
  return process.wait();
}

struct certificate {
  std::string certificate_file;
  std::string key_file;
};

class serving_tls : public testing::Test {
 protected:
  certificate make_certificate(const std::string& name) {
    const certificate made{files_.path() + "/" + name + ".pem", files_.path() + "/" + name + ".key"};
    EXPECT_EQ(run({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                   "-nodes", "-days", "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                   made.key_file, "-out", made.certificate_file},
                  errors_),
              0);
    return made;
  }

  // curl's exit status: 0 if /healthz answered 200 and the certificate was vouched for by `trusted`.
  int ask(const server_process& server, const std::string& trusted) {
    return run({"/usr/bin/curl", "-sS", "--fail", "--noproxy", "*", "--cacert", trusted, "-o", "/dev/null",
                "https://127.0.0.1:" + std::to_string(server.port()) + "/healthz"},
               errors_);
  }

  static void replace(const certificate& served, const certificate& by) {
    std::filesystem::copy_file(by.certificate_file, served.certificate_file,
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::copy_file(by.key_file, served.key_file, std::filesystem::copy_options::overwrite_existing);
  }

  static constexpr int curl_not_vouched_for = 60;

  temp_directory files_;
  std::string errors_ = files_.path() + "/errors";
};

TEST_F(serving_tls, reads_its_certificate_again_on_sighup) {
  const certificate first = make_certificate("first"), second = make_certificate("second");
  const certificate served{files_.path() + "/served.pem", files_.path() + "/served.key"};
  replace(served, first);
  server_process server({.flags = {"--tls-cert", served.certificate_file, "--tls-key", served.key_file}});
  EXPECT_EQ(ask(server, first.certificate_file), 0);
  EXPECT_EQ(ask(server, second.certificate_file), curl_not_vouched_for);

  replace(served, second);
  server.signal(SIGHUP);
  ASSERT_TRUE(server.wait_for_log("certificate_reloaded"));
  EXPECT_EQ(ask(server, second.certificate_file), 0);
  EXPECT_EQ(ask(server, first.certificate_file), curl_not_vouched_for);

  std::ofstream(served.certificate_file) << "not a certificate\n";
  server.signal(SIGHUP);
  ASSERT_TRUE(server.wait_for_log("certificate_not_reloaded"));
  EXPECT_EQ(ask(server, second.certificate_file), 0) << "the one before still serves";
  EXPECT_EQ(server.terminate(), 0);
}

TEST_F(serving_tls, does_not_start_with_a_key_of_another_certificate) {
  const certificate first = make_certificate("first"), second = make_certificate("second");
  const finished_program ended = run_posthorn({"serve", "--data", files_.path() + "/data", "--listen", "127.0.0.1:0",
                                               "--tls-cert", first.certificate_file, "--tls-key", second.key_file});
  EXPECT_NE(ended.status, 0);
  EXPECT_NE(ended.err.find(second.key_file), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace posthorn::test
