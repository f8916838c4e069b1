// What of a change gets reviewed, what is set aside and why. Pure: what it must know of the world is handed in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "change/change.h"
#include "core/outcome.h"
#include "core/result.h"

namespace assize {

// What is done with a change of more than max_bytes: it is cut into parts (change/chunks.h), or it is an error.
enum class Chunking { cut, refuse };

// Whether files are judged by globs, names and bytes. Prose that the user hands over is not.
enum class Keep { what_can_be_reviewed, everything };

struct PlanOptions {
  std::vector<std::string> include;  // gitignore-style globs; empty: everything
  std::vector<std::string> exclude;
  ByteCount max_bytes{200'000};  // spec default: kept bytes over this need chunks
  Chunking chunking = Chunking::cut;
  Keep keep = Keep::what_can_be_reviewed;
  ByteCount max_file_bytes{100'000'000};  // a single file's diff over this is set aside as too-large-file
  // linguist-generated in .gitattributes of the base, by path; unset when nothing is known.
  std::function<bool(std::string_view path)> is_generated_by_attribute;
};

// Spec: a longer line is cut in what is shown, and that is said.
inline constexpr std::size_t kMaxShownLine = std::size_t{1} << 20U;

struct PlannedFile {
  std::size_t index = 0;              // into Change::files
  std::optional<SetAside> set_aside;  // empty: kept
  std::string detail;                 // the glob or the rule that set it aside
  std::uint32_t cut_lines = 0;        // of a kept file: lines longer than kMaxShownLine
  // It may carry code that nobody sees: source or executable set aside by its name only or as binary, too large, a
  // changed submodule, lines cut or missing. What the user or the base's .gitattributes sets aside is not risky.
  bool risky = false;
};

struct Plan {
  std::vector<PlannedFile> files;  // one for each file of the change, in its order
  ByteCount kept{0};               // of diff text
  std::size_t kept_files() const;
};

// Globs are matched on a file's new path, or its old one when it is gone; a renamed file is excluded only by its new
// path. Error invalid ("too_large: …"): more than max_bytes are kept and may not be cut; the message says the sizes,
// the hint the options that help. Error invalid: a glob that cannot be read.
Result<Plan> make_plan(const Change& change, const PlanOptions& options);

// Every file and hunk of the change, with nobody who covers them yet: one HunkCoverage a hunk of a kept file, and one
// of {0,0} for a kept file without hunks (renamed, mode changed, combined diff).
std::vector<FileCoverage> coverage_of(const Change& change, const Plan& plan);

// The kept part as reviewers see it; see change/render.h.
std::string render_numbered(const Change& change, const Plan& plan);

}  // namespace assize
