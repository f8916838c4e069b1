#include "change/document.h"

#include <utility>

#include <fmt/format.h>

#include "change/whole_file.h"
#include "core/text.h"
#include "core/workspace.h"

namespace assize {

Result<Change> document_change(std::string name, std::string text) {
  const std::string shown = strip_controls(to_valid_utf8(name), Newlines::to_space);
  if (trim(text).empty()) return invalid(fmt::format("{} is empty: there is nothing to review", shown));
  if (text.find('\0') != std::string::npos) {
    return invalid(fmt::format("{} is not text: it holds NUL bytes", shown), "save it as UTF-8");
  }
  TreeFile file;
  file.size = text.size();
  file.bytes = std::move(text);
  Change change;
  change.source = shown == "text" ? "--text" : "--text " + shown;
  change.files.push_back(change_of_whole_file(std::move(name), std::move(file)));
  change.digest = digest_of(change);
  return change;
}

}  // namespace assize
