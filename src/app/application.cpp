#include "app/application.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "app/admin_token.hpp"
#include "app/assessment_documents.hpp"
#include "app/descriptors.hpp"
#include "app/dispatched_tests.hpp"
#include "app/key_rotation.hpp"
#include "app/readings.hpp"
#include "app/version.hpp"
#include "base/log.hpp"
#include "net/run_loop.hpp"

namespace posthorn::app {
namespace {

namespace asio = boost::asio;
namespace limits = base::limits;

constexpr std::size_t blocking_threads = 8;  // most of them wait for the writer, whose groups they fill

std::string shown(const host_port& at, std::uint16_t port) {
  return at.host.find(':') == std::string::npos ? fmt::format("{}:{}", at.host, port)
                                                : fmt::format("[{}]:{}", at.host, port);
}

int thread_count(const config& with) {
  if (with.threads > 0) return with.threads;
  const int processors = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(processors, 1, limits::threads_by_default_max);
}

}  // namespace

application::application(data_directory directory, const config& with)
    : directory_(std::move(directory)),
      guard_(net::address_rules{
          .allow_private = with.allow_private_endpoints, .deny = with.deny_subnets, .allow = with.allow_subnets}),
      blocking_(blocking_threads) {}

application::~application() {
  stop_parts();
  // Its sockets and timers belong to the network's io_contexts, which run no more but have to be there still.
  dispatcher_.reset();
}

base::result<std::unique_ptr<application>> application::start(const config& with) {
  base::set_log_level(with.log);
  for (const std::string& warning : with.warnings) base::log_warn("configuration", {{"detail", warning}});
  auto directory = data_directory::open(with.data);
  if (!directory) return std::unexpected(std::move(directory.error()));
  std::unique_ptr<application> made(new application(*std::move(directory), with));
  if (auto opened = made->open_store(with); !opened) return std::unexpected(std::move(opened.error()));
  const auto token = choose_admin_token(with.admin_token, made->store_->directory().current()->admin_token_digest);
  if (!token) return std::unexpected(token.error());
  if (token->is_short) {
    base::log_warn("admin_token_short",
                   {{"help", "POSTHORN_ADMIN_TOKEN needs 32 characters from the next release on"}});
  }
  if (auto prepared = made->prepare_doors(with); !prepared) return std::unexpected(std::move(prepared.error()));
  // Callers wait in the listeners' queues until the threads run.
  if (auto bound = made->network_->bind(); !bound) return std::unexpected(std::move(bound.error()));
  made->services_->public_url = made->public_url(with);
  made->services_->strict_transport = with.public_url.starts_with("https://");
  if (auto begun = made->begin_delivering(with); !begun) return std::unexpected(std::move(begun.error()));
  // Before anybody is told that the server is there: who is told may end it.
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) made->signals_.add(number);
  const auto setup = made->people_->make_setup_link();
  if (!setup) return std::unexpected(setup.error());
  const bool shown = made->announce(with, token->made, *setup);
  if (auto kept = made->keep_admin_token(*token, shown); !kept) return std::unexpected(std::move(kept.error()));
  if (made->mail_) made->mail_->begin_notices();
  made->network_->run();
  base::log_info("started", {{"version", version}, {"port", made->network_->port()}, {"threads", thread_count(with)}});
  return made;
}

base::result<void> application::open_store(const config& with) {
  auto key = settled_master_key(directory_, with.master_key);
  if (!key) return std::unexpected(std::move(key.error()));
  auto store = store::sqlite::embedded_store::open(
      {.data_directory = directory_.path(),
       .master_key = *std::move(key),
       .takes = [this](const model::endpoint& endpoint, std::string_view type,
                       std::string_view payload) { return replayed_.takes(endpoint, type, payload); }},
      base::system_clock());
  if (!store) return std::unexpected(std::move(store.error()));
  store_ = *std::move(store);
  tokens_ = std::make_unique<assessment::token_key>(store_->token_secret());
  return {};
}

// A token that was made is stored once it has been shown: until a start gets so far, each start makes and shows one.
base::result<void> application::keep_admin_token(const admin_token_choice& token, bool shown) {
  if (token.digest.empty()) return {};
  if (!token.made.empty() && !shown) {
    base::log_error("admin_token_not_shown",
                    {{"help", "standard output cannot be written: the next start makes another token and shows it"}});
    return {};
  }
  store::audit_note note{
      .entry = {.actor = store::actor_kind::operations, .action = "posthorn serve", .object = "admin token"}};
  const store::acting as(&note);
  return store_->config().set_admin_token_digest(token.digest);
}

