#include "catalogue/builtin_types.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <vector>

#include "base/json.hpp"

namespace posthorn::catalogue {

namespace json = boost::json;

namespace {

// In the order of their names.
constexpr std::array<std::string_view, 9> documents = {
#include "catalogue/android_score.complete.inc"
    ,
#include "catalogue/application.cancelled.inc"
    ,
#include "catalogue/application.complete.inc"
    ,
#include "catalogue/application.expired.inc"
    ,
#include "catalogue/application.incomplete.inc"
    ,
#include "catalogue/certificate_completed.inc"
    ,
#include "catalogue/certificate_expired.inc"
    ,
#include "catalogue/ios_score.complete.inc"
    ,
#include "catalogue/psychometric_score.complete.inc"
};

// Ours, and held by tests to what is assumed of it here.
std::vector<builtin_type> read_all() {
  std::vector<builtin_type> all;
  for (const std::string_view document : documents) {
    const json::value read = base::own_json(document);
    const auto text = [&read](const char* name) { return std::string(read.at(name).as_string()); };
    all.push_back({.value = {.id = static_cast<std::int64_t>(all.size()) + 1,
                             .company = 0,
                             .name = text("name"),
                             .description = text("description"),
                             .schema = json::serialize(read.at("schema")),
                             .example = json::serialize(read.at("example")),
                             .version = 1,
                             .created_at = 0,
                             .changed_at = 0},
                   .schema = json_schema::compile(read.at("schema")).value()});
  }
  return all;
}

}  // namespace

std::span<const builtin_type> builtin_types() {
  static const std::vector<builtin_type> all = read_all();
  return all;
}

const builtin_type* find_builtin(std::string_view name) {
  const std::span<const builtin_type> all = builtin_types();
  const auto found = std::ranges::lower_bound(
      all, name, {}, [](const builtin_type& each) -> std::string_view { return each.value.name; });
  return found != all.end() && found->value.name == name ? &*found : nullptr;
}

}  // namespace posthorn::catalogue
