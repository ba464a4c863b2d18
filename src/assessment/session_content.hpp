// What a session collects and what that comes to, for either kind of platform: answers to its questionnaire (WEB), or
// data of a device. Pure. A session whose documents `known` has no longer is a fault of the operator: internal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assessment/document_catalogue.hpp"
#include "base/result.hpp"
#include "model/score.hpp"
#include "model/session.hpp"
#include "store/session_store.hpp"

namespace posthorn::assessment {

// A report as the session takes it.
struct taken_report {
  std::string given;         // the record's new `given`
  model::progress made;      // with it
  bool is_response = false;  // false: it told of the page alone, and gave no answer
};

// The same as what was there, for a session that has given nothing. internal: its documents are not known here.
[[nodiscard]] base::result<model::progress> progress_at_start(const document_catalogue& known,
                                                              const store::session_record& of);
// A report of the page (assessment/answers.hpp), as take_report. not_acceptable_now: the session is a device's.
[[nodiscard]] base::result<taken_report> take_answers(const document_catalogue& known, const store::session_record& of,
                                                      std::string_view report);
// A device's data (assessment/device_data.hpp), in the place of what it sent before. not_acceptable_now: of a page.
[[nodiscard]] base::result<taken_report> take_device_data(const document_catalogue& known,
                                                          const store::session_record& of, std::string_view report);

// The keys of what is required and not there: items in the questionnaire's order; permissions, then features.
[[nodiscard]] base::result<std::vector<std::string>> missing_of(const document_catalogue& known,
                                                                const store::session_record& of);
// Of a session that has everything that is required.
[[nodiscard]] base::result<model::session_score> score_of(const document_catalogue& known,
                                                          const store::session_record& of);

// A score as it is kept and shown:
//   {"score","risk_band","score_confidence","traits":[{"key","value","risk_band"}],"flags":[…],"quality":{…}}
//   {"score","risk_band","permissions_granted":[…],"permissions_denied":[…]}
[[nodiscard]] std::string write_score(const model::session_score& score);

}  // namespace posthorn::assessment
