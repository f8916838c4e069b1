// Ties what a reviewer cites (path, line, quote) to the lines that it was shown. Pure: no I/O, no clock.
// Does not judge whether a finding is right.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "change/change.h"
#include "change/plan.h"
#include "core/finding.h"

namespace assize {

// Whether a path (of the repository, with '/') is a file of the snapshot that reviewers see. Unset: only files with a
// post-image are known.
using FileExists = std::function<bool(std::string_view path)>;

// An index over the shown part of a change; build once, resolve many. The change, plan and images must outlive it.
class ChangeView {
 public:
  ChangeView(const Change& change, const Plan& plan, const PostImages& images, FileExists exists = {});
  ~ChangeView();
  ChangeView(const ChangeView&) = delete;
  ChangeView& operator=(const ChangeView&) = delete;

  // Path as cited -> the path of a shown file of the change ("" when there is none): strips a/, b/, ./, a snapshot's
  // prefix, \ -> /; an exact match, else a unique suffix match. Case must match.
  std::string resolve_path(std::string_view cited) const;
  std::vector<std::string> shown_paths() const;  // in the change's order
  // The first line of an anchor as it was shown; empty when the anchor has none, or it was not shown.
  std::string_view code_at(const Anchor& anchor) const;
  // Whether both ends of `lines` exist in the file that `cited` means: as shown lines of one side, or in its post-image
  // where that is known.
  bool has_lines(std::string_view cited, LineRange lines) const;
  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Quotes are compared with white space folded, without line-number prefixes and +/- markers; a quote is looked for
// within kQuoteWindow lines of the cited line first, then in the whole file. Never fails: the state says what was
// found.
inline constexpr std::uint32_t kQuoteWindow = 20;  // spec: findings, Anchoring
Anchor resolve_anchor(const Citation& citation, const ChangeView& shown);

}  // namespace assize
