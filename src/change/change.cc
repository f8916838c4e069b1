#include "change/change.h"

namespace assize {

std::string_view to_string(FileKind kind) {
  switch (kind) {
    case FileKind::added:
      return "added";
    case FileKind::modified:
      return "modified";
    case FileKind::deleted:
      return "deleted";
    case FileKind::renamed:
      return "renamed";
    case FileKind::copied:
      return "copied";
    case FileKind::mode_changed:
      return "mode_changed";
  }
  return "modified";
}

}  // namespace assize
