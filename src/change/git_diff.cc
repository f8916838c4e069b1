#include "change/git_diff.h"

#include <algorithm>

#include <fmt/format.h>

#include "change/git_source.h"
#include "change/whole_file.h"
#include "core/text.h"

namespace assize {
namespace {

// --text: no attribute and no NUL hides lines. Submodules are compared by the commit they stand at; looking for
// uncommitted work inside one would run git under that repository's own configuration.
std::vector<std::string> diff_command(std::vector<std::string> format, const std::vector<std::string>& states) {
  std::vector<std::string> args = {
      "diff",           "--no-color", "--no-ext-diff", "--no-textconv", "--text",
      "--find-renames", "-l1000",     "--no-relative", "-O/dev/null",   "--diff-algorithm=default"};
  // Without a working tree in the comparison there is nothing inside a submodule to look at, and the two are the same.
  args.emplace_back("--ignore-submodules=dirty");
  std::move(format.begin(), format.end(), std::back_inserter(args));
  args.insert(args.end(), states.begin(), states.end());
  if (std::find(args.begin(), args.end(), "--") == args.end()) args.emplace_back("--");
  return args;
}

std::vector<std::string> patch_format() {
  return {"--patch",           "--full-index", "--src-prefix=a/",        "--dst-prefix=b/",
          "--submodule=short", "--unified=3",  "--inter-hunk-context=0", "--ws-error-highlight=none"};
}

Error diff_failed(const GitAnswer& answer, std::string_view option) {
  return Error{ErrorCode::io, fmt::format("{}git diff failed: {}", option, first_line_of(answer.err)), {}};
}

// One entry of `git diff --raw -z`.
struct RawEntry {
  std::string old_blob, new_blob, path;
};

std::vector<RawEntry> parse_raw(std::string_view out) {
  std::vector<RawEntry> entries;
  std::vector<std::string_view> fields = split(out, '\0');
  for (std::size_t i = 0; i + 1 < fields.size();) {
    // ":100644 100755 <old> <new> M", then one path, or two for a rename or a copy.
    const std::vector<std::string_view> words = split(fields[i], ' ');
    if (words.size() != 5 || words[4].empty()) break;
    const bool two = words[4][0] == 'R' || words[4][0] == 'C';
    const std::size_t path = i + (two ? 2 : 1);
    if (path >= fields.size()) break;
    entries.push_back({std::string(words[2]), std::string(words[3]), std::string(fields[path])});
    i = path + 1;
  }
  return entries;
}

bool is_zero(std::string_view object) {
  return object.find_first_not_of('0') == std::string_view::npos;
}

struct LargeFile {
  std::string path;
  std::uint64_t size = 0;
};

// The larger of both sides of each entry; of the working tree's side, the file's.
Result<std::vector<LargeFile>> find_large(const std::vector<RawEntry>& entries, const World& world, ByteCount bound) {
  std::string names;
  for (const RawEntry& entry : entries) names += entry.old_blob + "\n" + entry.new_blob + "\n";
  TRY_ASSIGN(const GitAnswer sizes, world.git->run({"cat-file", "--batch-check=%(objectsize)"}, names));
  const std::vector<std::string_view> lines = split_lines(sizes.out);
  std::vector<LargeFile> large;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::uint64_t size = 0;
    for (const std::size_t at : {2 * i, 2 * i + 1}) {
      if (at < lines.size())
        size = std::max<std::uint64_t>(size, std::strtoull(std::string(lines[at]).c_str(), nullptr, 10));
    }
    if (is_zero(entries[i].new_blob)) {
      if (const auto file = world.tree->read(entries[i].path, ByteCount{0})) size = std::max(size, file->size);
    }
    if (size > bound.value) large.push_back({entries[i].path, size});
  }
  return large;
}

}  // namespace

std::string literal_pathspec(std::string_view path) {
  return fmt::format(":(top,literal){}", path);
}

Result<Change> run_diff(Change change, const std::vector<std::string>& states, const World& world,
                        std::string_view option, const ReadLimits& limits) {
  const std::string named = option.empty() ? std::string() : fmt::format("{}: ", option);
  TRY_ASSIGN(GitAnswer answer, world.git->run(diff_command(patch_format(), states)));
  std::vector<LargeFile> large;
  if (answer.cut || answer.out.size() > limits.patch.max_bytes.value) {
    TRY_ASSIGN(const GitAnswer raw, world.git->run(diff_command({"--raw", "-z", "--no-abbrev"}, states)));
    TRY_ASSIGN(large, find_large(parse_raw(raw.out), world, limits.max_file));
    std::vector<std::string> but_large = states;
    but_large.insert(but_large.end(), {"--", ":(top)"});
    for (const LargeFile& file : large) but_large.push_back(fmt::format(":(top,literal,exclude){}", file.path));
    TRY_ASSIGN(answer, world.git->run(diff_command(patch_format(), but_large)));
  }
  if (answer.exit != 0 && !answer.cut) return diff_failed(answer, named);
  if (answer.cut || answer.out.size() > limits.patch.max_bytes.value) {
    return invalid(fmt::format("{}the diff has more than {} bytes", named, limits.patch.max_bytes.value),
                   "review a smaller range");
  }
  TRY_ASSIGN(ParsedPatch parsed, parse_patch(std::make_shared<const std::string>(std::move(answer.out)), limits.patch));
  change.files = std::move(parsed.files);
  std::move(parsed.warnings.begin(), parsed.warnings.end(), std::back_inserter(change.warnings));
  for (const LargeFile& file : large) {
    FileChange unread = change_of_unread_file(file.path, file.size);
    unread.kind = FileKind::modified;
    unread.old_path = file.path;
    change.files.push_back(std::move(unread));
  }
  return change;
}

}  // namespace assize
