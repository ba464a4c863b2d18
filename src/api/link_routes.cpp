// Links to assessments for the customer: made in batches, listed, exported, replaced (contract 2.8).
#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "account/access.hpp"
#include "api/assessment_urls.hpp"
#include "api/csv.hpp"
#include "api/handlers.hpp"
#include "api/link_batch_body.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
using base::fault;
using store::link_view;

constexpr std::string_view batch_tag = "lkb";
constexpr std::string_view link_tag = "lnk";

json::object to_json(const model::link_batch& of) {
  return {{"id", base::format_id(base::link_batch_prefix, of.id)},
          {"name", of.name},
          {"count", of.count},
          {"made", of.made},
          {"state", of.made < of.count ? "making" : "made"},
          {"created_at", base::to_rfc3339(of.created_at)}};
}

// Who has a link's URL acts as the person that it is for: a viewer is not shown it.
json::object to_json(const call& from, const store::integration_entry& in, const link_view& of) {
  const model::link& one = of.value;
  return {{"id", base::format_id(base::link_prefix, one.id)},
          {"batch_id", base::format_id(base::link_batch_prefix, one.batch)},
          {"uid", one.uid},
          {"url", account::is_viewer(from.who) ? json::value() : json::value(link_url(from.with, in, one))},
          {"state", assessment::state_of(of, from.with.clock.engine())},
          {"generation", one.generation},
          {"session_id", text_or_null(one.session == 0 ? "" : base::format_id(base::session_prefix, one.session))},
          {"created_at", base::to_rfc3339(one.created_at)},
          {"expires_at", base::to_rfc3339(assessment::ends_at(of))}};
}

// The links of a batch: as many as `limit` allows, with their URLs.
struct shown_links {
  std::vector<json::object> rows;
  std::int64_t next = 0;
};

base::result<shown_links> read_links(const call& from, const store::integration_entry& in, model::link_batch_id batch,
                                     const page_request& want, bool csv) {
  store::link_store& store = from.with.links.store();
  const auto known = store.find_link_batch(in.value.number, batch);
  if (!known) return std::unexpected(known.error());
  if (csv && known->made < known->count) {
    return base::fail(fault::not_acceptable_now,
                      fmt::format("{} of {} links are made: come back when all are", known->made, known->count));
  }
  const auto page = store.list_links(in.value.number, batch, want.after, want.limit);
  if (!page) return std::unexpected(page.error());
  shown_links shown{.rows = {}, .next = page->next_cursor};
  shown.rows.reserve(page->rows.size());
  for (const link_view& each : page->rows) shown.rows.push_back(to_json(from, in, each));
  return shown;
}

net::response csv_answer(const shown_links& of) {
  std::string text = "uid,url,state,created_at,expires_at,link_id\r\n";
  for (const json::object& row : of.rows) {
    for (const std::string_view name : {"uid", "url", "state", "created_at", "expires_at", "id"}) {
      const json::string* value = row.at(name).if_string();
      add_cell(text, value == nullptr ? std::string_view() : std::string_view(*value));
    }
    text += "\r\n";
  }
  net::response answer{.content_type = "text/csv; charset=utf-8; header=present", .body = std::move(text)};
  answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"links.csv\"");
  if (of.next != 0) answer.headers.emplace_back("Next-Cursor", cursor_text(link_tag, of.next));
  return answer;
}

}  // namespace

handled create_link_batch(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto wanted = read_link_batch(from);
  if (!wanted) co_return std::unexpected(wanted.error());
  const auto work = [&] {
    return from.with.links.start_batch((*of)->value.number, wanted->name, wanted->count, wanted->uids);
  };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(202, to_json(*made));
}

handled list_link_batches(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto want = page_of(from, batch_tag);
  if (!want) co_return std::unexpected(want.error());
  const auto read = [&] {
    return from.with.links.store().list_link_batches((*of)->value.number, want->after, want->limit);
  };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  json::array data;
  for (const model::link_batch& each : page->rows) data.push_back(to_json(each));
  co_return page_answer(std::move(data), batch_tag, page->next_cursor);
}

handled get_link_batch(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::link_batch_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto read = [&] { return from.with.links.store().find_link_batch((*of)->value.number, *id); };
  const auto found = co_await off_thread(from, read);
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(200, to_json(*found));
}

handled list_links(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::link_batch_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto want = listing_of(from, link_tag);
  if (!want) co_return std::unexpected(want.error());
  const auto read = [&] { return read_links(from, **of, *id, want->page, want->csv); };
  auto shown = co_await off_thread(from, read);
  if (!shown) co_return std::unexpected(shown.error());
  if (want->csv) co_return csv_answer(*shown);
  json::array data;
  for (json::object& each : shown->rows) data.push_back(std::move(each));
  co_return page_answer(std::move(data), link_tag, shown->next);
}

handled get_link(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::link_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto read = [&] { return from.with.links.store().find_link((*of)->value.number, *id); };
  const auto found = co_await off_thread(from, read);
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(200, to_json(from, **of, *found));
}

handled regenerate_link(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::link_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto work = [&] { return from.with.links.regenerate((*of)->value.number, *id); };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(200, to_json(from, **of, *made));
}

}  // namespace posthorn::api
