// The troubleshooting guide as a checklist that runs itself (contract 2.10): which component fails, the evidence, and
// what mends it. Pure: whoever asks gathers the facts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/directory.hpp"
#include "store/queries.hpp"
#include "store/session_store.hpp"
#include "store/traffic_log.hpp"

namespace posthorn::diagnose {

// In the order in which a journey passes them.
enum class component : std::uint8_t { session_creation, assessment_delivery, webhook_receipt, scoring, display };
enum class finding : std::uint8_t { pass, fail, unknown };

// A call of the API that mends what was found, or would bring evidence.
struct remedy {
  std::string label;
  std::string method;
  std::string path;
};

struct check {
  component of = component::session_creation;
  std::string title;  // what should be true
  finding found = finding::unknown;
  std::vector<std::string> evidence{};  // the newest first
  std::string fix{};                    // "": nothing to do
  std::optional<remedy> mend{};
};

// What is known of an integration, or of one uid in it. Lists are newest first.
struct facts {
  store::shared_integration of;
  store::shared_integration sibling;                  // the deployment's other environment; null: unknown
  std::string uid{};                                  // "": the integration as a whole
  std::vector<store::request_log_entry> refusals{};   // of the uid, if there is one
  std::vector<store::session_record> sessions{};      // likewise
  bool lives_in_sibling = false;                      // the uid has a session there
  std::vector<store::event_view> events{};            // of the uid, if there is one; deliveries with their attempts
  std::shared_ptr<const store::backlog_map> backlog;  // never null
  std::uint64_t index_lag_events = 0;
};

[[nodiscard]] std::vector<check> run_checklist(const facts& known);

// The parts of it (a file each); they append.
void check_session_creation(const facts& known, std::vector<check>& list);
void check_assessment_delivery(const facts& known, std::vector<check>& list);
void check_webhook_receipt(const facts& known, std::vector<check>& list);
void check_scoring(const facts& known, std::vector<check>& list);
void check_display(const facts& known, std::vector<check>& list);

[[nodiscard]] std::string_view to_string(component value) noexcept;
[[nodiscard]] std::string_view to_string(finding value) noexcept;

}  // namespace posthorn::diagnose
