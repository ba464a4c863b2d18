#include "account/hash_turns.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::account {
namespace {

using counts = std::unordered_map<std::uint64_t, std::size_t>;

std::size_t count_of(const counts& in, std::uint64_t key) {
  const auto found = in.find(key);
  return found == in.end() ? 0 : found->second;
}

void count_down(counts& in, std::uint64_t key) {
  const auto found = in.find(key);
  if (found != in.end() && --found->second == 0) in.erase(found);
}

std::unexpected<base::error> full(const char* detail, int retry_after_s) {
  return base::fail_later(base::fault::too_many_requests, detail, retry_after_s);
}

}  // namespace

base::result<void> hash_turns::put(const password_try& of, job work) {
  if (count_of(counts_of(of), of.account) >= login_limits::hashes_of_account_max) {
    return full("this account's passwords are being checked at this moment: try again", 1);
  }
  if (count_of(of_address_, of.address) >= login_limits::hashes_of_address_max) {
    return full("many people log in from this address at this moment: try again", 1);
  }
  line& in = line_of(of);
  if (in.waiting >= login_limits::hashes_waiting_max) {
    return full("too many people log in at this moment: try again", 5);
  }
  const auto is_accounts = [&](const share& each) { return each.account == of.account; };
  auto own = std::ranges::find_if(in.shares, is_accounts);
  if (own == in.shares.end()) own = in.shares.insert(in.shares.end(), share{.account = of.account, .turns = {}});
  own->turns.push_back({of, std::move(work)});
  ++in.waiting;
  ++counts_of(of)[of.account];
  ++of_address_[of.address];
  return {};
}

std::optional<hash_turns::turn> hash_turns::take() {
  line* in = known_next_ ? &known_ : &others_;
  if (in->waiting == 0) in = known_next_ ? &others_ : &known_;
  if (in->waiting == 0) return std::nullopt;
  known_next_ = in == &others_;
  turn next = std::move(in->shares.front().turns.front());
  in->shares.front().turns.pop_front();
  --in->waiting;
  if (in->shares.front().turns.empty()) {
    in->shares.pop_front();
  } else {
    in->shares.splice(in->shares.end(), in->shares, in->shares.begin());
  }
  return next;
}

void hash_turns::done(const password_try& of) {
  count_down(counts_of(of), of.account);
  count_down(of_address_, of.address);
}

}  // namespace posthorn::account
