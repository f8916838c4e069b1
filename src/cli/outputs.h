// Where a review's reports go: one to standard output, any number to files, in any of the formats.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/config.h"
#include "core/outcome.h"
#include "core/result.h"

namespace assize {

enum class Format { text, markdown, json, sarif, jsonl };

struct ReportTarget {
  Format format = Format::text;
  std::string file;  // empty: standard output
};
// Standard output first. Never fails: the settings have been checked.
std::vector<ReportTarget> report_targets(const Config& config);
// Error invalid: two reports for one file, or one for "-".
Result<bool> check_targets(const std::vector<ReportTarget>& targets);

// Not for jsonl, which is written while the run goes on.
std::string render(Format format, const Outcome& outcome, const Terminal& terminal);

// Writes all finished reports. A file that cannot be written loses nothing: its report goes to standard output after
// the first one, standard error says why, and Delivery::incomplete makes the command exit 2.
enum class Delivery { complete, incomplete };
Delivery deliver(const std::vector<ReportTarget>& targets, const Outcome& outcome, const Terminal& terminal);
// The same for anything that can be rendered for a terminal in each of the targets' formats.
using Renderer = std::function<std::string(Format format, const Terminal& terminal)>;
Delivery deliver(const std::vector<ReportTarget>& targets, const Renderer& render, const Terminal& terminal);

// The lines of one jsonl target. What a file does not take is kept, and printed by finish().
class EventSink {
 public:
  // `tell` gets what goes wrong, for the person who waits: while a live table is drawn, Watch::note.
  explicit EventSink(const ReportTarget& target, std::function<void(std::string_view message)> tell = note);
  ~EventSink();
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;

  enum class Fate { written, reader_gone };
  Fate write(std::string_view line);
  // Whether the reader of a pipe went away, also while there is nothing to write.
  bool reader_gone();
  Delivery finish();

 private:
  ReportTarget target_;
  std::function<void(std::string_view)> tell_;
  int fd_ = -1;
  bool failed_ = false, gone_ = false;
  std::string kept_;
};

}  // namespace assize
