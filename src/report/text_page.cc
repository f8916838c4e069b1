#include "report/text_page.h"

#include <algorithm>

#include <fmt/core.h>

#include "report/width.h"

namespace assize::report {

namespace {
constexpr int kNarrowest = 40;
constexpr int kWidestProse = 120;
}  // namespace

TextPage::TextPage(const TextOptions& options)
    : options_(options), width_(std::clamp(options.width, kNarrowest, kWidestProse)) {}

std::string TextPage::paint(std::string_view style, std::string_view text) const {
  if (options_.color == Color::off) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", style, text);
}

void TextPage::paragraph(int indent, std::string_view text, std::string_view style, std::string_view first) {
  bool opening = true;
  for (const std::string& line : wrap(text, width_ - indent)) {
    if (opening && !first.empty()) {
      out_ += first;
      out_.append(static_cast<std::size_t>(std::max(0, indent - display_width(first))), ' ');
    } else {
      out_.append(static_cast<std::size_t>(indent), ' ');
    }
    opening = false;
    out_ += style.empty() ? line : paint(style, line);
    out_ += '\n';
  }
}

void TextPage::quoted(int indent, std::string_view text) {
  constexpr std::string_view kBar = "│";
  for (const std::string& line : wrap(text, width_ - indent - display_width(kBar) - 1)) {
    out_.append(static_cast<std::size_t>(indent), ' ');
    out_ += paint(kDim, kBar) + (line.empty() ? "" : " ") + line + '\n';
  }
}

void TextPage::heading(std::string_view text, std::string_view style) {
  out_ += '\n';
  out_ += paint(style, text);
  out_ += '\n';
}

void TextPage::line(std::string_view text) {
  out_ += text;
  out_ += '\n';
}

void TextPage::link(std::string_view lead, std::string_view text, std::string_view uri) {
  const bool fits = display_width(text) <= width_ - display_width(lead);
  if (options_.links == Hyperlinks::off || !fits || uri.empty())
    return paragraph(display_width(lead), text, kCyan, lead);
  out_ += lead;
  out_ += fmt::format("\x1b]8;;{}\x1b\\{}\x1b]8;;\x1b\\\n", uri, paint(kCyan, text));
}

}  // namespace assize::report
