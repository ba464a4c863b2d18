// posthorn-example-receiver: a whole receiver on posthorn::receiver and Boost.Beast (docs/receiving.md).
#include <CLI/CLI.hpp>
#include <boost/asio.hpp>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <optional>

#include "http_session.hpp"
#include "recorder.hpp"

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

struct options {
  std::string listen = "127.0.0.1:8400";
  std::vector<std::string> keys;
  std::string key_file;
  std::vector<std::string> refuse;
  std::vector<std::string> drop;
};

void declare(CLI::App& program, options& into) {
  program.add_option("--listen", into.listen, "HOST:PORT; port 0 takes a free one and prints it")
      ->capture_default_str();
  program.add_option("--key", into.keys, "API key, whsec_… or whpk_… (repeatable: every key that is valid now)");
  program.add_option("--key-file", into.key_file, "more keys, one a line; read again on SIGHUP");
  program.add_option("--refuse", into.refuse, "TYPE:N, answer 503 to the first N tries of that event type");
  program.add_option("--drop", into.drop, "TYPE:N, close without an answer on the first N tries of that event type");
}

struct name_and_number {
  std::string name;
  int number = 0;
};

// `name:number`, split at the last colon; exits with a message for anything else.
name_and_number split(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  name_and_number out;
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, out.number);
    if (parsed.ec == std::errc() && parsed.ptr == end && out.number >= 0 && colon > 0) {
      out.name = text.substr(0, colon);
      return out;
    }
  }
  throw CLI::ValidationError("'" + text + "' is not NAME:NUMBER");
}

// --key and the file's lines; blank ones and those that begin with # do not count.
std::optional<std::vector<std::string>> read_keys(const options& from) {
  std::vector<std::string> keys = from.keys;
  if (from.key_file.empty()) return keys;
  std::ifstream file(from.key_file);
  if (!file) return std::nullopt;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.front() != '#') keys.push_back(line);
  }
  return keys;
}

bool load_keys(const options& from, example::recorder& into) {
  const auto keys = read_keys(from);
  if (!keys) {
    std::fprintf(stderr, "cannot read %s\n", from.key_file.c_str());
    return false;
  }
  const auto set = into.set_keys(*keys);
  if (!set) std::fprintf(stderr, "keys unchanged: %s\n", set.error().detail.c_str());
  return set.has_value();
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, example::recorder& recorder) {
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(acceptor.get_executor(), example::serve(std::move(socket), recorder), asio::detached);
  }
}

asio::awaitable<void> reload_on_hangup(asio::signal_set& hangup, const options& from, example::recorder& recorder) {
  for (;;) {
    co_await hangup.async_wait(asio::use_awaitable);
    if (load_keys(from, recorder)) std::fprintf(stderr, "keys read again\n");
  }
}

int run(const options& with) {
  example::recorder recorder;
  if (!load_keys(with, recorder)) return 2;
  for (const std::string& each : with.refuse) {
    const auto [type, tries] = split(each);
    recorder.refuse_first(type, tries);
  }
  for (const std::string& each : with.drop) {
    const auto [type, tries] = split(each);
    recorder.drop_first(type, tries);
  }

  asio::io_context io(1);
  const auto [host, port] = split(with.listen);
  tcp::acceptor acceptor(io, {asio::ip::make_address(host), static_cast<unsigned short>(port)});
  std::printf("{\"listening\":\"%s:%d\"}\n", host.c_str(), static_cast<int>(acceptor.local_endpoint().port()));
  std::fflush(stdout);

  asio::signal_set stop(io, SIGINT, SIGTERM);
  stop.async_wait([&io](auto, int) { io.stop(); });
  asio::signal_set hangup(io, SIGHUP);
  asio::co_spawn(io, reload_on_hangup(hangup, with, recorder), asio::detached);
  asio::co_spawn(io, accept_all(acceptor, recorder), asio::detached);
  io.run();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Receives webhooks: verifies, records, answers, and prints one JSON line for each");
  options with;
  declare(program, with);
  try {
    program.parse(argc, argv);
    return run(with);
  } catch (const CLI::Error& error) {
    return program.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
