// Jobs: how far they are, and stopping them. replay_routes.cpp begins them.
#include "api/handlers.hpp"
#include "api/job_json.hpp"
#include "api/paging.hpp"
#include "base/id.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

constexpr std::string_view tag = "job";

}  // namespace

handled list_jobs(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto read = [&] { return from.with.replays.list_jobs((*of)->value.number, want->after, want->limit); };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  json::array data;
  for (const model::job& job : page->rows) data.push_back(to_json(job, from.integration_id));
  co_return page_answer(std::move(data), tag, page->next_cursor);
}

handled get_job(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::job_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto read = [&] { return from.with.replays.find_job((*of)->value.number, *id); };
  const auto job = co_await off_thread(from, read);
  if (!job) co_return std::unexpected(job.error());
  co_return json_answer(200, to_json(*job, from.integration_id));
}

handled cancel_job(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::job_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto work = [&] { return from.with.replays.cancel_job((*of)->value.number, *id); };
  const auto job = co_await off_thread(from, work);
  if (!job) co_return std::unexpected(job.error());
  co_return json_answer(200, to_json(*job, from.integration_id));
}

}  // namespace posthorn::api