base::result<void> application::let_people_in() {
  people_ =
      std::make_unique<account::people_service>(store_->people(), store_->directory(), sessions_, base::system_clock(),
                                                account::people_options{.address_secret = store_->token_secret()});
  return people_->load();
}

base::result<void> application::prepare_doors(const config& with) {
  auto proxies = net::trusted_proxies::parse(with.trusted_proxies);
  if (!proxies) return std::unexpected(std::move(proxies.error()));
  if (!with.tls_cert.empty()) {
    auto loaded = net::tls_server::load(with.tls_cert, with.tls_key);
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    tls_ = *std::move(loaded);
  }
  ingest_ = std::make_unique<ingest::ingest_service>(store_->intake(), with.payload_bytes_max);
  certificates_ = std::make_unique<certificate::certificate_service>(store_->certificates(), store_->directory(),
                                                                     *ingest_, base::system_clock());
  auto documents = read_assessment_documents(with.assessment_documents);
  if (!documents) return std::unexpected(std::move(documents.error()));
  documents_ = *std::move(documents);
  assessments_ = std::make_unique<assessment::assessment_service>(store_->sessions(), store_->directory(), *ingest_,
                                                                  documents_, base::system_clock());
  links_ = std::make_unique<assessment::link_service>(store_->links(), store_->directory(), *assessments_,
                                                      base::system_clock());
  tests_ = std::make_unique<dispatched_tests>(dispatcher_);
  if (auto in = let_people_in(); !in) return in;
  services_.reset(new api::services{
      .clock = base::system_clock(),
      .ingest = *ingest_,
      .directory = store_->directory(),
      .config = store_->config(),
      .queries = store_->reads(),
      .certificates = *certificates_,
      .assessments = *assessments_,
      .links = *links_,
      .tokens = *tokens_,
      .persons = store_->persons(),
      .replays = store_->replays(),
      .traffic = store_->traffic(),
      .changes = store_->changes(),
      .requests = store_->requests(),
      .health = store_->condition(),
      .tests = *tests_,
      .tail = tail_,
      .failures = failures_,
      .people = *people_,
      .sessions = sessions_,
      .logins = logins_,
      .hashes = hashes_,
      .meters = meters_,
      .blocking = blocking_,
      .endpoint_urls = {.allow_http = with.allow_http_endpoints, .guard = &guard_, .judge_name = true}});
  if (with.mail.is_set()) {
    const auto curl = mail::curl_library::load();
    if (!curl) return std::unexpected(curl.error());
    mail_ = std::make_unique<people_mail>(with.mail, *curl, store_->directory(), store_->people(), base::system_clock(),
                                          services_->public_url);
    services_->mail = mail_.get();
  }
  const int threads = thread_count(with);
  const auto connections = claim_descriptors(static_cast<std::size_t>(threads));
  if (!connections) return std::unexpected(connections.error());
  network_ = std::make_unique<network>(network_options{.listen = with.listen,
                                                       .ops_listen = with.ops_listen,
                                                       .ops_listen_chosen = with.ops_listen_chosen,
                                                       .threads = threads,
                                                       .connections_max = *connections,
                                                       .proxies = *std::move(proxies),
                                                       .tls = tls_},
                                       *services_);
  return {};
}

