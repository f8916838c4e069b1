// The change as everybody in the trial is shown it: the text of each chunk behind its fence, and the indexes by which
// citations are resolved. Made once a run. Pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/call.h"
#include "finding/anchor.h"
#include "finding/coverage.h"
#include "trial/trial.h"

namespace assize {

class Exhibits {
 public:
  // The input must outlive it.
  explicit Exhibits(const TrialInput& input);

  const TrialInput& input() const { return input_; }
  int chunks() const { return static_cast<int>(texts_.size()); }
  // The part of a prompt that shows a chunk: the fenced change and, in expanded context, what surrounds it.
  const std::string& text(int chunk) const { return texts_.at(static_cast<std::size_t>(chunk)).change; }
  const std::string& context(int chunk) const { return texts_.at(static_cast<std::size_t>(chunk)).context; }

  // The whole change: by this every citation is anchored.
  const ChangeView& view() const { return *whole_; }
  // One chunk: by this it is told what a review of it covers.
  const ChangeView& view(int chunk) const;
  Matter matter() const;  // how citations are read: of code, or of the one document

  // The chunk that shows the lines of an anchor: `likely` when it does, else the first; `likely` when none does.
  int chunk_showing(const Anchor& anchor, int likely) const;
  // The whole change as analysers see it: the shown lines of kept files, with the files themselves where they are
  // known.
  const std::shared_ptr<const Scope>& scope() const { return scope_; }
  // Numbered code around an anchor; empty when nothing near it is known.
  std::string code_around(const Anchor& anchor) const;
  std::string fenced(std::string_view kind, std::string_view text) const;

 private:
  struct Text {
    std::string change;
    std::string context;
  };
  const TrialInput& input_;
  std::vector<Text> texts_;
  std::unique_ptr<ChangeView> whole_;
  std::vector<std::unique_ptr<ChangeView>> views_;  // empty when there is one chunk: the whole is the chunk
  std::shared_ptr<const Scope> scope_;
};

// The change as analysers see it, for the command line of an analyser before a run.
std::shared_ptr<const Scope> make_scope(const TrialInput& input);

}  // namespace assize
