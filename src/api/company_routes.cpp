// Companies: the customers of the platform, made by the machine admin.
#include "api/body_fields.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

constexpr std::string_view tag = "co";

json::object to_json(const model::company& company) {
  return {{"id", base::format_id(base::company_prefix, company.id)},
          {"name", company.name},
          {"created_at", base::to_rfc3339(company.created_at)}};
}

}  // namespace

handled list_companies(call& from) {
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const store::shared_directory now = from.with.directory.current();
  std::vector<model::company> all;
  for (const auto& [id, company] : now->companies) all.push_back(company);
  const auto id_of = [](const model::company& company) { return company.id; };
  const auto shown = [](const model::company& company) { return to_json(company); };
  co_return page_in_memory(std::move(all), *want, tag, id_of, shown);
}

handled create_company(call& from) {
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"name"});
  fields.require("name", "what the company is called");
  const auto name = fields.text("name", 1, limits::name_chars_max);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&] { return from.with.config.create_company(*name); };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(201, to_json(*made));
}

}  // namespace posthorn::api
