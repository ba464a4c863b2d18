// What browsers are given: the files of web/, which are part of the program. Constant, so any thread may ask.
#pragma once

#include <span>
#include <string_view>

namespace posthorn::web {

struct form {
  std::string_view etag;  // strong, with its quotes
  std::string_view bytes;
};

struct file {
  std::string_view name;  // within its folder
  std::string_view content_type;
  form plain;
  form gzip;  // the same, for a browser that takes Content-Encoding: gzip
};

// web/assess, the hosted assessment page.
[[nodiscard]] std::span<const file> assessment_files() noexcept;

// What web/console is built to. Every name but index.html's changes with the bytes.
[[nodiscard]] std::span<const file> console_files() noexcept;

// Null where `in` has no file of that name.
[[nodiscard]] const file* find_file(std::span<const file> in, std::string_view name) noexcept;

}  // namespace posthorn::web
