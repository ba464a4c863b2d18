#include "catalogue/schema_compiler.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "catalogue/json_schema.hpp"

namespace posthorn::catalogue {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

namespace {

// Of a node's chain: the schemas that judge the same value as it does.
std::vector<schema_node::part> next_in_chain(const schema_node& node) {
  std::vector<schema_node::part> next{node.reference, node.negation, node.condition, node.consequence,
                                      node.alternative};
  for (const auto* list : {&node.all_of, &node.any_of, &node.one_of})
    next.insert(next.end(), list->begin(), list->end());
  for (const schema_node::dependency& each : node.dependencies) next.push_back(each.then);
  std::erase(next, nullptr);
  return next;
}

}  // namespace

base::result<std::shared_ptr<const compiled_schema>> schema_compiler::run() {
  made_->root = node_of(schema_, "");
  while (!waiting_.empty() && !errors_) {
    const waiting next = std::move(waiting_.back());
    waiting_.pop_back();
    read(next);
  }
  if (!errors_) {
    for (const schema_node& node : made_->nodes) {
      if (links_from(&node) <= limits::schema_chain_max) continue;
      refuse("", fmt::format("has a chain of $ref, allOf, anyOf, oneOf, not, if and dependencies for one value that is "
                             "endless, or longer than {}",
                             limits::schema_chain_max));
      break;
    }
  }
  if (errors_) return std::unexpected(*std::move(errors_));
  return std::move(made_);
}

void schema_compiler::refuse(std::string at, std::string detail) {
  if (!errors_) {
    errors_ = base::fail_at(fault::invalid_field, std::move(at), std::move(detail)).error();
  } else if (errors_->fields.size() < limits::field_errors_max) {
    errors_->fields.push_back({std::move(at), std::move(detail)});
  }
}

schema_node::part schema_compiler::node_of(const value& from, const std::string& at) {
  schema_node*& known = known_[&from];
  if (known == nullptr) {
    known = &made_->nodes.emplace_back();
    waiting_.push_back({known, &from, at});
  }
  return known;
}

void schema_compiler::read(const waiting& next) {
  if (const bool* passes = next.from->if_bool()) {
    next.to->never = !*passes;
  } else if (const json::object* object = next.from->if_object()) {
    read_members(*next.to, *object, next.at);
  } else {
    refuse(next.at, "must be a schema: an object, true or false");
  }
}

void schema_compiler::read_members(schema_node& to, const json::object& from, const std::string& at) {
  if (const json::value* elsewhere = from.if_contains("$ref")) {
    reference(to, *elsewhere, at + "/$ref");
    return;
  }
  for (const auto& [name, given] : from) {
    const keyword take = find(name);
    if (take != nullptr) (this->*take)(to, given, base::pointer_to(at, name));
  }
  if (to.condition == nullptr) to.consequence = to.alternative = nullptr;
}

std::size_t schema_compiler::links_from(const schema_node* node) {
  constexpr std::size_t endless = limits::schema_chain_max + 1;
  const auto [found, is_new] = chains_.try_emplace(node);
  if (!is_new) return found->second.open ? endless : found->second.links;
  std::size_t longest = 0;
  for (const schema_node::part next : next_in_chain(*node)) {
    longest = std::max(longest, links_from(next));
    if (longest >= endless) break;
  }
  chain& done = chains_[node];
  done.open = false;
  done.links = std::min(longest + 1, endless);
  return done.links;
}

base::result<json_schema> json_schema::compile(const json::value& schema) {
  auto made = schema_compiler(schema).run();
  if (!made) return std::unexpected(std::move(made.error()));
  return json_schema(*std::move(made));
}

}  // namespace posthorn::catalogue
