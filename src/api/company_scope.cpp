#include "api/company_scope.hpp"

#include "account/access.hpp"
#include "base/id.hpp"

namespace posthorn::api {

using base::fault;

base::result<model::company_id> company_named(const call& from, const std::string& text, std::string_view pointer) {
  const auto id = base::parse_id(base::company_prefix, text);
  if (id && from.with.directory.current()->companies.contains(*id) && account::may_see(from.who, *id)) return *id;
  return base::fail_at(fault::not_found, std::string(pointer), "there is no such company");
}

base::result<model::company_id> company_of(const call& from) {
  if (const auto named = from.query("company_id")) return company_named(from, *named);
  if (from.who.kind == account::caller_kind::member) return from.who.member.company;
  const store::shared_directory now = from.with.directory.current();
  if (now->companies.size() == 1) return now->companies.begin()->first;
  return base::fail_at(fault::missing_field, "/company_id", "is required, there are several companies: ?company_id=");
}

}  // namespace posthorn::api
