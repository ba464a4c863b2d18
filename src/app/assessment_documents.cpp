#include "app/assessment_documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/limits.hpp"

namespace posthorn::app {

using base::fault;

base::result<assessment::document_catalogue> read_assessment_documents(const std::string& directory) {
  namespace files = std::filesystem;
  if (directory.empty()) return assessment::document_catalogue();
  std::error_code failed;
  std::vector<files::path> paths;
  files::directory_iterator next(directory, failed);
  for (; !failed && next != files::directory_iterator(); next.increment(failed)) {
    if (next->path().extension() == ".json") paths.push_back(next->path());
  }
  if (failed) {
    return base::fail(fault::invalid_configuration,
                      fmt::format("assessment-documents: cannot read {}: {}", directory, failed.message()));
  }
  std::ranges::sort(paths);
  std::vector<assessment::named_text> texts;
  for (const files::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    // One byte more than is allowed: the reader of the document says that it is too large.
    std::string text(base::limits::assessment_document_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad()) {
      return base::fail(fault::invalid_configuration,
                        fmt::format("assessment-documents: cannot read {}", path.string()));
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    texts.push_back({path.string(), std::move(text)});
  }
  return assessment::document_catalogue::make(texts);
}

}  // namespace posthorn::app
