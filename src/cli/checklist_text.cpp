#include <fmt/format.h>

#include <boost/json.hpp>

#include "cli/diagnose.hpp"

#include "base/json.hpp"

namespace posthorn::cli {
namespace {

namespace json = boost::json;

std::string_view mark_of(std::string_view finding) {
  if (finding == "pass") return "ok  ";
  return finding == "fail" ? "FAIL" : "?   ";
}

std::string text(const json::value& of, std::string_view member) {
  const json::value& found = of.at(member);
  return found.is_string() ? std::string(found.as_string()) : std::string();
}

void write_check(std::string& out, const json::value& check) {
  fmt::format_to(std::back_inserter(out), "{}  {}\n", mark_of(text(check, "finding")), text(check, "title"));
  for (const json::value& each : check.at("evidence").as_array()) {
    fmt::format_to(std::back_inserter(out), "        {}\n", std::string_view(each.as_string()));
  }
  if (text(check, "finding") == "pass") return;
  if (const std::string fix = text(check, "fix"); !fix.empty()) {
    fmt::format_to(std::back_inserter(out), "      > {}\n", fix);
  }
  if (const json::value& mend = check.at("action"); mend.is_object()) {
    fmt::format_to(std::back_inserter(out), "      > {}: {} {}\n", text(mend, "label"), text(mend, "method"),
                   text(mend, "path"));
  }
}

std::string write(const json::value& whole) {
  std::string out = fmt::format("integration {} ({})", text(whole, "integration_id"), text(whole, "environment"));
  if (const std::string uid = text(whole, "uid"); !uid.empty()) out += ", uid " + uid;
  std::string component;
  for (const json::value& check : whole.at("checks").as_array()) {
    if (std::string next = text(check, "component"); next != component) {
      component = std::move(next);
      std::string heading = component;
      std::ranges::replace(heading, '_', ' ');
      fmt::format_to(std::back_inserter(out), "\n\n{}\n", heading);
    } else {
      out += '\n';
    }
    write_check(out, check);
    out.pop_back();
  }
  const std::string failing = text(whole, "failing_component");
  fmt::format_to(std::back_inserter(out), "\n\n{}\n",
                 failing.empty() ? "Nothing fails." : "The first component that fails: " + failing + ".");
  return out;
}

}  // namespace

std::string checklist_text(std::string_view answer) {
  const auto whole = base::parse_json(answer);
  if (!whole || !whole->is_object() || !whole->as_object().contains("checks")) return {};
  return write(*whole);
}

}  // namespace posthorn::cli
