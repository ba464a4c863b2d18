// From a schema's JSON to its nodes.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "catalogue/schema_node.hpp"

namespace posthorn::catalogue {

// Used once. `schema` outlives it; what is made stands alone.
class schema_compiler {
 public:
  explicit schema_compiler(const boost::json::value& schema) noexcept : schema_(schema) {}

  [[nodiscard]] base::result<std::shared_ptr<const compiled_schema>> run();

 private:
  using value = boost::json::value;
  using keyword = void (schema_compiler::*)(schema_node& to, const value& given, const std::string& at);
  struct waiting {
    schema_node* to;
    const value* from;
    std::string at;
  };
  // How far the search for chains has come with a node: `links` counts it and the longest chain behind it.
  struct chain {
    bool open = true;
    std::size_t links = 0;
  };

  static keyword find(std::string_view name) noexcept;

  void refuse(std::string at, std::string detail);
  // The node of the subschema `from`, which is read later: recursion may lead back to it.
  schema_node::part node_of(const value& from, const std::string& at);
  void read(const waiting& next);
  void read_members(schema_node& to, const boost::json::object& from, const std::string& at);
  std::size_t links_from(const schema_node* node);
  schema_node::pattern pattern_of(std::string_view text, const std::string& at);

  // Keywords (schema_keywords.cpp).
  template <auto Member>
  void size(schema_node& to, const value& given, const std::string& at);
  template <auto Member>
  void number(schema_node& to, const value& given, const std::string& at);
  template <auto Member>
  void part(schema_node& to, const value& given, const std::string& at);
  template <auto Member>
  void list(schema_node& to, const value& given, const std::string& at);
  void type(schema_node& to, const value& given, const std::string& at);
  void enumeration(schema_node& to, const value& given, const std::string& at);
  void constant(schema_node& to, const value& given, const std::string& at);
  void multiple(schema_node& to, const value& given, const std::string& at);
  void pattern(schema_node& to, const value& given, const std::string& at);
  void items(schema_node& to, const value& given, const std::string& at);
  void unique_items(schema_node& to, const value& given, const std::string& at);
  void required(schema_node& to, const value& given, const std::string& at);
  void properties(schema_node& to, const value& given, const std::string& at);
  void pattern_properties(schema_node& to, const value& given, const std::string& at);
  void dependencies(schema_node& to, const value& given, const std::string& at);
  void definitions(schema_node& to, const value& given, const std::string& at);
  void reference(schema_node& to, const value& given, const std::string& at);
  void draft(schema_node& to, const value& given, const std::string& at);
  void own_address(schema_node& to, const value& given, const std::string& at);
  void of_later_draft(schema_node& to, const value& given, const std::string& at);
  std::vector<std::string> names(const value& given, const std::string& at);

  const value& schema_;
  std::shared_ptr<compiled_schema> made_ = std::make_shared<compiled_schema>();
  std::unordered_map<const value*, schema_node*> known_;
  std::vector<waiting> waiting_;
  std::unordered_map<const schema_node*, chain> chains_;
  std::size_t patterns_ = 0;
  std::optional<base::error> errors_;
};

}  // namespace posthorn::catalogue
