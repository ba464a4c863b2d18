#include "cli/journey_view.hpp"

#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include "base/json.hpp"

namespace posthorn::cli {
namespace {

namespace json = boost::json;

using texts = std::vector<std::string>;

std::string text_of(const json::value& from) { return std::string(from.as_string()); }

void take_questions(journey_view& into, const json::object& from) {
  std::map<std::string, std::int32_t, std::less<>> labels;
  for (const auto& [key, list] : from.at("scales").as_object()) {
    labels[std::string(key)] = static_cast<std::int32_t>(list.as_array().size());
  }
  into.questionnaire = text_of(from.at("key"));
  into.questions.clear();
  for (const json::value& section : from.at("sections").as_array()) {
    for (const json::value& item : section.at("items").as_array()) {
      into.questions.push_back({.key = text_of(item.at("key")),
                                .choices = labels.at(text_of(item.at("scale"))),
                                .required = item.at("required").as_bool()});
    }
  }
}

void take_content(journey_view& into, const json::object& from) {
  if (const auto* asked = from.if_contains("questionnaire"); asked != nullptr && asked->is_object()) {
    take_questions(into, asked->as_object());
  }
  if (const auto* given = from.if_contains("answers"); given != nullptr && given->is_object()) {
    into.answers.clear();
    for (const auto& [item, choice] : given->as_object()) into.answers[std::string(item)] = choice.to_number<int>();
  }
  if (const auto* asked = from.if_contains("device_requirements"); asked != nullptr && asked->is_object()) {
    into.permissions = json::value_to<texts>(asked->at("permissions"));
    into.features = json::value_to<texts>(asked->at("features"));
  }
}

void take_journey(journey_view& into, const json::object& from) {
  into.platform = text_of(from.at("platform"));
  into.state = text_of(from.at("state"));
  const json::value& outcome = from.at("outcome");
  into.outcome = outcome.is_null() ? std::string() : text_of(outcome);
  const auto* missing = from.if_contains("missing");
  into.missing = missing != nullptr ? json::value_to<texts>(*missing) : texts();
  take_content(into, from);
}

std::unexpected<base::error> unreadable(std::string_view what, const std::exception& why) {
  return base::fail(base::fault::malformed_json, "the answer is no " + std::string(what) + ": " + why.what());
}

}  // namespace

// Boost.JSON says with exceptions that a member is not there or of another type.
base::result<void> take_answer(journey_view& into, std::string_view body) {
  try {
    take_journey(into, base::own_json(body).as_object());
    return {};
  } catch (const std::exception& why) {
    return unreadable("journey", why);
  }
}

base::result<std::string> read_token(std::string_view body) {
  try {
    return text_of(base::own_json(body).at("access_token"));
  } catch (const std::exception& why) {
    return unreadable("session token", why);
  }
}

}  // namespace posthorn::cli
