#include "finding/lenient_json.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

// A compact rendering, so that tables show what was read.
std::string dump(JsonRef value) {
  switch (value.kind()) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return value.truth() ? "true" : "false";
    case JsonKind::number:
      return std::string(value.text());
    case JsonKind::string:
      return "<" + std::string(value.text()) + ">";
    case JsonKind::array:
    case JsonKind::object:
      break;
  }
  const bool is_object = value.is(JsonKind::object);
  std::string out(1, is_object ? '{' : '[');
  for (JsonRef child = value.first(); child; child = child.next()) {
    if (out.size() > 1) out += ',';
    if (is_object) out += std::string(child.key()) + ":";
    out += dump(child);
  }
  if (value.is_open()) return out + "~";
  return out + (is_object ? '}' : ']');
}

struct Mended {
  std::string_view name, text, expected, repair;  // repair: "" for none
};
void PrintTo(const Mended& mended, std::ostream* out) {
  *out << mended.name;
}

class LenientJson : public testing::TestWithParam<Mended> {};

TEST_P(LenientJson, reads) {
  const std::string_view text = GetParam().text;
  JsonReader reader(text);
  const JsonParse parse = reader.read(0, text.size());
  EXPECT_EQ(dump(reader.ref(parse.root)), GetParam().expected);
  std::string repairs;
  for (const std::string& name : parse.repairs.names()) repairs += (repairs.empty() ? "" : ", ") + name;
  EXPECT_EQ(repairs, GetParam().repair);
}

INSTANTIATE_TEST_SUITE_P(
    Repairs, LenientJson,
    testing::Values(
        Mended{"strict", R"({"a":[1,-2.5e3,true,null,"x\n\u00e9\ud83d\ude00"],"b":{}})",
               "{a:[1,-2.5e3,true,null,<x\n\xC3\xA9\xF0\x9F\x98\x80>],b:{}}", ""},
        Mended{"trailing_comma", R"({"a":[1,2,],})", "{a:[1,2]}", "trailing comma"},
        Mended{"extra_comma", R"([1,,2])", "[1,2]", "extra comma"},
        Mended{"missing_comma_between_objects", R"([{"a":1} {"a":2}])", "[{a:1},{a:2}]", "missing comma"},
        Mended{"missing_comma_between_members", "{\"a\":\"x\"\n \"b\":2}", "{a:<x>,b:2}", "missing comma"},
        Mended{"comments", "{// one\n\"a\":1, /* two */ \"b\":2 # three\n}", "{a:1,b:2}", "comment"},
        Mended{"single_quotes", R"({'a':'it's'})", "{a:<it's>}", "single quotes"},
        Mended{"single_quotes_escaped", R"({'a':'it\'s'})", "{a:<it's>}", "single quotes, bad escape"},
        Mended{"smart_quotes",
               "{\xE2\x80\x9C"
               "a\xE2\x80\x9D:\xE2\x80\x98"
               "b\xE2\x80\x99}",
               "{a:<b>}", "smart quotes"},
        Mended{"unquoted_key", R"({findings:[]})", "{findings:[]}", "unquoted key"},
        Mended{"unquoted_value", R"({"severity":high})", "{severity:<high>}", "unquoted value"},
        Mended{"python_words", R"({"a":None,"b":True,"c":False})", "{a:null,b:true,c:false}", "Python literal"},
        Mended{"not_a_number", R"([NaN,Infinity,-Infinity,1e999])", "[null,null,null,null]", "NaN or Infinity"},
        Mended{"odd_number", R"([.5,5.,+5])", "[.5,5.,+5]", "number format"},
        Mended{"raw_newline", "[\"a\nb\"]", "[<a\nb>]", "raw newline"},
        Mended{"raw_control",
               "[\"a\x01"
               "b\"]",
               "[<a\x01"
               "b>]",
               "raw control character"},
        Mended{"bad_escape", R"(["\d+\s"])", R"([<\d+\s>])", "bad escape"},
        Mended{"lone_high_surrogate", R"(["\ud83dx"])", "[<\xEF\xBF\xBDx>]", "lone surrogate"},
        Mended{"lone_low_surrogate", R"(["\ude00"])", "[<\xEF\xBF\xBD>]", "lone surrogate"},
        Mended{"high_surrogate_before_other", R"(["\ud83d\u0041"])",
               "[<\xEF\xBF\xBD"
               "A>]",
               "lone surrogate"},
        Mended{"unescaped_quote", R"({"a":"say "hi" now"})", "{a:<say \"hi\" now>}", "unescaped quote"},
        Mended{"fence_in_string", "{\"a\":\"```c\\nx\\n```\"}", "{a:<```c\nx\n```>}", ""}));

INSTANTIATE_TEST_SUITE_P(Ends, LenientJson,
                         testing::Values(Mended{"cut_in_string", R"([{"a":1},{"a":"x)", "[{a:1},{~~", ""},
                                         Mended{"cut_after_item", R"({"a":[1,2)", "{a:[1~~", ""},
                                         Mended{"cut_after_comma", R"({"a":[{"b":1},)", "{a:[{b:1}~~", ""},
                                         Mended{"cut_in_escape", R"({"a":"x\u12)", "{~", "bad escape"},
                                         Mended{"cut_in_comment", R"({"a":1 /* x)", "{a:1~", "comment"},
                                         Mended{"broken_keeps_what_was_complete", R"({"a":[1,2}})", "{a:[1,2~~", ""}));

TEST(LenientJsonEnds, are_told_apart) {
  const auto end = [](std::string_view text) { return JsonReader(text).read(0, text.size()).end; };
  EXPECT_EQ(end(R"({"a":1} rest)"), JsonEnd::complete);
  EXPECT_EQ(end(R"({"a":[)"), JsonEnd::cut);
  EXPECT_EQ(end("{ int x; }"), JsonEnd::broken);
  EXPECT_EQ(end("{...}"), JsonEnd::broken);
  EXPECT_EQ(end("[...]"), JsonEnd::broken);
}

TEST(LenientJsonEnds, nothing_behind_the_limit_is_read) {
  const std::string_view text = R"({"a":"x` more"})";
  JsonReader reader(text);
  const JsonParse parse = reader.read(0, 7);
  EXPECT_EQ(parse.end, JsonEnd::cut);
  EXPECT_EQ(parse.stop, 7U);
}

TEST(LenientJsonEnds, nesting_is_limited) {
  const std::string text(1'000'000, '[');
  JsonReader reader(text);
  const JsonParse parse = reader.read(0, text.size());
  EXPECT_EQ(parse.end, JsonEnd::broken);
  EXPECT_LE(reader.work(), 100U);
}

TEST(LenientJsonKeys, are_compared_without_case_and_separators) {
  EXPECT_TRUE(same_key("end_line", "endline"));
  EXPECT_TRUE(same_key("endLine", "endline"));
  EXPECT_TRUE(same_key("End-Line", "endline"));
  EXPECT_FALSE(same_key("end_lines", "endline"));
  EXPECT_FALSE(same_key("end", "endline"));
}

}  // namespace
}  // namespace assize
