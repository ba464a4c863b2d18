#include "assessment/document_catalogue.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <vector>

#include "assessment/document.hpp"

namespace posthorn::assessment {
namespace {

namespace json = boost::json;
using base::fault;
using model::document_ref;

template <class Document>
bool is_named(const Document& one, const document_ref& named) {
  return one.key == named.key && one.version == named.version;
}

base::result<void> refuse_second(std::string_view kind, std::string_view key, std::int32_t version) {
  return base::fail(
      fault::invalid_field,
      fmt::format("there is another {} \"{}\" of version {}: a correction is a new version", kind, key, version));
}

// What a scorecard says that it is for; a fault of it is found when the scorecard itself is read.
document_ref questionnaire_of(const json::object& scorecard) {
  document_ref named{"", 0};
  const auto* member = scorecard.if_contains("questionnaire");
  const json::object* of = member == nullptr ? nullptr : member->if_object();
  if (of == nullptr) return named;
  if (const auto* key = of->if_contains("key"); key != nullptr && key->is_string()) named.key = key->as_string();
  if (const auto* version = of->if_contains("version"); version != nullptr && version->is_int64()) {
    named.version = static_cast<std::int32_t>(version->as_int64());
  }
  return named;
}

base::error named(std::string_view name, const base::error& of) {
  std::string detail = fmt::format("{}: {}", name, of.detail);
  for (const base::field_error& each : of.fields) detail += fmt::format("; {}: {}", each.pointer, each.detail);
  return {fault::invalid_configuration, std::move(detail), {}, {}};
}

}  // namespace

base::result<document_catalogue> document_catalogue::make(std::span<const named_text> documents) {
  document_catalogue made;
  struct parsed_text {
    const named_text* from;
    json::object content;
  };
  std::vector<parsed_text> scorecards;
  // Questionnaires first: scorecards are held against them.
  for (const named_text& each : documents) {
    auto value = read_json(each.text);
    if (!value) return std::unexpected(named(each.name, value.error()));
    json::object* content = value->if_object();
    if (content == nullptr) {
      return std::unexpected(named(each.name, {fault::invalid_field, "must be a JSON object", {}, {}}));
    }
    if (!content->contains("sections")) {
      scorecards.push_back({&each, std::move(*content)});
      continue;
    }
    if (auto added = made.add_questionnaire(each.text); !added) return std::unexpected(named(each.name, added.error()));
  }
  for (const parsed_text& each : scorecards) {
    const auto added = each.content.contains("platform")
                           ? made.add_device_scorecard(each.from->text)
                           : made.add_scorecard(each.from->text, questionnaire_of(each.content));
    if (!added) return std::unexpected(named(each.from->name, added.error()));
  }
  return made;
}

base::result<void> document_catalogue::add_questionnaire(std::string_view text) {
  auto read = read_questionnaire(text);
  if (!read) return std::unexpected(std::move(read.error()));
  const version_of place{read->key, read->version};
  if (find_questionnaire({place.first, place.second}) != nullptr) {
    return refuse_second("questionnaire", place.first, place.second);
  }
  questionnaires_.emplace(place, *std::move(read));
  return {};
}

base::result<void> document_catalogue::add_scorecard(std::string_view text, const document_ref& questions) {
  const questionnaire* of = find_questionnaire(questions);
  if (of == nullptr) {
    return base::fail_at(
        fault::invalid_field, "/questionnaire",
        fmt::format("there is no questionnaire \"{}\" of version {}", questions.key, questions.version));
  }
  auto read = read_scorecard(text, *of);
  if (!read) return std::unexpected(std::move(read.error()));
  const version_of place{read->key, read->version};
  if (find_scorecard({place.first, place.second}) != nullptr) {
    return refuse_second("scorecard", place.first, place.second);
  }
  scorecards_.emplace(place, *std::move(read));
  return {};
}

base::result<void> document_catalogue::add_device_scorecard(std::string_view text) {
  auto read = read_device_scorecard(text);
  if (!read) return std::unexpected(std::move(read.error()));
  const version_of place{read->key, read->version};
  if (read->key == "default" || is_named(default_device_scorecard(read->platform), {place.first, place.second}) ||
      device_scorecards_.contains(place)) {
    return refuse_second("device scorecard", place.first, place.second);
  }
  device_scorecards_.emplace(place, *std::move(read));
  return {};
}

const questionnaire* document_catalogue::find_questionnaire(const document_ref& named) const {
  if (is_named(default_questionnaire(), named)) return &default_questionnaire();
  const auto found = questionnaires_.find({named.key, named.version});
  return found == questionnaires_.end() ? nullptr : &found->second;
}

const scorecard* document_catalogue::find_scorecard(const document_ref& named) const {
  if (is_named(default_scorecard(), named)) return &default_scorecard();
  const auto found = scorecards_.find({named.key, named.version});
  return found == scorecards_.end() ? nullptr : &found->second;
}

const device_scorecard* document_catalogue::find_device_scorecard(const document_ref& named, model::platform of) const {
  const device_scorecard& own = default_device_scorecard(of);
  if (named == document_ref{"default", own.version} || is_named(own, named)) return &own;
  const auto found = device_scorecards_.find({named.key, named.version});
  return found == device_scorecards_.end() || found->second.platform != of ? nullptr : &found->second;
}

bool document_catalogue::knows_questionnaire(const model::assessment_settings& of) const {
  return of.platform != model::platform::web || find_questionnaire(of.questionnaire) != nullptr;
}

bool document_catalogue::knows_scorecard(const model::assessment_settings& of) const {
  if (of.platform != model::platform::web) return find_device_scorecard(of.scorecard, of.platform) != nullptr;
  const scorecard* card = find_scorecard(of.scorecard);
  return card != nullptr && card->questionnaire_key == of.questionnaire.key &&
         card->questionnaire_version == of.questionnaire.version;
}

}  // namespace posthorn::assessment
