// Holds one document against a compiled schema.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "catalogue/schema_node.hpp"

namespace posthorn::catalogue {

// Used once, on one thread. First ask whether the document holds; only if not, a second walk tells what is broken.
class schema_walk {
 public:
  // `telling`: goes on behind the first violation and describes each.
  explicit schema_walk(bool telling) noexcept : telling_(telling) {}

  [[nodiscard]] bool holds(const schema_node& schema, const boost::json::value& document);
  // True if limits::schema_steps_max were used up; the answer is false then.
  [[nodiscard]] bool exhausted() const noexcept { return steps_left_ == 0; }
  [[nodiscard]] std::optional<base::error> violations() { return std::move(violations_); }

 private:
  using value = boost::json::value;

  // Where the walk is, as a list through the calls on the stack: costs nothing until it has to be told.
  struct place {
    const place* above = nullptr;
    std::string_view name = {};
    std::size_t index = 0;
    bool is_index = false;
  };
  class silence;

  bool walk(const schema_node& schema, const value& at, const place& where);
  bool any_value(const schema_node& schema, const value& at, const place& where);
  bool logic(const schema_node& schema, const value& at, const place& where);
  bool one_of(const schema_node& schema, const value& at, const place& where);
  bool number(const schema_node& schema, const value& at, const place& where);
  bool string(const schema_node& schema, const boost::json::string& at, const place& where);
  bool array(const schema_node& schema, const boost::json::array& at, const place& where);
  bool unique(const boost::json::array& at, const place& where);
  bool object(const schema_node& schema, const boost::json::object& at, const place& where);
  bool members(const schema_node& schema, const boost::json::object& at, const place& where);
  bool member(const schema_node& schema, std::string_view name, const value& at, const place& where);
  bool refuse_unknown(const place& where);
  bool dependencies(const schema_node& schema, const value& whole, const place& where);

  bool spend(std::size_t steps) noexcept;
  // True where nothing that comes can change or add to the answer.
  [[nodiscard]] bool settled(bool held) const noexcept;
  // Returns false. `detail` is called only if the violation is to be told.
  template <class Detail>
  bool refuse(const place& where, Detail detail, base::fault code = base::fault::invalid_field);

  bool telling_;
  std::size_t steps_left_ = base::limits::schema_steps_max;
  std::optional<base::error> violations_;
};

}  // namespace posthorn::catalogue
