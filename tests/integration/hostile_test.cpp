// Requests that nobody should send, each with the answer that docs/errors.md promises; the server serves on after each.
#include <string>
#include <vector>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

using namespace std::string_literals;

std::string nested(std::size_t depth, const std::string& open, const std::string& close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += "1";
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

std::string payload_of(const std::string& json) { return R"({"type":"a.b","payload":)" + json + "}"; }

struct hostile_body {
  std::string what;
  std::string body;
  int status;
  std::string problem;
};

const std::vector<hostile_body>& event_bodies() {
  static const std::vector<hostile_body> all = {
      {"empty", "", 400, "malformed-json"},
      {"white space", " \t\r\n", 400, "malformed-json"},
      {"cut short", R"({"type":"a.b","payload":{)", 400, "malformed-json"},
      {"two values", payload_of("1") + payload_of("2"), 400, "malformed-json"},
      {"trailing comma", R"({"type":"a.b","payload":1,})", 400, "malformed-json"},
      {"single quotes", "{'type':'a.b','payload':1}", 400, "malformed-json"},
      {"a comment", "{/* */" + payload_of("1").substr(1), 400, "malformed-json"},
      {"bare words", R"({type:"a.b",payload:1})", 400, "malformed-json"},
      {"an array", "[]", 400, "malformed-json"},
      {"a string", "\"a.b\"", 400, "malformed-json"},
      {"NaN", payload_of("NaN"), 400, "malformed-json"},
      {"a leading zero", payload_of("012"), 400, "malformed-json"},
      {"a lone minus", payload_of("-"), 400, "malformed-json"},
      {"an open exponent", payload_of("1e"), 400, "malformed-json"},
      {"hexadecimal", payload_of("0x10"), 400, "malformed-json"},
      {"a lone surrogate's half escape", payload_of(R"("\ud83")"), 400, "malformed-json"},
      {"an unknown escape", payload_of(R"("\x41")"), 400, "malformed-json"},
      {"a line break in a string", payload_of("\"a\nb\""), 400, "malformed-json"},
      {"NUL in a string", payload_of("\"a\0b\""s), 400, "malformed-json"},
      {"NUL after the value", payload_of("1") + "\0"s, 400, "malformed-json"},
      {"a byte order mark", "\xef\xbb\xbf" + payload_of("1"), 400, "malformed-json"},
      {"UTF-8: a stray continuation", payload_of("\"\x80\""), 400, "malformed-json"},
      {"UTF-8: an overlong slash", payload_of("\"\xc0\xaf\""), 400, "malformed-json"},
      {"UTF-8: a surrogate", payload_of("\"\xed\xa0\x80\""), 400, "malformed-json"},
      {"UTF-8: beyond the last plane", payload_of("\"\xf5\x80\x80\x80\""), 400, "malformed-json"},
      {"UTF-16", "\xff\xfe{\0}\0"s, 400, "malformed-json"},
      {"65 arrays deep", payload_of(nested(65, "[", "]")), 400, "malformed-json"},
      {"10,000 arrays deep", payload_of(nested(10'000, "[", "]")), 400, "malformed-json"},
      {"100,000 open braces", payload_of(std::string(100'000, '{')), 400, "malformed-json"},
      {"a type that is a number", R"({"type":1,"payload":1})", 422, "invalid-field"},
      {"a type that is null", R"({"type":null,"payload":1})", 422, "invalid-field"},
      {"an empty type", R"({"type":"","payload":1})", 422, "invalid-field"},
      {"a type with a space", R"({"type":"a b","payload":1})", 422, "invalid-field"},
      {"a type with a header in it", R"({"type":"a\r\nX-Evil: 1","payload":1})", 422, "invalid-field"},
      {"a type with NUL", R"({"type":"a\u0000","payload":1})", 422, "invalid-field"},
      {"a type of 129", R"({"type":")" + std::string(129, 'a') + R"(","payload":1})", 422, "invalid-field"},
      {"no type", R"({"payload":1})", 422, "missing-field"},
      {"neither form", R"({"type":"a.b"})", 422, "missing-field"},
      {"both forms", R"({"type":"a.b","uid":"user-1","details":{},"payload":1})", 422, "invalid-field"},
      {"details without uid", R"({"type":"a.b","details":{}})", 422, "missing-field"},
      {"details that are a list", R"({"type":"a.b","uid":"user-1","details":[]})", 422, "invalid-field"},
      {"a short uid", R"({"type":"a.b","uid":"u","details":{}})", 422, "invalid-field"},
      {"a uid with a path", R"({"type":"a.b","uid":"../../etc","details":{}})", 422, "invalid-field"},
      {"a uid of 257", R"({"type":"a.b","payload":1,"uid":")" + std::string(257, 'u') + "\"}", 422, "invalid-field"},
      {"a uid with a line break", R"({"type":"a.b","payload":1,"uid":"a\nb"})", 422, "invalid-field"},
      {"reasons that are numbers", R"({"type":"a.b","uid":"user-1","details":{},"reasons":[1]})", 422, "invalid-field"},
      {"reasons beside a payload", R"({"type":"a.b","payload":1,"reasons":[]})", 422, "invalid-field"},
      {"a member twice", R"({"type":"a.b","type":"c.d","payload":1})", 422, "invalid-field"},
      {"a member twice, one escaped", R"({"type":"a.b","\u0074ype":"c.d","payload":1})", 422, "unknown-field"},
      {"an unknown member", R"({"type":"a.b","payload":1,"__proto__":{}})", 422, "unknown-field"},
      {"a batch's member", R"({"type":"a.b","payload":1,"idempotency_key":"k"})", 422, "unknown-field"},
      {"a payload over the limit", payload_of("\"" + std::string(256 * 1024, 'x') + "\""), 413, "payload-too-large"},
      {"a body over the limit", payload_of("\"" + std::string(400 * 1024, 'x') + "\""), 413, "payload-too-large"},
  };
  return all;
}

struct hostile_call {
  std::string method;
  std::string target;
  std::string body;
  int status;
  std::string problem;
};

const std::vector<hostile_call>& calls() {
  static const std::vector<hostile_call> all = {
      {"GET", "/none", "", 404, "not-found"},
      {"GET", "/v1/nothing", "", 404, "not-found"},
      {"GET", "/v1/events/", "", 404, "not-found"},
      {"GET", "/v1/events/../../etc/passwd", "", 404, "not-found"},
      {"GET", "/v1/events/%2e%2e", "", 404, "not-found"},
      {"GET", "/v1/events/evt_", "", 404, "not-found"},
      {"GET", "/v1/events/evt_zzzzzzzzzzzzzzzzzzzzzz", "", 404, "not-found"},
      {"GET", "/v1/events/evt_0000000000001", "", 404, "not-found"},
      {"GET", "/v1/deliveries/evt_0000000000001", "", 404, "not-found"},
      {"POST", "/v1/deliveries/dlv_0000000000001/retry", "", 404, "not-found"},
      {"POST", "/v1/endpoints/ep_0000000000001/enable", "", 404, "not-found"},
      {"PUT", "/v1/events", "{}", 405, "method-not-allowed"},
      {"DELETE", "/v1/events", "", 405, "method-not-allowed"},
      {"BREW", "/v1/events", "", 405, "method-not-allowed"},
      {"POST", "/healthz", "", 405, "method-not-allowed"},
      {"GET", "/v1/events?limit=0", "", 422, "invalid-field"},
      {"GET", "/v1/events?limit=-1", "", 422, "invalid-field"},
      {"GET", "/v1/events?limit=99999999999999999999", "", 422, "invalid-field"},
      {"GET", "/v1/events?limit=1&limit=2", "", 400, "malformed-request"},
      {"GET", "/v1/events?colour=red", "", 400, "malformed-request"},
      {"GET", "/v1/events?uid=%zz", "", 400, "malformed-request"},
      {"GET", "/v1/events?cursor=AAAA", "", 400, "malformed-cursor"},
      {"GET", "/v1/events?cursor='%20OR%201=1", "", 400, "malformed-cursor"},
      {"GET", "/v1/events?state=lost", "", 422, "invalid-field"},
      {"GET", "/v1/events?since=yesterday", "", 422, "invalid-field"},
      {"GET", "/v1/events?integration_id=12345678901234567890", "", 403, "forbidden"},
      {"GET", "/v1/companies", "", 403, "forbidden"},
      {"POST", "/v1/deployments", R"({"name":"x"})", 403, "forbidden"},
      {"POST", "/v1/endpoints", "{}", 422, "missing-field"},
      {"POST", "/v1/endpoints", "[1]", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":1})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"ftp://127.0.0.1/"})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"http://user:pw@127.0.0.1/"})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"http://127.0.0.1/\r\nX: 1"})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"http://127.0.0.1/","headers":{"Host":"x"}})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"http://127.0.0.1/","headers":{"x":"a\r\nb"}})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"http://127.0.0.1/","timeout_ms":1e300})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"http://127.0.0.1/","in_flight_max":0})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"http://127.0.0.1/","retry":{"schedule_s":[-1]}})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"http://127.0.0.1/","event_types":[]})", 422, "invalid-field"},
      {"POST", "/v1/endpoints", R"({"url":"http://127.0.0.1/","state":"active"})", 422, "unknown-field"},
      {"POST", "/v1/endpoints", nested(2'000, R"({"url":)", "}"), 400, "malformed-json"},
  };
  return all;
}

struct hostile_bytes {
  std::string what;
  std::string bytes;  // KEY stands for the API key
  int status;         // 0: the connection is closed without an answer
  std::string problem;
};

std::string post(const std::string& fields, const std::string& rest) {
  return "POST /v1/events HTTP/1.1\r\nHost: x\r\napi-key: KEY\r\nContent-Type: application/json\r\n" + fields + "\r\n" +
         rest;
}

std::string get(const std::string& fields) { return "GET /healthz HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n"; }

const std::vector<hostile_bytes>& raw_requests() {
  static const std::string event = payload_of("1");
  static const std::string size = std::to_string(event.size());
  static const std::string chunked = "Transfer-Encoding: chunked\r\n";
  static const std::vector<hostile_bytes> all = {
      {"nonsense", "nonsense\r\n\r\n", 400, "malformed-request"},
      {"a TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400, "malformed-request"},
      {"NUL bytes", std::string(64, '\0'), 400, "malformed-request"},
      {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version-not-supported"},
      {"HTTP/0.9", "GET /healthz\r\n\r\n", 400, "malformed-request"},
      {"another version", "GET /healthz HTTP/3.0\r\nHost: x\r\n\r\n", 505, "version-not-supported"},
      {"no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400, "malformed-request"},
      {"two Hosts", get("Host: y\r\n"), 400, "malformed-request"},
      {"a Host with a path", "GET /healthz HTTP/1.1\r\nHost: x/y\r\n\r\n", 400, "malformed-request"},
      {"a bare LF", "GET /healthz HTTP/1.1\nHost: x\n\n", 400, "malformed-request"},
      {"a folded header", get("X: a\r\n b\r\n"), 400, "malformed-request"},
      {"white space before a colon", get("X : a\r\n"), 400, "malformed-request"},
      {"a header without a colon", get("X\r\n"), 400, "malformed-request"},
      {"a header without a name", get(": a\r\n"), 400, "malformed-request"},
      {"NUL in a header", get("X: a\0b\r\n"s), 400, "malformed-request"},
      {"CR in a header", get("X: a\rb\r\n"), 400, "malformed-request"},
      {"a target with a space", "GET /health z HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"},
      {"a target with a fragment", "GET /healthz#x HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"},
      {"a target that is no path", "GET healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"},
      {"a target of 9 KiB", "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri-too-long"},
      {"a header of 40 KiB", get("X: " + std::string(40'000, 'a') + "\r\n"), 431, "headers-too-large"},
      {"two lengths that agree", post("Content-Length: " + size + "\r\nContent-Length: " + size + "\r\n", event), 400,
       "malformed-request"},
      {"two lengths that differ", post("Content-Length: 1\r\nContent-Length: " + size + "\r\n", event), 400,
       "malformed-request"},
      {"a list of lengths", post("Content-Length: " + size + ", " + size + "\r\n", event), 400, "malformed-request"},
      {"a negative length", post("Content-Length: -1\r\n", event), 400, "malformed-request"},
      {"a signed length", post("Content-Length: +" + size + "\r\n", event), 400, "malformed-request"},
      {"a hexadecimal length", post("Content-Length: 0x10\r\n", event), 400, "malformed-request"},
      {"a length beyond 64 bits", post("Content-Length: 99999999999999999999\r\n", ""), 413, "payload-too-large"},
      {"a length beyond the limit", post("Content-Length: 1000000000\r\n", ""), 413, "payload-too-large"},
      {"length and chunks", post("Content-Length: 5\r\n" + chunked, "0\r\n\r\n"), 400, "malformed-request"},
      {"chunked twice", post(chunked + chunked, "0\r\n\r\n"), 501, "not-implemented"},
      {"a hidden coding", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501, "not-implemented"},
      {"a misspelt coding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501, "not-implemented"},
      {"chunks in HTTP/1.0", "POST /v1/events HTTP/1.0\r\n" + chunked + "\r\n0\r\n\r\n", 400, "malformed-request"},
      {"a chunk's size that is none", post(chunked, "zz\r\n"), 400, "malformed-request"},
      {"a negative chunk", post(chunked, "-1\r\n"), 400, "malformed-request"},
      {"a chunk beyond 64 bits", post(chunked, "fffffffffffffffff\r\n"), 400, "malformed-request"},
      {"a chunk without its CRLF", post(chunked, "1\r\n{}0\r\n\r\n"), 400, "malformed-request"},
      {"a chunk's line with a bare LF", post(chunked, "1\n{\r\n0\r\n\r\n"), 400, "malformed-request"},
      {"an endless chunk extension", post(chunked, "1;" + std::string(1'000, 'a')), 431, "headers-too-large"},
      {"another expectation", post("Expect: tea\r\nContent-Length: 2\r\n", "{}"), 417, "expectation-failed"},
      {"a body cut short", post("Content-Length: 100\r\n", event), 0, ""},
      {"chunks cut short", post(chunked, "ff\r\n" + event), 0, ""},
      {"a head cut short", "POST /v1/events HTTP/1.1\r\nHost: x\r\napi-k", 0, ""},
      {"no key", "GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n", 401, "unauthenticated"},
      {"a wrong key", "GET /v1/events HTTP/1.1\r\nHost: x\r\napi-key: ph_test_guess\r\n\r\n", 401, "unauthenticated"},
      {"half a key", "GET /v1/events HTTP/1.1\r\nHost: x\r\napi-key: ph_test_\r\n\r\n", 401, "unauthenticated"},
      {"Basic", "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YTpi\r\n\r\n", 401, "unauthenticated"},
      {"the admin's token as a key",
       "GET /v1/events HTTP/1.1\r\nHost: x\r\napi-key: ph_admin_for_tests_0123456789abcdef\r\n\r\n", 401,
       "unauthenticated"},
      {"a form",
       "POST /v1/events HTTP/1.1\r\nHost: x\r\napi-key: KEY\r\nContent-Type: text/plain\r\n"
       "Content-Length: 2\r\n\r\n{}",
       415, "unsupported-media-type"},
  };
  return all;
}

class hostile : public platform {
 protected:
  void expect_problem(const http_answer& answer, int status, const std::string& problem) const {
    EXPECT_EQ(answer.status, status) << answer.body.substr(0, 300);
    if (status == 0 || answer.status == 0) return;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    const boost::json::value body = answer.json();
    EXPECT_EQ(body.at("type").as_string(), "/problems/" + problem) << answer.body.substr(0, 300);
    EXPECT_EQ(body.at("status").as_int64(), status);
  }

  void expect_alive() const { EXPECT_EQ(api_caller(server.port(), "").get("/healthz").status, 200); }

  // Nothing of all that was taken for an event, and a good one is still delivered.
  void expect_unharmed() {
    EXPECT_TRUE(read("/v1/events").at("data").as_array().empty());
    make_endpoint(receiver.url());
    send_numbered("user-00001", 1);
    EXPECT_TRUE(receiver.wait_for_accepted(1));
    EXPECT_EQ(receiver.requests().size(), 1u);
  }
};

TEST_F(hostile, event_bodies_are_refused) {
  for (const hostile_body& each : event_bodies()) {
    SCOPED_TRACE(each.what);
    http_connection connection(server.port());
    expect_problem(connection.call("POST", "/v1/events",
                                   {{"api-key", test_env.api_key}, {"Content-Type", "application/json"}}, each.body),
                   each.status, each.problem);
    expect_alive();
  }
  expect_unharmed();
}

TEST_F(hostile, batches_take_the_good_lines_alone) {
  std::string lines;
  std::vector<std::string> problems;
  for (const hostile_body& each : event_bodies()) {
    // What a line of a batch may be: short, on one line, and not with what only single events refuse.
    if (each.body.size() > 1'000 || each.body.contains('\n') || each.what == "a batch's member") continue;
    lines += each.body + "\n";
    problems.push_back("/problems/" + each.problem);
  }
  const http_answer answer = api().post_batch(lines);
  ASSERT_EQ(answer.status, 202) << answer.body;
  const boost::json::value whole = answer.json();
  const boost::json::array& results = whole.at("results").as_array();
  ASSERT_EQ(results.size(), problems.size());
  for (std::size_t i = 0; i < problems.size(); ++i)
    EXPECT_EQ(results[i].at("error").at("type").as_string(), problems[i]) << i;

  expect_problem(api().post_batch(std::string(1'001, '\n')), 413, "payload-too-large");
  expect_problem(api().post_batch(""), 400, "malformed-json");
  expect_unharmed();
}

TEST_F(hostile, calls_are_refused) {
  for (const hostile_call& each : calls()) {
    SCOPED_TRACE(each.method + " " + each.target + " " + each.body.substr(0, 100));
    http_connection connection(server.port());
    http_headers headers = {{"api-key", test_env.api_key}};
    if (!each.body.empty()) headers.emplace_back("Content-Type", "application/json");
    expect_problem(connection.call(each.method, each.target, headers, each.body), each.status, each.problem);
    expect_alive();
  }
  expect_unharmed();
}

TEST_F(hostile, bytes_are_refused) {
  for (const hostile_bytes& each : raw_requests()) {
    SCOPED_TRACE(each.what);
    std::string bytes = each.bytes;
    if (const std::size_t at = bytes.find("KEY"); at != std::string::npos) bytes.replace(at, 3, test_env.api_key);
    http_connection connection(server.port());
    expect_problem(connection.exchange(bytes, each.status == 0), each.status, each.problem);
    expect_alive();
  }
  expect_unharmed();
}

// A request hidden behind a refused one must not be answered: the connection is closed instead.
TEST_F(hostile, nothing_is_read_behind_a_smuggled_body) {
  const std::string hidden = "GET /v1/events HTTP/1.1\r\nHost: x\r\napi-key: " + test_env.api_key + "\r\n\r\n";
  for (const std::string framing :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 0\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked, x\r\n"}) {
    SCOPED_TRACE(framing);
    http_connection connection(server.port());
    const http_answer answer =
        connection.exchange("POST /v1/events HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n0\r\n\r\n" + hidden);
    EXPECT_GE(answer.status, 400);
    EXPECT_EQ(answer.header("Connection"), "close");
  }
}

}  // namespace
}  // namespace posthorn::test
