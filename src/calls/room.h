// The private directory of one call: HOME, scratch, working directory and spool files side by side, removed at its end
// whatever an agent left in it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "agents/adapter.h"
#include "core/result.h"

namespace assize {

// A new directory for a run, 0700, below `parent` (empty: $TMPDIR or /tmp). Error io: why not.
Result<std::string> make_run_directory(const std::string& parent);

class CallRoom {
 public:
  // Makes <run_directory>/<name>/{home,tmp,cwd}. HOME must not stand below the temporary directory (codex refuses its
  // own sandbox then), so they are siblings.
  static Result<CallRoom> make(const std::string& run_directory, std::string_view name);
  CallRoom(CallRoom&& other) noexcept : root_(std::exchange(other.root_, {})), room_(std::move(other.room_)) {}
  CallRoom& operator=(CallRoom&&) = delete;
  ~CallRoom();  // removes it

  // Removes what was written. True: it is as when it was made, and may serve another call; making directories is the
  // dearest thing about a short call. False: something could not be put right, let it be destroyed.
  bool make_empty() const;

  const Room& room() const { return room_; }
  std::string spool(std::string_view stream) const { return root_ + "/" + std::string(stream); }

  // Writes a new file, 0600, with the directories above it, 0700. `path` is absolute and must lie inside the room; a
  // file that is there already, a link on the way or a path that leaves the room is an error.
  Result<std::monostate> write(const std::string& path, std::string_view content) const;
  // The same below `directory` of the room, for a path that comes from outside ("src/a.c").
  Result<std::monostate> write_below(const std::string& directory, std::string_view relative,
                                     std::string_view content) const;

 private:
  CallRoom() = default;
  std::string root_;
  Room room_;
};

}  // namespace assize
