#include "assessment/questionnaire.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>

#include "assessment/document.hpp"
#include "base/limits.hpp"

namespace posthorn::assessment {

namespace json = boost::json;
namespace limits = base::limits;

namespace {

constexpr std::string_view default_text =
#include "assessment/default_questionnaire.inc"
    ;

// Reads a document whose shape is checked; gathers what a schema cannot see.
class reader {
 public:
  explicit reader(const json::object& document) : document_(document) {}

  base::result<questionnaire> read() {
    faults_.check_key(text_of(document_, "key"), "/key");
    made_.key = text_of(document_, "key");
    made_.version = number_of(document_, "version");
    made_.language = text_of(document_, "language");
    made_.title = text_of(document_, "title");
    made_.description = text_of(document_, "description");
    for (const json::value& scale : list("scales")) read_scale(scale.as_object());
    for (const json::value& trait : list("traits")) read_trait(trait.as_object());
    for (const json::value& section : list("sections")) read_section(section.as_object());
    check_traits_are_asked();
    if (made_.items.size() > limits::questionnaire_items_max) {
      faults_.add("/sections", fmt::format("holds {} items, at most {} are allowed", made_.items.size(),
                                           limits::questionnaire_items_max));
    }
    if (faults_.found()) return std::unexpected(*faults_.found());
    return std::move(made_);
  }

 private:
  using places = std::map<std::string, std::size_t, std::less<>>;

  const json::array& list(std::string_view name) const { return document_.at(name).as_array(); }

  // Notes the key as the next of its list.
  void keep_key(places& known, const json::object& of, const std::string& pointer) {
    const std::string_view key = text_of(of, "key");
    faults_.check_key(key, pointer + "/key");
    if (!known.emplace(key, known.size()).second) {
      faults_.add(pointer + "/key", fmt::format("\"{}\" is used before; keys are unique", key));
    }
  }

  std::size_t place(const places& known, const json::object& of, std::string_view name, const std::string& pointer) {
    const auto found = known.find(text_of(of, name));
    if (found != known.end()) return found->second;
    faults_.add(fmt::format("{}/{}", pointer, name), fmt::format("there is no {} \"{}\"", name, text_of(of, name)));
    return 0;
  }

  void read_scale(const json::object& scale) {
    keep_key(scales_, scale, fmt::format("/scales/{}", made_.scales.size()));
    answer_scale& added = made_.scales.emplace_back();
    added.key = text_of(scale, "key");
    for (const json::value& label : scale.at("labels").as_array()) added.labels.emplace_back(label.as_string());
  }

  void read_trait(const json::object& trait) {
    keep_key(traits_, trait, fmt::format("/traits/{}", made_.traits.size()));
    made_.traits.push_back({std::string(text_of(trait, "key")), std::string(text_of(trait, "name")),
                            std::string(text_of(trait, "description"))});
  }

  void read_section(const json::object& section) {
    const std::string pointer = fmt::format("/sections/{}", made_.sections.size());
    keep_key(sections_, section, pointer);
    made_.sections.push_back({std::string(text_of(section, "key")), std::string(text_of(section, "title")),
                              std::string(text_of(section, "intro"))});
    std::size_t at = 0;
    for (const json::value& item : section.at("items").as_array()) {
      read_item(item.as_object(), fmt::format("{}/items/{}", pointer, at++));
    }
  }

  void read_item(const json::object& item, const std::string& pointer) {
    keep_key(made_.place_of_item, item, pointer);
    made_.items.push_back({std::string(text_of(item, "key")), std::string(text_of(item, "text")),
                           made_.sections.size() - 1, place(scales_, item, "scale", pointer),
                           place(traits_, item, "trait", pointer), flag_of(item, "required", true),
                           flag_of(item, "reverse", false)});
  }

  void check_traits_are_asked() {
    std::vector<bool> asked(made_.traits.size());
    for (const questionnaire_item& item : made_.items) {
      if (item.required) asked[item.trait] = true;
    }
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (!asked[i]) faults_.add(fmt::format("/traits/{}", i), "no required item asks for this trait: add one");
    }
  }

  const json::object& document_;
  questionnaire made_;
  document_faults faults_;
  places scales_;
  places traits_;
  places sections_;
};

}  // namespace

const questionnaire_item* questionnaire::find_item(std::string_view item) const {
  const auto found = place_of_item.find(item);
  return found == place_of_item.end() ? nullptr : &items[found->second];
}

base::result<questionnaire> read_questionnaire(std::string_view text) {
  const auto document = read_document(document_kind::questionnaire, text);
  if (!document) return std::unexpected(document.error());
  return reader(*document).read();
}

const questionnaire& default_questionnaire() {
  static const questionnaire read = read_questionnaire(default_text).value();
  return read;
}

std::string_view default_questionnaire_text() noexcept { return default_text; }

}  // namespace posthorn::assessment
