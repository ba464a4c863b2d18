#include "diagnose/checklist.hpp"

#include "model/names.hpp"

namespace posthorn::diagnose {
namespace {

constexpr model::names component_names{
    {"session_creation", "assessment_delivery", "webhook_receipt", "scoring", "display"}};
constexpr model::names finding_names{{"pass", "fail", "unknown"}};

}  // namespace

std::vector<check> run_checklist(const facts& known) {
  std::vector<check> list;
  check_session_creation(known, list);
  check_assessment_delivery(known, list);
  check_webhook_receipt(known, list);
  check_scoring(known, list);
  check_display(known, list);
  return list;
}

std::string_view to_string(component value) noexcept { return component_names.of(value); }
std::string_view to_string(finding value) noexcept { return finding_names.of(value); }

}  // namespace posthorn::diagnose
