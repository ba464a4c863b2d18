#include "net/resolver.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>
#include <utility>

#include "net/resolver_channel.hpp"

namespace posthorn::net {
namespace {

namespace asio = boost::asio;
namespace limits = base::limits;
using steady = std::chrono::steady_clock;

shared_resolution failed_with(std::string failure) {
  return std::make_shared<const resolution>(resolution{{}, std::move(failure)});
}

// Changes whenever the system's DNS configuration does; 0 if there is none.
std::int64_t configuration_stamp() {
  struct stat found{};
  if (::stat("/etc/resolv.conf", &found) != 0) return 0;
  return static_cast<std::int64_t>(found.st_mtim.tv_sec) * 1'000'000'000 + found.st_mtim.tv_nsec;
}

// One question under way, and everyone who waits for its answer.
struct lookup {
  explicit lookup(asio::io_context& io) : overdue(io) {}
  std::string host;
  shared_resolution answer;  // set when it is over
  std::vector<asio::steady_timer*> waiters;
  asio::steady_timer overdue;
};

}  // namespace

class resolver::state {
 public:
  state(asio::io_context& io, resolver_options options) : io_(io), options_(std::move(options)) {}

  [[nodiscard]] shared_resolution cached(const std::string& host) {
    const auto found = cache_.find(host);
    if (found == cache_.end()) return nullptr;
    if (found->second.until > steady::now()) return found->second.answer;
    cache_.erase(found);
    return nullptr;
  }

  // The look-up of `host`, begun if there is none.
  [[nodiscard]] std::shared_ptr<lookup> join(const std::string& host) {
    if (const auto found = lookups_.find(host); found != lookups_.end()) return found->second;
    const auto is_outdated = [this] { return options_.servers.empty() && stamp_ != configuration_stamp(); };
    if (!channel_ || (open_questions_ == 0 && is_outdated())) open_channel();
    auto begun = std::make_shared<lookup>(io_);
    begun->host = host;
    lookups_.emplace(host, begun);
    begun->overdue.expires_after(std::chrono::milliseconds(options_.timeout_ms));
    begun->overdue.async_wait([this, weak = std::weak_ptr(begun)](const boost::system::error_code& cancelled) {
      const std::shared_ptr<lookup> late = weak.lock();
      if (!cancelled && late && !late->answer) finish(*late, {{{}, "no DNS answer in time"}, 0});
    });
    ++open_questions_;
    ++questions_;
    channel_->ask(host, [this, begun](raw_answer answer) {
      --open_questions_;
      if (!begun->answer) finish(*begun, std::move(answer));
    });
    return begun;
  }

  [[nodiscard]] std::uint64_t questions() const noexcept { return questions_; }

 private:
  struct entry {
    shared_resolution answer;
    steady::time_point until;
  };

  void open_channel() {
    stamp_ = configuration_stamp();
    channel_ = std::make_unique<resolver_channel>(io_, options_);
  }

  void finish(lookup& over, raw_answer raw) {
    const int ttl_s = raw.answer.addresses.empty()
                          ? limits::dns_negative_ttl_s
                          : std::clamp(raw.ttl_s, limits::dns_ttl_s_min, limits::dns_ttl_s_max);
    over.answer = std::make_shared<const resolution>(std::move(raw.answer));
    over.overdue.cancel();
    if (cache_.size() >= limits::dns_cache_names_max) make_room();
    cache_[over.host] = {over.answer, steady::now() + std::chrono::seconds(ttl_s)};
    for (asio::steady_timer* waiter : over.waiters) waiter->cancel();
    over.waiters.clear();
    lookups_.erase(over.host);
  }

  void make_room() {
    std::erase_if(cache_, [now = steady::now()](const auto& item) { return item.second.until <= now; });
    if (cache_.size() >= limits::dns_cache_names_max) cache_.erase(cache_.begin());
  }

  asio::io_context& io_;
  resolver_options options_;
  std::unordered_map<std::string, entry> cache_;
  std::unordered_map<std::string, std::shared_ptr<lookup>> lookups_;
  std::uint64_t questions_ = 0;
  std::size_t open_questions_ = 0;
  std::int64_t stamp_ = 0;
  // From the first question on. Last: its end calls finish() for what is open.
  std::unique_ptr<resolver_channel> channel_;
};

resolver::resolver(asio::io_context& io, resolver_options options)
    : state_(std::make_unique<state>(io, std::move(options))) {}

resolver::~resolver() = default;

std::uint64_t resolver::lookups() const noexcept { return state_->questions(); }

namespace {

// RFC 6761 section 6.3: loopback, and nobody is asked; a machine without a hosts file has it, too.
bool is_localhost(std::string_view name) { return name == "localhost" || name.ends_with(".localhost"); }

shared_resolution localhost() {
  static const auto both = std::make_shared<const resolution>(
      resolution{{asio::ip::address_v6::loopback(), asio::ip::address_v4::loopback()}, {}});
  return both;
}

}  // namespace

asio::awaitable<shared_resolution> resolver::resolve(std::string_view host, asio::steady_timer& wait) {
  const std::string name(host);
  boost::system::error_code error;
  if (const auto literal = asio::ip::make_address(name, error); !error) {
    co_return std::make_shared<const resolution>(resolution{{literal}, {}});
  }
  if (is_localhost(name)) co_return localhost();
  if (shared_resolution known = state_->cached(name)) co_return known;
  const std::shared_ptr<lookup> joined = state_->join(name);
  if (joined->answer) co_return joined->answer;
  joined->waiters.push_back(&wait);
  wait.expires_at(steady::time_point::max());
  // From here on the resolver may be gone; the look-up is not.
  co_await wait.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (joined->answer) co_return joined->answer;
  std::erase(joined->waiters, &wait);
  co_return failed_with("cancelled");
}

}  // namespace posthorn::net
