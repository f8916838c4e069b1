#include "report/json_writer.h"

#include <limits>

#include <gtest/gtest.h>

namespace assize::report {
namespace {

std::string text(std::string_view content) {
  JsonWriter json(JsonStyle::compact);
  json.value(content);
  return json.take();
}

TEST(JsonWriter, writes_members_in_the_order_of_the_calls) {
  JsonWriter json(JsonStyle::compact);
  json.begin_object();
  json.field("z", 1);
  json.field("a", true);
  json.key("list");
  json.begin_array();
  json.value("x");
  json.null();
  json.end_array();
  json.key("empty");
  json.begin_object();
  json.end_object();
  json.field_or_null("none", "");
  json.end_object();
  EXPECT_EQ(json.take(), R"({"z":1,"a":true,"list":["x",null],"empty":{},"none":null})");
}

TEST(JsonWriter, indents_by_two) {
  JsonWriter json(JsonStyle::indented);
  json.begin_object();
  json.key("a");
  json.begin_array();
  json.value(1);
  json.value(2);
  json.end_array();
  json.key("b");
  json.begin_array();
  json.end_array();
  json.end_object();
  EXPECT_EQ(json.take(), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}");
}

TEST(JsonWriter, escapes_what_acts_on_a_terminal_and_keeps_the_value) {
  EXPECT_EQ(text("a\"b\\c\n\t\r"), R"("a\"b\\c\n\t\r")");
  EXPECT_EQ(text("\x1b[31m\x01"), "\"\\u001b[31m\\u0001\"");
  EXPECT_EQ(text("\x7f\xc2\x9b"), R"("\u007f\u009b")");
  EXPECT_EQ(text("\xe2\x80\xae\xe2\x80\xa8"), R"("\u202e\u2028")");
  EXPECT_EQ(text("\xf3\xa0\x81\x81"), R"("\udb40\udc41")");  // U+E0041, a tag character
  EXPECT_EQ(text("übung 日本 🚀"), "\"übung 日本 🚀\"");
  EXPECT_EQ(text("\xff!"), "\"�!\"");
  EXPECT_EQ(text(std::string_view("a\0b", 3)), R"("a\u0000b")");
}

TEST(JsonWriter, numbers_read_back_equal_and_are_always_json) {
  JsonWriter json(JsonStyle::compact);
  json.begin_array();
  json.value(0.1);
  json.value(1.0);
  json.value(0.0421);
  json.value(1e-9);
  json.value(std::numeric_limits<double>::quiet_NaN());
  json.value(std::numeric_limits<double>::infinity());
  json.value(std::numeric_limits<std::uint64_t>::max());
  json.value(-1);
  json.end_array();
  EXPECT_EQ(json.take(), "[0.1,1,0.0421,1e-09,null,null,18446744073709551615,-1]");
}

}  // namespace
}  // namespace assize::report
