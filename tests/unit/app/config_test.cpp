#include "app/config.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace posthorn::app {
namespace {

using base::fault;

class Config : public testing::Test {
 protected:
  Config()
      : file_(std::filesystem::temp_directory_path() / ("posthorn-config-" + std::to_string(::getpid()) + ".toml")) {}
  ~Config() override { std::filesystem::remove(file_); }

  base::result<config> load(const flag_values& flags = {}) {
    const auto from = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
    return load_config(std::filesystem::exists(file_) ? file_.string() : "", from, flags);
  }

  void write(std::string_view toml) { std::ofstream(file_) << toml; }

  std::string refusal(const flag_values& flags = {}) {
    const auto loaded = load(flags);
    if (loaded) return "";
    EXPECT_EQ(loaded.error().code, fault::invalid_configuration);
    return loaded.error().detail;
  }

  std::filesystem::path file_;
  std::map<std::string, std::string> environment_;
};

TEST_F(Config, DefaultsListenOnLoopback) {
  const auto loaded = load();
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->listen.host, "127.0.0.1");
  EXPECT_EQ(loaded->listen.port, 8080);
  ASSERT_TRUE(loaded->ops_listen.has_value());
  EXPECT_EQ(loaded->ops_listen->host, "127.0.0.1");
  EXPECT_FALSE(loaded->ops_listen_chosen);
  EXPECT_FALSE(load({{"ops-listen", "none"}})->ops_listen.has_value());
  EXPECT_TRUE(load({{"ops-listen", "127.0.0.1:8081"}})->ops_listen_chosen);
  EXPECT_FALSE(loaded->allow_http_endpoints);
  EXPECT_FALSE(loaded->allow_private_endpoints);
}

TEST_F(Config, FlagsBeatTheEnvironmentBeatsTheFile) {
  write("data = 'from-file'\nlisten = '127.0.0.1:1'\nthreads = 1\n");
  environment_ = {{"POSTHORN_LISTEN", "127.0.0.1:2"}, {"POSTHORN_THREADS", "2"}};
  const auto loaded = load({{"threads", "3"}});
  ASSERT_TRUE(loaded.has_value()) << loaded.error().detail;
  EXPECT_EQ(loaded->data, "from-file");
  EXPECT_EQ(loaded->listen.port, 2);
  EXPECT_EQ(loaded->threads, 3);
}

TEST_F(Config, SaysWhatGoesOutAndHow) {
  const auto loaded = load({{"deny-subnet", "203.0.113.0/24,2001:db8::/32"},
                            {"allow-subnet", "10.1.0.0/16"},
                            {"outbound-proxy", "http://user:secret@proxy:3128"},
                            {"dns-server", "127.0.0.1:5353,[::1]:53"},
                            {"ca-file", "one.pem,two.pem"}});
  ASSERT_TRUE(loaded.has_value()) << loaded.error().detail;
  EXPECT_EQ(loaded->deny_subnets.size(), 2U);
  EXPECT_EQ(loaded->allow_subnets.size(), 1U);
  EXPECT_EQ(loaded->outbound_proxy->host, "proxy");
  EXPECT_EQ(loaded->ca_files, (std::vector<std::string>{"one.pem", "two.pem"}));
  EXPECT_NE(refusal({{"allow-subnet", "10.1.0.1/16"}}).find("allow-subnet"), std::string::npos);
  EXPECT_EQ(loaded->dns_servers, "127.0.0.1:5353,[::1]:53");
  EXPECT_NE(refusal({{"dns-server", "ns.example:53"}}).find("ADDRESS:PORT"), std::string::npos);
  EXPECT_NE(refusal({{"dns-server", "127.0.0.1"}}).find("dns-server"), std::string::npos);
  EXPECT_NE(refusal({{"outbound-proxy", "socks5://x:1"}}).find("outbound-proxy"), std::string::npos);
}