base::result<void> application::begin_delivering(const config& with) {
  const std::vector<asio::io_context*> contexts = network_->contexts();
  // One for all who call out: what is trusted is kept once.
  const auto tls = net::tls_client_context::make({with.ca_files});
  if (!tls) return std::unexpected(tls.error());
  dispatcher_ = std::make_unique<dispatch::dispatcher>(
      dispatch::dispatcher_options{.allow_http = with.allow_http_endpoints,
                                   .tls = *tls,
                                   .names = {.servers = with.dns_servers},
                                   .proxy = with.outbound_proxy,
                                   .user_agent = fmt::format("Posthorn/{}", version),
                                   .tail = &tail_},
      store_->directory(), store_->log(), base::system_clock(), guard_, contexts);
  meters_.add_source([this] { return delivery_readings(dispatcher_->stats()); });
  meters_.add_source([this] { return endpoint_readings(*store_->directory().current()); });
  meters_.add_source(log_readings);
  meters_.add_source([this] { return door_readings(network_->connections(), failures_); });
  meters_.add_source([this] { return login_readings(logins_, hashes_); });
  if (auto started = store_->start(*dispatcher_); !started) return started;
  scoring_ = std::make_unique<scorer::external_scoring>(
      scorer::scoring_options{.allow_http = with.allow_http_endpoints,
                              .tls = *tls,
                              .names = {.servers = with.dns_servers},
                              .proxy = with.outbound_proxy,
                              .user_agent = fmt::format("Posthorn/{}", version)},
      *assessments_, store_->directory(), base::system_clock(), guard_);
  expiries_ = std::make_unique<expiry_watch>(
      base::system_clock(),
      std::vector<expiry_watch::source>{
          {"certificates", [this] { return store_->certificates().next_certificate_end(); },
           [this] { return certificates_->expire_overdue(); }},
          {"sessions", [this] { return next_session_end(); }, [this] { return assessments_->expire_overdue(); }},
          {"links", [this] { return link_work_due(); }, [this] { return links_->make_more(); }}});
  return {};
}

// A session's limit is engine time; the watch goes by wall time.
base::result<base::epoch_ms> application::next_session_end() {
  const auto next = store_->sessions().next_session_end();
  if (!next || *next == 0) return next;
  return *next - base::system_clock().engine() + base::system_clock().wall();
}

// What is left to be made or erased of links is due at once.
base::result<base::epoch_ms> application::link_work_due() {
  const auto left = store_->links().has_link_work();
  if (!left) return std::unexpected(left.error());
  return *left ? 1 : 0;
}

std::string application::listener_url(const config& with) const {
  return fmt::format("{}://{}", tls_ ? "https" : "http", shown(with.listen, network_->port()));
}

std::string application::public_url(const config& with) const {
  return with.public_url.empty() ? listener_url(with) : with.public_url;
}

bool application::announce(const config& with, const std::string& made_token, const std::string& setup_token) const {
  const std::string api = listener_url(with);
  std::string text = fmt::format("Posthorn {} serves the API on {}\n", version, api);
  if (!with.public_url.empty()) text += fmt::format("Reached from outside as {}\n", with.public_url);
  if (with.ops_listen) {
    text += fmt::format("Health and metrics on http://{}\n", shown(*with.ops_listen, network_->ops_port()));
  }
  if (!setup_token.empty()) {
    text += fmt::format("The console's first admin is made here, once, within 24 hours: {}/console/setup#{}\n",
                        services_->public_url, setup_token);
  }
  if (!made_token.empty()) {
    text += fmt::format("Machine-admin token, shown this once: {}\n", made_token);
  }
  text += fmt::format("Data in {}\n", directory_.path());
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
}

void application::run() {
  await_signal();
  net::run_loop(control_, "the main thread");
  stop_parts();
  base::log_info("stopped", {});
}

void application::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& failed, int number) {
    if (!failed) on_signal(number);
  });
}

void application::on_signal(int number) {
  if (number == SIGHUP) {
    if (tls_) {
      const auto reloaded = tls_->reload();
      if (reloaded) base::log_info("certificate_reloaded", {});
      if (!reloaded) base::log_error("certificate_not_reloaded", {{"error", reloaded.error().detail}});
    }
  } else if (!stopping_) {
    begin_stop();
  } else {
    base::log_warn("stop_hurried", {});
    control_.stop();
  }
  await_signal();
}

void application::begin_stop() {
  stopping_ = true;
  base::log_info("stopping", {});
  deadline_.expires_after(std::chrono::milliseconds(limits::stop_deadline_ms));
  deadline_.async_wait([this](const boost::system::error_code& failed) {
    if (failed) return;
    base::log_warn("stop_deadline_passed", {});
    control_.stop();
  });
  // First the doors, then the attempts: what a request in hand brings in may still go out.
  network_->stop([this] { dispatcher_->stop([this] { asio::post(control_, [this] { control_.stop(); }); }); });
}

void application::stop_parts() {
  // The store goes before the network's threads, because requests that are still in hand wait for its answers.
  if (network_) network_->abort();
  if (store_) store_->stop();
  expiries_.reset();
  scoring_.reset();
  hashes_.stop();
  blocking_.join();
  if (network_) network_->join();
  mail_.reset();
}

}  // namespace posthorn::app
