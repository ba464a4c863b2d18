#include "api/csv.hpp"

namespace posthorn::api {

void add_cell(std::string& line, std::string_view text) {
  constexpr std::string_view formula_starts = "=+-@\t\r";
  if (!line.empty() && line.back() != '\n') line += ',';
  line += '"';
  if (!text.empty() && formula_starts.find(text.front()) != std::string_view::npos) line += '\'';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

}  // namespace posthorn::api
