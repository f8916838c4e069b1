#include "change/render.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"

namespace assize {
namespace {

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\t'; });
}

// Shows C0, DEL and C1 as their code points. `text` is valid UTF-8.
std::string show_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool c1 = c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) {
      fmt::format_to(std::back_inserter(out), "⟦U+{:04X}⟧", static_cast<unsigned char>(text[++i]));
    } else if ((c < 0x20 && c != '\t') || c == 0x7F) {
      fmt::format_to(std::back_inserter(out), "⟦U+{:04X}⟧", c);
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string inert(std::string_view bytes) {
  std::string out;
  append_inert(bytes, out);
  return out;
}

enum class LineEnds { lf, crlf };

// CR LF only when every line has it: otherwise the difference is what the change is about, and is shown.
LineEnds line_ends_of(const FileChange& file) {
  bool any = false;
  for (const Hunk& hunk : file.hunks) {
    for (const Line& line : hunk.lines) {
      if (!line.text.ends_with('\r')) return LineEnds::lf;
      any = true;
    }
  }
  return any ? LineEnds::crlf : LineEnds::lf;
}

void append_header(const FileChange& file, LineEnds ends, std::string& out) {
  const std::string old_path = inert(file.old_path);
  const std::string new_path = inert(file.new_path);
  const auto add = [&](std::string_view word, std::string_view value) { out.append(word).append(value).append("\n"); };
  out += fmt::format("diff --git a/{} b/{}\n", old_path.empty() ? new_path : old_path,
                     new_path.empty() ? old_path : new_path);
  if (file.kind == FileKind::added) {
    add("new file mode ", file.new_mode.empty() ? "100644" : inert(file.new_mode));
  } else if (file.kind == FileKind::deleted) {
    add("deleted file mode ", file.old_mode.empty() ? "100644" : inert(file.old_mode));
  } else if (file.old_mode != file.new_mode) {
    add("old mode ", inert(file.old_mode));
    add("new mode ", inert(file.new_mode));
  }
  if (file.kind == FileKind::renamed || file.kind == FileKind::copied) {
    const std::string_view verb = file.kind == FileKind::renamed ? "rename" : "copy";
    out += fmt::format("{} from {}\n{} to {}\n", verb, old_path, verb, new_path);
  }
  if (ends == LineEnds::crlf) out += "(all lines shown end in CR LF)\n";
  if (file.hunks.empty()) return;
  out += file.old_path.empty() ? "--- /dev/null\n" : fmt::format("--- a/{}\n", old_path);
  out += file.new_path.empty() ? "+++ /dev/null\n" : fmt::format("+++ b/{}\n", new_path);
}

int width_of(const FileChange& file) {
  std::uint32_t largest = 0;
  for (const Hunk& hunk : file.hunks) {
    if (!hunk.lines.empty()) largest = std::max({largest, hunk.lines.back().old_no, hunk.lines.back().new_no});
  }
  return number_width(largest);
}

void append_file(const FileChange& file, std::string& out) {
  const LineEnds ends = line_ends_of(file);
  append_header(file, ends, out);
  if (file.combined) {
    out += "(a merge against several parents; its lines have no numbers)\n";
    for (const std::string_view line : split_lines(*file.combined)) {
      out += "   | ";
      append_inert(line, out);
      out += '\n';
    }
  }
  const int width = width_of(file);
  for (const Hunk& hunk : file.hunks) {
    out += fmt::format("@@ -{},{} +{},{} @@", hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count);
    if (!hunk.section.empty()) {
      out += ' ';
      append_inert(hunk.section, out);
    }
    out += '\n';
    for (const Line& line : hunk.lines) {
      append_number(line.kind, line.kind == LineKind::removed ? line.old_no : line.new_no, width, out);
      std::string_view text = line.text;
      if (ends == LineEnds::crlf) text.remove_suffix(1);
      append_inert(text, out);
      out += '\n';
      if (line.no_newline) out += "     \\ no newline at end of file\n";
    }
  }
}

}  // namespace

int number_width(std::uint32_t largest) {
  int width = 4;
  for (std::uint32_t bound = 9'999; width < 10 && largest > bound; bound = bound * 10 + 9) ++width;
  return width;
}

void append_number(LineKind kind, std::uint32_t number, int width, std::string& out) {
  const char marker = kind == LineKind::context ? ' ' : kind == LineKind::added ? '+' : '-';
  fmt::format_to(std::back_inserter(out), "{:>{}} {} ", number, width, marker);
}

void append_inert(std::string_view bytes, std::string& out) {
  std::size_t left_out = 0;
  if (bytes.size() > kMaxShownLine) {
    std::size_t keep = kMaxShownLine;
    while (keep > kMaxShownLine - 4 && (static_cast<unsigned char>(bytes[keep]) & 0xC0U) == 0x80U) --keep;
    left_out = bytes.size() - keep;
    bytes = bytes.substr(0, keep);
  }
  if (is_plain(bytes)) {
    out.append(bytes);
  } else {
    // Without controls, what strip_controls still changes is the characters that hide or reorder text: it shows them.
    out.append(strip_controls(show_controls(to_valid_utf8(bytes)), Newlines::keep));
  }
  if (left_out > 0) fmt::format_to(std::back_inserter(out), " …[cut: {} more bytes of this line]", left_out);
}

std::string render_numbered(const Change& change, const Plan& plan) {
  std::string out;
  out.reserve(plan.kept.value + plan.kept.value / 4);
  for (const PlannedFile& planned : plan.files) {
    if (!planned.set_aside) append_file(change.files[planned.index], out);
  }
  return out;
}

}  // namespace assize
