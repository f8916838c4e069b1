#include "change/hunk_parser.h"

#include <charconv>

#include <fmt/format.h>

namespace assize {
namespace {

constexpr std::uint32_t kMaxNumber = 1U << 31U;  // so that start + count stays a 32-bit number

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

bool take_number(std::string_view& text, std::uint32_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() || number > kMaxNumber) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take_range(std::string_view& text, std::uint32_t& start, std::uint32_t& count) {
  count = 1;
  if (!take_number(text, start)) return false;
  return !take(text, ",") || take_number(text, count);
}

// The line before the signature of a mail that git format-patch wrote.
bool is_mail_signature(std::string_view line) {
  return line == "-- " || line == "-- \r" || line == "--";
}

class HunkReader {
 public:
  HunkReader(LineReader& reader, Hunk& hunk, std::vector<Line>& lines) : reader_(reader), hunk_(hunk), lines_(lines) {}

  HunkResult run() {
    old_left_ = hunk_.old_count;
    new_left_ = hunk_.new_count;
    // A hunk without old lines is numbered from the line before it.
    old_no_ = hunk_.old_count == 0 ? hunk_.old_start + 1 : hunk_.old_start;
    new_no_ = hunk_.new_count == 0 ? hunk_.new_start + 1 : hunk_.new_start;
    read_counted();
    read_surplus();
    if (surplus_ || result_.end == HunkEnd::early) report();
    return std::move(result_);
  }

 private:
  void add(LineKind kind, std::string_view text) {
    const bool in_old = kind != LineKind::added;
    const bool in_new = kind != LineKind::removed;
    lines_.push_back({kind, in_old ? old_no_ : 0, in_new ? new_no_ : 0, text, false});
    if (in_old) {
      ++old_no_;
      ++old_seen_;
      old_left_ > 0 ? --old_left_ : ++surplus_;
    }
    if (in_new) {
      ++new_no_;
      ++new_seen_;
      new_left_ > 0 ? --new_left_ : ++surplus_;
    }
  }

  void read_counted() {
    while (old_left_ > 0 || new_left_ > 0) {
      if (reader_.at_end()) {
        result_.end = HunkEnd::early;
        return;
      }
      const std::string_view line = reader_.line();
      switch (line.empty() ? '\n' : line[0]) {
        case ' ':
          add(LineKind::context, line.substr(1));
          break;
        case '+':
          add(LineKind::added, line.substr(1));
          break;
        case '-':
          // When exactly one line of each side is due, "--- x" and "+++ y" can be those two: then the counts decide.
          if ((old_left_ != 1 || new_left_ != 1) && at_file_header(reader_)) {
            result_.end = HunkEnd::early;
            return;
          }
          add(LineKind::removed, line.substr(1));
          break;
        case '\\':
          mark_no_newline();
          break;
        case '\r':
        case '\n':  // an empty context line whose blank was lost on the way (diff.suppressBlankEmpty, mailers)
          if (line.size() <= 1 && old_left_ > 0 && new_left_ > 0) {
            add(LineKind::context, line);
            break;
          }
          [[fallthrough]];
        default:
          result_.end = HunkEnd::early;
          return;
      }
      reader_.advance();
    }
  }

  // Lines that look like the hunk's after its counts are used up. They are kept: a header that counts too few must not
  // hide what follows it.
  void read_surplus() {
    for (; !reader_.at_end(); reader_.advance()) {
      const std::string_view line = reader_.line();
      if (line.empty() || is_mail_signature(line)) return;
      if (line[0] == '\\') {
        mark_no_newline();
        continue;
      }
      if (result_.end == HunkEnd::early) return;
      if (line[0] == '-' && at_file_header(reader_)) return;
      if (line[0] == ' ') {
        add(LineKind::context, line.substr(1));
      } else if (line[0] == '+') {
        add(LineKind::added, line.substr(1));
      } else if (line[0] == '-') {
        add(LineKind::removed, line.substr(1));
      } else {
        return;
      }
    }
  }

  void mark_no_newline() {
    if (!lines_.empty()) lines_.back().no_newline = true;
  }

  void report() {
    result_.problems.push_back(fmt::format("the hunk's header counts {} old and {} new lines, but there are {} and {}",
                                           hunk_.old_count, hunk_.new_count, old_seen_, new_seen_));
    if (hunk_.old_count == 0 && old_seen_ > 0) ++hunk_.old_start;
    if (hunk_.new_count == 0 && new_seen_ > 0) ++hunk_.new_start;
    hunk_.old_count = old_seen_;
    hunk_.new_count = new_seen_;
  }

  LineReader& reader_;
  Hunk& hunk_;
  std::vector<Line>& lines_;
  HunkResult result_;
  std::uint32_t old_left_ = 0, new_left_ = 0;
  std::uint32_t old_no_ = 0, new_no_ = 0;
  std::uint32_t old_seen_ = 0, new_seen_ = 0;
  std::uint32_t surplus_ = 0;
};

}  // namespace

std::optional<HunkHeader> parse_hunk_header(std::string_view line) {
  HunkHeader header;
  if (!take(line, "@@ -") || !take_range(line, header.old_start, header.old_count) || !take(line, " +") ||
      !take_range(line, header.new_start, header.new_count) || !take(line, " @@")) {
    return std::nullopt;
  }
  take(line, " ");
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  header.section = line;
  return header;
}

bool at_file_header(const LineReader& reader) {
  return reader.starts_with("--- ") && reader.ahead(1).starts_with("+++ ") && reader.ahead(2).starts_with("@@ -");
}

HunkResult read_hunk_lines(LineReader& reader, Hunk& hunk, std::vector<Line>& scratch) {
  scratch.clear();
  HunkResult result = HunkReader(reader, hunk, scratch).run();
  hunk.lines.assign(scratch.begin(), scratch.end());
  return result;
}

}  // namespace assize