TEST_F(Config, TheFileTakesEveryKindOfValue) {
  write(
      "ops_listen = '[::1]:9090'\nallow_http_endpoints = true\npayload_bytes_max = 4096\nlog_level = 'warn'\n"
      "trusted_proxy = ['10.0.0.0/8', '::1']\npublic_url = 'https://hooks.example.com/'\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded.has_value()) << loaded.error().detail;
  EXPECT_EQ(loaded->ops_listen->host, "::1");
  EXPECT_TRUE(loaded->allow_http_endpoints);
  EXPECT_EQ(loaded->payload_bytes_max, 4096U);
  EXPECT_EQ(loaded->log, base::log_level::warn);
  EXPECT_EQ(loaded->trusted_proxies, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
  EXPECT_EQ(loaded->public_url, "https://hooks.example.com");
}

TEST_F(Config, ErrorsNameTheirSource) {
  EXPECT_NE(refusal({{"listen", "8080"}}).find("--listen"), std::string::npos);
  environment_["POSTHORN_THREADS"] = "many";
  EXPECT_NE(refusal().find("POSTHORN_THREADS"), std::string::npos);
  environment_.clear();
  write("lisen = '127.0.0.1:1'\n");
  EXPECT_NE(refusal().find("'lisen' is not known"), std::string::npos);
  write("listen = \n");
  EXPECT_NE(refusal().find("line 1"), std::string::npos);
  write("listen = 1.5\n");
  EXPECT_NE(refusal(), "");
}

TEST_F(Config, RefusesWhatBreaksARule) {
  const std::vector<std::pair<std::string, std::string>> bad = {{"listen", ""},
                                                                {"listen", ":80"},
                                                                {"listen", "h:65536"},
                                                                {"listen", "::1:80"},
                                                                {"listen", "h:8x"},
                                                                {"data", ""},
                                                                {"store", "postgres://x"},
                                                                {"threads", "-1"},
                                                                {"threads", "65"},
                                                                {"log-level", "loud"},
                                                                {"payload-bytes-max", "1"},
                                                                {"public-url", "hooks.example.com"},
                                                                {"tls-cert", "a.pem"},
                                                                {"tls-key", "a.pem"},
                                                                {"allow-http-endpoints", "yes"},
                                                                {"payload-bytes-max", "99999999999"}};
  for (const auto& [name, text] : bad) EXPECT_NE(refusal({{name, text}}), "") << name << "=" << text;
}

TEST_F(Config, SecretsComeFromTheEnvironmentOnly) {
  environment_ = {{"POSTHORN_ADMIN_TOKEN", "ph_admin_0123456789"}, {"POSTHORN_MASTER_KEY", "k"}};
  EXPECT_EQ(load()->admin_token, "ph_admin_0123456789");
  EXPECT_EQ(load()->master_key, "k");
  environment_["POSTHORN_ADMIN_TOKEN"] = "two words";
  EXPECT_NE(refusal().find("POSTHORN_ADMIN_TOKEN"), std::string::npos);
  environment_.clear();
  write("admin_token = 'ph_admin_0123456789'\n");
  EXPECT_NE(refusal(), "");
}

TEST_F(Config, WarnsOfPasswordsThatOthersCanRead) {
  constexpr auto proxy = "http://user:secret@127.0.0.1:3128";
  const auto flagged = load({{"outbound-proxy", proxy}});
  ASSERT_TRUE(flagged.has_value());
  EXPECT_FALSE(flagged->outbound_proxy->authorization.empty());
  ASSERT_EQ(flagged->warnings.size(), 1U);
  EXPECT_NE(flagged->warnings[0].find("POSTHORN_OUTBOUND_PROXY"), std::string::npos);
  EXPECT_EQ(flagged->warnings[0].find("secret"), std::string::npos);
  EXPECT_TRUE(load({{"outbound-proxy", "http://127.0.0.1:3128"}})->warnings.empty());
  environment_ = {{"POSTHORN_OUTBOUND_PROXY", proxy}};
  EXPECT_TRUE(load()->warnings.empty());
  environment_.clear();

  using std::filesystem::perms;
  for (const std::string& text :
       {"outbound_proxy = '" + std::string(proxy) + "'\n", std::string("smtp_password = 's'\n")}) {
    write(text);
    std::filesystem::permissions(file_, perms::owner_read | perms::owner_write);
    EXPECT_TRUE(load()->warnings.empty()) << text;
    std::filesystem::permissions(file_, perms::others_read, std::filesystem::perm_options::add);
    ASSERT_EQ(load()->warnings.size(), 1U) << text;
    EXPECT_NE(load()->warnings[0].find("chmod 600"), std::string::npos);
  }
  write("threads = 1\n");
  EXPECT_TRUE(load()->warnings.empty());
}

TEST_F(Config, HasOnePublicUrl) {
  EXPECT_EQ(load({{"public-url", "HTTPS://Hooks.Example.com:443/sub/"}})->public_url, "https://hooks.example.com/sub");
  EXPECT_EQ(load({{"public-url", "https://b\xc3\xbcro.example"}})->public_url, "https://xn--bro-hoa.example");
  EXPECT_NE(refusal({{"public-url", "https://hooks.example.com/?a"}}).find("--public-url"), std::string::npos);
  EXPECT_NE(refusal({{"public-url", "https://hooks.example.com/#a"}}).find("fragment"), std::string::npos);
}

TEST_F(Config, SaysWhoTakesMails) {
  write("smtp_password = 'from-file'\n");
  const flag_values flags = {
      {"smtp-url", "smtps://mail.example.com"}, {"smtp-from", "posthorn@example.com"}, {"smtp-user", "postman"}};
  const auto loaded = load(flags);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().detail;
  EXPECT_TRUE(loaded->mail.is_set());
  EXPECT_EQ(loaded->mail.password, "from-file");
  EXPECT_FALSE(loaded->mail.without_tls);
  environment_["POSTHORN_SMTP_PASSWORD"] = "from-environment";
  EXPECT_EQ(load(flags)->mail.password, "from-environment");
  EXPECT_FALSE(load()->mail.is_set());
  EXPECT_NE(refusal({{"smtp-url", "smtps://mail.example.com"}}).find("smtp-from"), std::string::npos);
  EXPECT_NE(refusal({{"smtp-url", "http://mail.example.com"}}).find("smtps://"), std::string::npos);
  EXPECT_NE(refusal({{"smtp-url", "smtps://u:p@mail.example.com"}}).find("smtp-user"), std::string::npos);
  EXPECT_NE(refusal({{"smtp-from", "nobody"}}).find("e-mail"), std::string::npos);
}

TEST(ConfigNames, FollowFromTheOption) {
  EXPECT_EQ(environment_name("ops-listen"), "POSTHORN_OPS_LISTEN");
  EXPECT_EQ(file_key("ops-listen"), "ops_listen");
}

}  // namespace
}  // namespace posthorn::app
