// What a task given to several agents came to, for reports. Plain values; the JSON form is docs/task.schema.json.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/call.h"
#include "core/outcome.h"
#include "core/task_state.h"
#include "core/units.h"

namespace assize {

// One file that an agent changed in its tree.
struct ChangedFile {
  enum class Kind { added, modified, deleted } kind = Kind::modified;
  std::string path;                             // bytes as the file system has them
  std::optional<std::uint64_t> added, removed;  // lines; empty: binary
};
std::string_view to_string(ChangedFile::Kind kind);

// A file that is not in an agent's tree, or not in its diff, and why.
struct LeftOut {
  std::string path;
  std::string reason;
};

// What an agent changed since its tree was made.
struct TreeDiff {
  std::vector<ChangedFile> files;  // in byte order
  std::string patch;               // as `git diff --binary` writes it; any bytes; empty: nothing changed
  std::vector<LeftOut> left_out;   // changed, and not in the patch: the patch alone is then not all that was done
  std::vector<std::string> notes;  // what else is to be known of it
};

struct TaskAgent {
  std::string id, kind, vendor, model, version;
  bool available = false;
  std::vector<std::string> command_line;  // what runs; never with secrets
  TaskTrack track;
  Answer answer;                       // text as the agent wrote it, in valid UTF-8
  std::optional<TreeDiff> diff;        // of an agent that may write
  std::string diff_error;              // why there is none
  std::string diff_file, answer_file;  // artifacts; empty: none
};

struct TaskSynthesis {
  std::string agent;                           // who wrote it; empty: nobody
  std::string text;                            // as it was written, in valid UTF-8
  std::map<std::string, std::string> letters;  // "A" → the agent whose answer was shown under it
  std::string note;                            // why there is none, or whose place the writer took
  std::string file;                            // artifact; empty: none
};

struct TaskDecision {
  DecisionValue value = DecisionValue::fail;  // pass, partial or fail
  int exit = 1;
  std::string reason;
};

struct TaskOutcome {
  std::string run;  // id
  ExecutionMode mode = ExecutionMode::read_only;
  bool chain = false;
  std::string prompt;  // as the user gave it
  std::string repository, head;
  std::vector<std::string> target_paths;  // of the repository; empty: all of it
  TaskTrack track;
  TaskDecision decision;
  std::vector<TaskAgent> agents;           // in roster order
  std::optional<TaskSynthesis> synthesis;  // when one was asked for
  std::vector<LeftOut> left_out;           // of the working tree: what no agent's tree has
  std::vector<std::string> warnings;
  std::string artifacts;  // the directory; empty: none
  std::uint64_t seed = 0;
  std::map<std::string, std::string> versions;  // "assize", "prompt"
  std::string started_at;                       // RFC 3339, UTC
  Millis duration{0};
};

}  // namespace assize
