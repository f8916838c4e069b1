#include "core/task_outcome.h"

namespace assize {

std::string_view to_string(ChangedFile::Kind kind) {
  switch (kind) {
    case ChangedFile::Kind::added:
      return "added";
    case ChangedFile::Kind::modified:
      return "modified";
    case ChangedFile::Kind::deleted:
      return "deleted";
  }
  return "modified";
}

}  // namespace assize
