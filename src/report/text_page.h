// The page that the text report is written on: wrapping, indenting, colours and links. Knows nothing of outcomes.
#pragma once

#include <string>
#include <string_view>

#include "report/text.h"

namespace assize::report {

// Select Graphic Rendition parameters (ECMA-48).
inline constexpr std::string_view kBold = "1", kDim = "2", kRed = "1;31", kYellow = "1;33", kGreen = "1;32",
                                  kCyan = "36";
inline constexpr int kIndent = 6;  // of all that agents wrote

class TextPage {
 public:
  explicit TextPage(const TextOptions& options);

  int width() const { return width_; }
  std::string paint(std::string_view style, std::string_view text) const;

  // `text` is inert; it is wrapped, and no line of it starts before `indent`. `first` opens the first line instead of
  // blanks and is no wider than indent.
  void paragraph(int indent, std::string_view text, std::string_view style = {}, std::string_view first = {});
  // Several lines of somebody else's words, each behind a bar, so that none of them can pass for ours.
  void quoted(int indent, std::string_view text);
  void heading(std::string_view text, std::string_view style);
  // One line as it is: ours, or cut to the width by the caller.
  void line(std::string_view text);
  // `text` behind `lead`, a link to `uri` when links are on, there is one, and it fits on one line.
  void link(std::string_view lead, std::string_view text, std::string_view uri);

  std::string take() { return std::move(out_); }

 private:
  const TextOptions& options_;
  int width_;
  std::string out_;
};

}  // namespace assize::report
