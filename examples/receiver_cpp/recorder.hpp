// What the example does with a request, apart from sockets: verify, read, refuse where told to, record, answer.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "receiver/duplicates.hpp"
#include "receiver/verifier.hpp"

namespace example {

struct webhook {
  posthorn::receiver::signature_headers headers;
  std::string_view type_header;  // webhook-event-type
  std::string_view path;         // stands for the sender in certificates' duplicate keys
  std::string_view body;         // raw: not parsed, not decoded
};

struct answer {
  unsigned status = 0;  // 0: close the connection without an answer
  std::string body;
};

// Not thread-safe.
class recorder {
 public:
  // Replaces every key at once, or changes nothing if one is malformed or there is none.
  [[nodiscard]] posthorn::base::result<void> set_keys(const std::vector<std::string>& keys);
  // The first `tries` verified requests of that type get 503, or no answer at all.
  void refuse_first(const std::string& type, int tries) { refusals_left_[type] = tries; }
  void drop_first(const std::string& type, int tries) { drops_left_[type] = tries; }

  // Prints one JSON line on standard output for each request.
  [[nodiscard]] answer receive(const webhook& request);
  // The printed lines as a JSON array, oldest first; the last `lines_max` of them.
  [[nodiscard]] std::string received() const;

 private:
  struct line {
    std::string who;  // whose tries it counts
    std::string json;
  };

  [[nodiscard]] answer answer_verified(const posthorn::receiver::event& event,
                                       const posthorn::receiver::duplicate_keys& keys, bool duplicate,
                                       std::string_view body);
  int count_try(const std::string& who) { return ++tries_[who]; }
  void print(line one);

  static constexpr std::size_t lines_max = 50'000;

  posthorn::receiver::verifier verifier_;
  posthorn::receiver::seen_set seen_;
  std::unordered_map<std::string, int> refusals_left_;
  std::unordered_map<std::string, int> drops_left_;
  std::unordered_map<std::string, int> tries_;
  std::deque<std::string> events_;  // verified bodies; a real receiver has a database here
  std::deque<line> lines_;
};

}  // namespace example
