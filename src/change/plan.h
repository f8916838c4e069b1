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

struct PlanOptions {
  std::vector<std::string> include;  // gitignore-style globs; empty: everything
  std::vector<std::string> exclude;
  ByteCount max_bytes{200'000};           // spec default: kept bytes over this need chunks
  ByteCount max_file_bytes{100'000'000};  // a single file's diff over this is set aside as too-large-file
  // linguist-generated in .gitattributes of the base, by path; unset when nothing is known.
  std::function<bool(std::string_view path)> is_generated_by_attribute;
};

struct PlannedFile {
  std::size_t index = 0;              // into Change::files
  std::optional<SetAside> set_aside;  // empty: kept
  std::string detail;                 // the glob or the rule that set it aside
};

struct Plan {
  std::vector<PlannedFile> files;  // one for each file of the change, in its order
  ByteCount kept{0};               // of diff text
  std::size_t kept_files() const;
};

// Error invalid ("too_large"): more than max_bytes are kept; the message says the sizes, the hint the options that
// help. Error invalid: a glob that cannot be read.
Result<Plan> make_plan(const Change& change, const PlanOptions& options);

// The kept part as reviewers see it: each line with its number, so that it can be cited. UTF-8 whatever the input;
// lines over 1 MiB are cut, and say so. `prompt_paths` of the result are the files shown, in order.
std::string render_numbered(const Change& change, const Plan& plan);

}  // namespace assize
