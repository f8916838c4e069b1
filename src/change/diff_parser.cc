#include "change/diff_parser.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "change/diff_paths.h"
#include "change/hunk_parser.h"
#include "change/line_reader.h"

namespace assize {
namespace {

constexpr std::string_view kGitLine = "diff --git ";
constexpr std::string_view kCombinedLines[] = {"diff --cc ", "diff --combined "};
constexpr std::string_view kSubmoduleMode = "160000";

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

std::string_view without_cr(std::string_view text) {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
}

bool is_hex(std::string_view text) {
  return text.size() >= 4 && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// A line of a binary patch: its length as a letter, then groups of five base-85 digits (git's base85.c has no space,
// quote, comma, full stop, slash, colon, brackets or backslash in its alphabet).
bool is_base85_line(std::string_view line) {
  line = without_cr(line);
  if (line.empty()) return false;
  const char c = line[0];
  const int bytes = c >= 'A' && c <= 'Z' ? c - 'A' + 1 : c >= 'a' && c <= 'z' ? c - 'a' + 27 : 0;
  if (bytes == 0 || line.size() != 1 + static_cast<std::size_t>((bytes + 3) / 4) * 5) return false;
  return line.find_first_of(" \"',./:[]\\") == std::string_view::npos;
}

class Parser {
 public:
  Parser(std::shared_ptr<const std::string> bytes, const PatchLimits& limits)
      : storage_(std::move(bytes)), limits_(limits), reader_(body(*storage_)) {}

  Result<ParsedPatch> run() {
    while (!reader_.at_end() && lines_ <= limits_.max_lines) step();
    end_of_damage();
    if (lines_ > limits_.max_lines) {
      return invalid(fmt::format("the diff has more than {} lines in its hunks", limits_.max_lines),
                     "review a smaller range, or leave out generated files");
    }
    if (result_.files.empty() && !is_blank(*storage_)) {
      const bool utf16 = storage_->starts_with("\xFF\xFE") || storage_->starts_with("\xFE\xFF");
      return invalid("there is no unified or git diff in it",
                     utf16 ? "it looks like UTF-16: write it again as UTF-8" : "make one with git diff or diff -u");
    }
    return std::move(result_);
  }

 private:
  static std::string_view body(std::string_view text) {
    take(text, "\xEF\xBB\xBF");
    return text;
  }

  void step() {
    if (reader_.starts_with(kGitLine)) return read_git_file();
    for (const std::string_view word : kCombinedLines) {
      if (reader_.starts_with(word)) return read_combined(reader_.line().substr(word.size()));
    }
    if (at_file_header(reader_)) return read_plain_file();
    if (last_ && reader_.starts_with("@@ -") && parse_hunk_header(reader_.line())) return read_stray_hunks();
    if (reader_.starts_with("Submodule ") && read_submodule_line()) return;
    if (const auto inner = inner_of_binary_line(reader_.line())) {
      if (auto names = names_of_binary_line(*inner)) return read_plain_binary(*names);
    }
    note_prose();
    reader_.advance();
  }

  // What stands between diffs is skipped; some of it says that something is missing.
  void note_prose() {
    const std::string_view line = reader_.line();
    if (damage_ && !line.empty() && (line[0] == '+' || line[0] == '-' || line[0] == ' ')) ++damage_->skipped;
    if (line.starts_with("* Unmerged path ")) warn(std::string(line.substr(16)), "unmerged: it has conflicts");
    if (line.starts_with("Only in ") && line.find(": ") != std::string_view::npos) {
      warn({}, fmt::format("\"{}\": its text is not in the diff", without_cr(line).substr(0, 300)));
    }
  }

  void read_git_file() {
    end_of_damage();
    const std::size_t begin = reader_.offset();
    const std::uint64_t first_line = reader_.number();
    const auto git_names = names_of_git_line(reader_.line().substr(kGitLine.size()));
    reader_.advance();

    FileChange file;
    Problems problems;
    std::optional<std::string> from, to;  // of a rename or a copy: names without prefix
    std::optional<RawNames> marker_names, binary_names;
    bool changed_mode = false, new_file = false, deleted_file = false, content_differs = false;
    for (bool in_header = true; in_header && !reader_.at_end();) {
      std::string_view line = reader_.line();
      if (take(line, "old mode ")) {
        file.old_mode = without_cr(line);
        changed_mode = true;
      } else if (take(line, "new mode ")) {
        file.new_mode = without_cr(line);
        changed_mode = true;
      } else if (take(line, "deleted file mode ")) {
        file.old_mode = without_cr(line);
        deleted_file = true;
      } else if (take(line, "new file mode ")) {
        file.new_mode = without_cr(line);
        new_file = true;
      } else if (take(line, "rename from ") || take(line, "rename old ")) {
        from = whole_name(line);
        file.kind = FileKind::renamed;
      } else if (take(line, "rename to ") || take(line, "rename new ")) {
        to = whole_name(line);
        file.kind = FileKind::renamed;
      } else if (take(line, "copy from ")) {
        from = whole_name(line);
        file.kind = FileKind::copied;
      } else if (take(line, "copy to ")) {
        to = whole_name(line);
        file.kind = FileKind::copied;
      } else if (take(line, "index ")) {
        content_differs = read_index_line(without_cr(line), file);
      } else if (line.starts_with("similarity index ") || line.starts_with("dissimilarity index ")) {
        // says nothing that is needed
      } else if (line.starts_with("--- ") && reader_.ahead(1).starts_with("+++ ")) {
        marker_names = take_marker_lines();
        read_hunks(file, problems);
        break;
      } else if (line.starts_with("@@ -")) {
        read_hunks(file, problems);
        break;
      } else if (without_cr(line) == "GIT binary patch") {
        file.binary = true;
        read_binary_patch();
        break;
      } else if (const auto inner = inner_of_binary_line(line)) {
        file.binary = true;
        binary_names = names_of_binary_line(*inner);
        in_header = false;
      } else {
        break;
      }
      reader_.advance();
    }
    const std::optional<RawNames> raw = marker_names ? marker_names : binary_names ? binary_names : git_names;
    Names names = raw ? strip_prefixes(*raw, DiffStyle::git, git_names) : Names{};
    if (from && to) names = {std::move(*from), std::move(*to)};
    if (new_file || (names.old_path.empty() && !names.new_path.empty())) {
      file.kind = FileKind::added;
      names.old_path.clear();
    } else if (deleted_file || (names.new_path.empty() && !names.old_path.empty())) {
      file.kind = FileKind::deleted;
      names.new_path.clear();
    } else if (file.kind == FileKind::modified && names.old_path != names.new_path && !names.new_path.empty()) {
      file.kind = FileKind::renamed;
    } else if (file.kind == FileKind::modified && changed_mode && file.hunks.empty() && !file.binary &&
               !content_differs) {
      file.kind = FileKind::mode_changed;
    }
    if (content_differs && file.hunks.empty() && !file.binary && !is_empty_file_change(file)) {
      file.damaged = true;
      problems.push_back({{}, first_line, "its contents differ, but the diff does not show how"});
    }
    if (marker_names && git_names && marker_names->new_name != git_names->new_name &&
        marker_names->new_name != "/dev/null") {
      problems.push_back({{}, first_line, "the header names another file than the line \"+++\"; the latter counts"});
    }
    file.old_path = std::move(names.old_path);
    file.new_path = std::move(names.new_path);
    finish(std::move(file), begin, first_line, std::move(problems));
  }

  // "index 1a2b..3c4d[ 100644]". Returns whether the two objects differ.
  static bool read_index_line(std::string_view line, FileChange& file) {
    const std::size_t dots = line.find("..");
    if (dots == std::string_view::npos) return false;
    const std::size_t space = line.find(' ', dots);
    const std::string_view new_blob = line.substr(dots + 2, space == std::string_view::npos ? space : space - dots - 2);
    if (!is_hex(line.substr(0, dots)) || !is_hex(new_blob)) return false;
    file.old_blob = line.substr(0, dots);
    file.new_blob = new_blob;
    if (space != std::string_view::npos && file.old_mode.empty() && file.new_mode.empty()) {
      file.old_mode = file.new_mode = line.substr(space + 1);
    }
    return file.old_blob != file.new_blob;
  }

  // An empty file that is added or deleted has an index line and no hunk.
  static bool is_empty_file_change(const FileChange& file) {
    constexpr std::string_view kEmptyBlobs[] = {"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
                                                "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"};
    const std::string& blob = file.kind == FileKind::added ? file.new_blob : file.old_blob;
    if (file.kind != FileKind::added && file.kind != FileKind::deleted) return false;
    return std::any_of(std::begin(kEmptyBlobs), std::end(kEmptyBlobs),
                       [&](std::string_view empty) { return empty.starts_with(blob); });
  }

  RawNames take_marker_lines() {
    RawNames names;
    names.old_name = name_of_marker_line(reader_.line().substr(4));
    reader_.advance();
    names.new_name = name_of_marker_line(reader_.line().substr(4));
    reader_.advance();
    return names;
  }

  void read_plain_file() {
    end_of_damage();
    const std::size_t begin = reader_.offset();
    const std::uint64_t first_line = reader_.number();
    const std::string_view old_line = reader_.line();
    const std::string_view new_line = reader_.ahead(1);
    const RawNames raw = take_marker_lines();
    Names names = strip_prefixes(raw, DiffStyle::plain, std::nullopt);
    FileChange file;
    Problems problems;
    read_hunks(file, problems);
    // diff -N gives a file that is not there the time 0.
    const auto never = [](std::string_view line) {
      return line.find("\t1970-01-01 ") != std::string_view::npos ||
             line.find("\t1969-12-31 ") != std::string_view::npos;
    };
    const bool one_hunk = file.hunks.size() == 1;
    if (one_hunk && file.hunks[0].old_count == 0 && file.hunks[0].old_start == 0 && never(old_line))
      names.old_path = {};
    if (one_hunk && file.hunks[0].new_count == 0 && file.hunks[0].new_start == 0 && never(new_line))
      names.new_path = {};
    if (names.old_path.empty()) file.kind = FileKind::added;
    if (names.new_path.empty()) file.kind = FileKind::deleted;
    file.old_path = std::move(names.old_path);
    file.new_path = std::move(names.new_path);
    finish(std::move(file), begin, first_line, std::move(problems));
  }

  void read_plain_binary(const RawNames& raw) {
    end_of_damage();
    const std::size_t begin = reader_.offset();
    const std::uint64_t first_line = reader_.number();
    Names names = strip_prefixes(raw, DiffStyle::plain, std::nullopt);
    FileChange file;
    file.binary = true;
    if (names.old_path.empty()) file.kind = FileKind::added;
    if (names.new_path.empty()) file.kind = FileKind::deleted;
    file.old_path = std::move(names.old_path);
    file.new_path = std::move(names.new_path);
    reader_.advance();
    finish(std::move(file), begin, first_line, {});
  }

  void read_hunks(FileChange& file, std::vector<ChangeWarning>& problems) {
    while (reader_.starts_with("@@ -")) {
      const std::uint64_t header_line = reader_.number();
      const auto header = parse_hunk_header(reader_.line());
      Hunk hunk;
      if (header) {
        hunk.old_start = header->old_start;
        hunk.old_count = header->old_count;
        hunk.new_start = header->new_start;
        hunk.new_count = header->new_count;
        hunk.section = header->section;
      } else {
        // Its lines are kept all the same: all that look like a hunk's, numbered from 1.
        hunk.old_start = hunk.new_start = 1;
        hunk.old_count = hunk.new_count = 1;
        problems.push_back({{}, header_line, "the hunk's header cannot be read: its line numbers are wrong"});
      }
      reader_.advance();
      HunkResult read = read_hunk_lines(reader_, hunk, scratch_);
      if (!read.problems.empty() || !header) file.damaged = true;
      if (header) {
        for (std::string& problem : read.problems) problems.push_back({{}, header_line, std::move(problem)});
      }
      lines_ += hunk.lines.size();
      if (!hunk.lines.empty()) file.hunks.push_back(std::move(hunk));
      if (read.end == HunkEnd::early) {
        damage_ = Damage{reader_.number(), 0};
        return;
      }
      if (lines_ > limits_.max_lines) return;
    }
  }

  // Hunks after text that belongs to no diff: they can only be the last file's.
  void read_stray_hunks() {
    FileChange& file = result_.files[*last_];
    const std::uint64_t line = reader_.number();
    const std::size_t begin = reader_.offset();
    end_of_damage();
    Problems problems;
    problems.push_back({file.path(), line, "a hunk after text that is not part of a diff: taken as this file's"});
    read_hunks(file, problems);
    file.damaged = true;
    file.bytes += reader_.offset() - begin;
    for (ChangeWarning& problem : problems) {
      problem.path = file.path();
      result_.warnings.push_back(std::move(problem));
    }
  }

  void read_binary_patch() {
    reader_.advance();
    for (int section = 0; section < 2; ++section) {  // forward, and reverse
      if (!reader_.starts_with("literal ") && !reader_.starts_with("delta ")) return;
      reader_.advance();
      while (is_base85_line(reader_.line())) reader_.advance();
      if (!reader_.at_end() && without_cr(reader_.line()).empty()) reader_.advance();
    }
  }

  // A merge's diff against several parents: kept as it stands. Each line of its hunks has one marker a parent.
  void read_combined(std::string_view rest) {
    end_of_damage();
    const std::size_t begin = reader_.offset();
    const std::uint64_t first_line = reader_.number();
    FileChange file;
    file.old_path = file.new_path = whole_name(rest);
    reader_.advance();
    while (!reader_.at_end()) {
      const std::string_view line = reader_.line();
      if (line.starts_with("@@@")) break;
      if (line.starts_with("deleted file mode ")) {
        file.kind = FileKind::deleted;
        file.new_path.clear();
      } else if (line.starts_with("new file mode ")) {
        file.kind = FileKind::added;
        file.old_path.clear();
      } else if (inner_of_binary_line(line)) {
        file.binary = true;
      } else if (!line.starts_with("index ") && !line.starts_with("mode ") && !line.starts_with("--- ") &&
                 !line.starts_with("+++ ")) {
        break;
      }
      reader_.advance();
    }
    while (reader_.starts_with("@@@")) {
      reader_.advance();
      while (!reader_.at_end()) {  // a header of another file cannot begin with one of these
        const std::string_view line = reader_.line();
        if (line.empty() || std::string_view(" +-\\").find(line[0]) == std::string_view::npos) break;
        reader_.advance();
      }
    }
    file.combined = std::string(reader_.since(begin));
    finish(std::move(file), begin, first_line, {});
  }

  // "Submodule lib/x 1a2b..3c4d:" and its log, as diff.submodule=log writes it.
  bool read_submodule_line() {
    std::string_view line = without_cr(reader_.line()).substr(10);
    const std::size_t paren = line.find(" (");
    if (paren != std::string_view::npos) line = line.substr(0, paren);
    if (line.ends_with(':')) line.remove_suffix(1);
    const std::size_t space = line.rfind(' ');
    if (space == std::string_view::npos) return false;
    const std::string_view range = line.substr(space + 1);
    const std::size_t dots = range.find("..");
    if (dots == std::string_view::npos || !is_hex(range.substr(0, dots))) return false;
    const std::size_t head = range.find_first_not_of('.', dots);
    if (head == std::string_view::npos || !is_hex(range.substr(head))) return false;
    end_of_damage();
    FileChange file;
    file.submodule = true;
    file.old_path = file.new_path = whole_name(line.substr(0, space));
    const std::size_t begin = reader_.offset();
    const std::uint64_t first_line = reader_.number();
    reader_.advance();
    while (reader_.starts_with("  > ") || reader_.starts_with("  < ")) reader_.advance();
    finish(std::move(file), begin, first_line, {});
    return true;
  }

  using Problems = std::vector<ChangeWarning>;

  void finish(FileChange file, std::size_t begin, std::uint64_t first_line, Problems problems) {
    if (file.path().empty()) {
      problems.push_back({{}, first_line, "the header's names cannot be read"});
      file.damaged = true;
      file.old_path = file.new_path = fmt::format("(unnamed file at line {} of the diff)", first_line);
    }
    file.bytes = reader_.offset() - begin;
    file.submodule = file.submodule || file.old_mode == kSubmoduleMode || file.new_mode == kSubmoduleMode;
    file.storage.push_back(storage_);
    for (ChangeWarning& problem : problems) {
      problem.path = file.path();
      result_.warnings.push_back(std::move(problem));
    }
    const auto [at, is_new] = index_.try_emplace(file.path(), result_.files.size());
    last_ = at->second;
    if (is_new) {
      result_.files.push_back(std::move(file));
    } else {
      merge(result_.files[at->second], std::move(file), first_line);
    }
  }

  void merge(FileChange& into, FileChange file, std::uint64_t first_line) {
    const std::string path = file.path();
    if (merge_file(into, std::move(file)) == MergedNumbers::of_different_states) {
      warn(path, "the path occurs in several patches: line numbers of its hunks speak of different states", first_line);
    }
  }

  void warn(std::string path, std::string message, std::uint64_t line = 0) {
    result_.warnings.push_back({std::move(path), line ? line : reader_.number(), std::move(message)});
  }

  void end_of_damage() {
    if (damage_ && damage_->skipped > 0 && last_) {
      result_.warnings.push_back(
          {result_.files[*last_].path(), damage_->line,
           fmt::format("{} lines from here on belong to no hunk and are not shown", damage_->skipped)});
    }
    damage_.reset();
  }

  // A hunk ended early: lines after it that look like a hunk's are counted, so that a warning can say how many are
  // lost.
  struct Damage {
    std::uint64_t line = 0;
    std::uint64_t skipped = 0;
  };

  std::shared_ptr<const std::string> storage_;
  PatchLimits limits_;
  LineReader reader_;
  ParsedPatch result_;
  std::unordered_map<std::string, std::size_t> index_;  // path -> place in result_.files
  std::optional<std::size_t> last_;
  std::optional<Damage> damage_;
  std::vector<Line> scratch_;
  std::uint64_t lines_ = 0;
};

}  // namespace

Result<ParsedPatch> parse_patch(std::string_view bytes, const PatchLimits& limits) {
  return parse_patch(std::make_shared<const std::string>(bytes), limits);
}

Result<ParsedPatch> parse_patch(std::shared_ptr<const std::string> bytes, const PatchLimits& limits) {
  if (bytes->size() > limits.max_bytes.value) {
    return invalid(fmt::format("the diff has {} bytes; at most {} can be read", bytes->size(), limits.max_bytes.value),
                   "review a smaller range");
  }
  return Parser(std::move(bytes), limits).run();
}

}  // namespace assize
