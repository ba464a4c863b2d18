// A producer that costs little: posts events to one URL and prints what was accepted, how fast, as one JSON object.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "load_requests.hpp"
#include "load_run.hpp"
#include "wire.hpp"

int main(int argc, char** argv) {
  using namespace posthorn::bench;
  std::string url = "http://127.0.0.1:8080/v1/events";
  request_options requests;
  load_options load;
  CLI::App cli("Posts events and prints the rate as JSON. The API key is taken from POSTHORN_API_KEY.",
               "posthorn-bench-load");
  cli.add_option("--url", url, "http://IPv4:PORT/path")->capture_default_str();
  cli.add_option("--connections", load.connections, "")->capture_default_str()->check(CLI::Range(1, 4'096));
  cli.add_option("--rate", load.rate, "open loop: requests a second; 0 = closed loop")->capture_default_str();
  cli.add_option("--seconds", load.seconds, "how long to send")->capture_default_str();
  cli.add_option("--count", load.count, "stop after this many accepted events instead");
  cli.add_option("--batch", load.batch, "events a request, NDJSON above 1")->capture_default_str();
  cli.add_option("--payload-bytes", requests.payload_bytes, "of the delivered body")->capture_default_str();
  cli.add_flag("--idempotency", requests.idempotency, "an Idempotency-Key with each event");
  cli.add_option("--uids", requests.uids, "how many different uids")->capture_default_str();
  cli.add_option("--types", requests.types, "event types, in turn")->delimiter(',');
  CLI11_PARSE(cli, argc, argv);
  requests.batch = load.batch;
  if (const char* key = std::getenv("POSTHORN_API_KEY"); key != nullptr) requests.api_key = key;

  const auto where = parse_url(url);
  if (!where) {
    fmt::print(stderr, "--url: {} is not http://IPv4:PORT/path\n", url);
    return 2;
  }
  request_maker maker(requests, *where, load.connections);
  load_run run(load, *where, maker);
  const auto report = run.run();
  fmt::print("{}\n", report.json());
  return report.accepted > 0 ? 0 : 1;
}
