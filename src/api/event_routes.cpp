// POST /v1/events and /v1/events/batch: the hot path. Answers are written by hand; 202 means durable.
#include <utility>

#include "api/handlers.hpp"
#include "base/id.hpp"
#include "net/problem.hpp"

namespace posthorn::api {
namespace {

using store::accept_result;
using store::accepted_event;

void append_accepted(std::string& out, const accepted_event& event) {
  out += R"({"id":")";
  base::append_id(out, base::event_prefix, event.id);
  out += R"(","deliveries":[)";
  for (std::uint32_t k = 1; k <= event.deliveries; ++k) {
    out += k == 1 ? "\"" : ",\"";
    base::append_id(out, base::delivery_prefix, event.id + k);
    out += '"';
  }
  out += "]}";
}

using durable_reply = reply<std::vector<accept_result>>;

void accept(call& from, std::vector<store::event_draft> drafts, durable_reply& durable) {
  from.with.ingest.accept(std::move(drafts),
                          [&durable](std::vector<accept_result> results) { durable.send(std::move(results)); });
}

std::string_view idempotency_key(const call& from) { return from.request.fields.value_or_empty("Idempotency-Key"); }

}  // namespace

handled create_event(call& from) {
  const auto to = from.reach();
  if (!to) co_return std::unexpected(to.error());
  auto draft = from.with.ingest.draft(**to, from.request.body, idempotency_key(from));
  if (!draft) co_return std::unexpected(std::move(draft.error()));
  std::vector<store::event_draft> drafts;
  drafts.push_back(*std::move(draft));
  durable_reply durable(from.mail);
  accept(from, std::move(drafts), durable);
  const std::vector<accept_result> results = co_await durable.receive();
  if (!results.front()) co_return std::unexpected(results.front().error());
  const accepted_event& event = *results.front();
  net::response given{.status = 202, .content_type = "application/json"};
  given.body.reserve(64 + 24 * event.deliveries);
  append_accepted(given.body, event);
  if (event.repeated) given.headers.emplace_back("idempotent-replayed", "true");
  co_return given;
}

handled create_event_batch(call& from) {
  const auto to = from.reach();
  if (!to) co_return std::unexpected(to.error());
  auto lines = from.with.ingest.draft_batch(**to, from.request.body, idempotency_key(from));
  if (!lines) co_return std::unexpected(std::move(lines.error()));
  std::vector<store::event_draft> drafts;
  drafts.reserve(lines->size());
  for (auto& line : *lines) {
    if (line) drafts.push_back(*std::move(line));
  }
  std::vector<accept_result> results;
  if (!drafts.empty()) {
    durable_reply durable(from.mail);
    accept(from, std::move(drafts), durable);
    results = co_await durable.receive();
  }

  net::response given{.status = 202, .content_type = "application/json", .body = R"({"results":[)"};
  given.body.reserve(32 + 96 * lines->size());
  std::size_t next = 0;
  bool first_line = true;
  for (const auto& line : *lines) {
    if (!first_line) given.body += ',';
    first_line = false;
    const base::error* why = line ? nullptr : &line.error();
    if (line) {
      const accept_result& result = results[next++];
      if (result) {
        append_accepted(given.body, *result);
        continue;
      }
      why = &result.error();
      // The transaction failed as a whole: nothing is durable, and the caller is to send it all again.
      if (base::text_of(why->code).http_status >= 500) co_return std::unexpected(*why);
    }
    given.body += R"({"error":)";
    given.body += net::problem(*why).body;
    given.body += '}';
  }
  given.body += "]}";
  co_return given;
}

}  // namespace posthorn::api
