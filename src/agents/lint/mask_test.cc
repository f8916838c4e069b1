#include "agents/lint/mask.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/text.h"

namespace assize::lint {
namespace {

std::string code_of(Language language, std::string_view text) {
  Masker masker(language);
  std::string out;
  for (const std::string_view line : split_lines(text)) out += masker.line(line).code + "\n";
  return out;
}

std::string text_of(Language language, std::string_view text) {
  Masker masker(language);
  std::string out;
  for (const std::string_view line : split_lines(text)) out += masker.line(line).text + "\n";
  return out;
}

struct Case {
  Language language;
  std::string_view source;
  std::string_view code;
};

TEST(Masker, blanks_comments_and_the_insides_of_strings) {
  const std::vector<Case> cases = {
      {Language::c, "a = \"x//y\"; // z\n", "a = \"    \";     \n"},
      {Language::c, "a; /* b\nc */ d;\n", "a;     \n     d;\n"},
      {Language::c, "'\\'' + '\"'\n", "'  ' + ' '\n"},
      {Language::cpp, "n = 1'000'000; f();\n", "n = 1'000'000; f();\n"},
      {Language::cpp, "R\"x(a\n\")b)x\" + c\n", "R\"x( \n   )x\" + c\n"},
      {Language::python, "x = '#' # y\n", "x = ' '    \n"},
      {Language::python, "\"\"\"a\n'b'\n\"\"\" + c\n", "\"\"\" \n   \n\"\"\" + c\n"},
      {Language::python, "s = 'no end\nx = 1\n", "s = '      \nx = 1\n"},
      {Language::javascript, "`a\n${b}` + c\n", "` \n    ` + c\n"},
      {Language::rust, "fn f<'a>(x: &'a str) { 'x' }\n", "fn f<'a>(x: &'a str) { ' ' }\n"},
      {Language::go, "`a\\` + b\n", "`  ` + b\n"},
      {Language::shell, "echo \"$x\" ${y#z} $# # c\n", "echo \"  \" ${y#z} $#    \n"},
      {Language::shell, "cat <<EOF\ndon't\nEOF\nrm $x\n", "cat <<EOF\n     \n   \nrm $x\n"},
      {Language::shell, "a=$((1 << 2))\nrm 'x'\n", "a=$((1 << 2))\nrm ' '\n"},
      {Language::sql, "a = 'it''s' -- b\n", "a = '  '' '     \n"},
      {Language::yaml, "a: don't # b\n", "a: don't    \n"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(code_of(test.language, test.source), test.code) << test.source;
  }
}

TEST(Masker, keeps_strings_in_the_text_view) {
  EXPECT_EQ(text_of(Language::c, "f(\"a\"); // b\n"), "f(\"a\");     \n");
}

TEST(Masker, keeps_every_column) {
  const std::string hostile = "/*'\"`#--<<E R\"(\\ \n\xff\x00 '''\"\"\" */ // \\\n<<'E' $( \" '\n";
  for (std::uint32_t bit = 0; bit <= static_cast<std::uint32_t>(Language::dockerfile); bit = bit == 0 ? 1 : bit << 1U) {
    Masker masker(static_cast<Language>(bit));
    for (const std::string_view line : split_lines(hostile)) {
      const Masker::Masked masked = masker.line(line);
      EXPECT_EQ(masked.text.size(), line.size());
      EXPECT_EQ(masked.code.size(), line.size());
    }
  }
}

}  // namespace
}  // namespace assize::lint
