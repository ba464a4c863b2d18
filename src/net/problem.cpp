#include "net/problem.hpp"

#include <string>

#include "base/fault.hpp"
#include "base/json_text.hpp"

namespace posthorn::net {

response problem(const base::error& error) {
  const base::fault_text& text = base::text_of(error.code);
  response answer;
  answer.status = text.http_status == 0 ? 500 : text.http_status;
  answer.content_type = "application/problem+json";
  std::string& body = answer.body;
  body = R"({"type":"/problems/)";
  body += text.slug;
  body += R"(","title":)";
  base::append_json_string(body, text.title);
  body += R"(,"status":)";
  body += std::to_string(answer.status);
  if (!error.detail.empty()) {
    body += R"(,"detail":)";
    base::append_json_string(body, error.detail);
  }
  if (!error.fields.empty()) {
    body += R"(,"errors":[)";
    for (const base::field_error& field : error.fields) {
      if (body.back() != '[') body += ',';
      body += R"({"pointer":)";
      base::append_json_string(body, field.pointer);
      body += R"(,"detail":)";
      base::append_json_string(body, field.detail);
      body += '}';
    }
    body += ']';
  }
  body += '}';
  if (error.retry_after_s.has_value()) {
    answer.headers.emplace_back("Retry-After", std::to_string(*error.retry_after_s));
  }
  return answer;
}

}  // namespace posthorn::net
