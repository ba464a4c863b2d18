#include "scorer/score_answer.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "assessment/device_data.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

namespace posthorn::scorer {
namespace {

namespace json = boost::json;
using base::fault;

constexpr std::int64_t score_max = 100;
constexpr std::string_view bands = "must be \"LOW\", \"MEDIUM\" or \"HIGH\"";

// Reads one object's members; the first that breaks its rule is kept.
class members {
 public:
  members(const json::object& of, std::string at) : of_(of), at_(std::move(at)) {}

  std::int32_t number(std::string_view name) {
    const json::value* given = of_.if_contains(name);
    if (given != nullptr && given->is_int64() && given->get_int64() >= 0 && given->get_int64() <= score_max) {
      return static_cast<std::int32_t>(given->get_int64());
    }
    refuse(name, "must be a whole number from 0 to 100");
    return 0;
  }
  template <class Word>
  Word word(std::string_view name, std::optional<Word> (*from)(std::string_view) noexcept) {
    const json::value* given = of_.if_contains(name);
    const json::string* text = given != nullptr ? given->if_string() : nullptr;
    const auto found = text != nullptr ? from(std::string_view(*text)) : std::nullopt;
    if (!found) refuse(name, bands);
    return found.value_or(Word{});
  }
  std::string key(std::string_view name) {
    const json::value* given = of_.if_contains(name);
    return text_of(name, given != nullptr ? given->if_string() : nullptr);
  }
  // Null where it is absent.
  const json::array* list(std::string_view name) {
    const json::value* given = of_.if_contains(name);
    if (given == nullptr) return nullptr;
    if (!given->is_array()) refuse(name, "must be a list");
    return given->if_array();
  }
  std::string text_of(std::string_view name, const json::string* text) {
    if (text != nullptr && !text->empty() && text->size() <= base::limits::name_chars_max) return std::string(*text);
    refuse(name, "must be text of 1 to " + std::to_string(base::limits::name_chars_max) + " bytes");
    return {};
  }
  void refuse(std::string_view name, std::string_view rule) {
    if (!problem_) problem_ = at_ + "/" + std::string(name) + " " + std::string(rule);
  }
  void refuse_as(const members& part) {
    if (!problem_) problem_ = part.problem_;
  }
  [[nodiscard]] const std::optional<std::string>& problem() const noexcept { return problem_; }

 private:
  const json::object& of_;
  const std::string at_;
  std::optional<std::string> problem_;
};

void read_traits(members& from, model::psychometric_score& into) {
  const json::array* traits = from.list("traits");
  if (traits == nullptr) return;
  for (std::size_t place = 0; place < traits->size(); ++place) {
    const std::string name = "traits/" + std::to_string(place);
    const json::object* one = (*traits)[place].if_object();
    if (one == nullptr) return from.refuse(name, "must be an object");
    members each(*one, "/" + name);
    model::trait_score read{each.key("key"), each.number("value"), each.word("risk_band", model::risk_band_from)};
    if (std::ranges::count(into.traits, read.key, &model::trait_score::key) > 0) each.refuse("key", "is there twice");
    into.traits.push_back(std::move(read));
    from.refuse_as(each);
  }
}

void read_flags(members& from, model::psychometric_score& into) {
  const json::array* flags = from.list("flags");
  if (flags == nullptr) return;
  for (std::size_t place = 0; place < flags->size(); ++place) {
    into.flags.push_back(from.text_of("flags/" + std::to_string(place), (*flags)[place].if_string()));
  }
}

}  // namespace

base::result<model::session_score> read_score(std::string_view body, const store::session_record& of) {
  const auto parsed = base::parse_json(body);
  if (!parsed) return base::fail(fault::malformed_json, "it is not JSON");
  if (!parsed->is_object()) return base::fail(fault::invalid_field, "it is not an object");
  members from(parsed->get_object(), "");
  const std::int32_t score = from.number("score");
  const model::risk_band band = from.word("risk_band", model::risk_band_from);
  model::session_score made;
  if (of.value.platform == model::platform::web) {
    model::psychometric_score whole{.score = score, .band = band, .traits = {}, .flags = {}, .quality = {}};
    whole.confidence = from.word("score_confidence", model::score_confidence_from);
    read_traits(from, whole);
    read_flags(from, whole);
    made = std::move(whole);
  } else {
    auto data = assessment::read_device_data(of.given);
    if (!data) return std::unexpected(std::move(data.error()));
    made = model::device_score{score, band, std::move(data->permissions_granted), std::move(data->permissions_denied)};
  }
  if (from.problem()) return base::fail(fault::invalid_field, *from.problem());
  return made;
}

}  // namespace posthorn::scorer
