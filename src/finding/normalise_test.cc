#include "finding/normalise.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

TEST(ReadSeverity, knows_the_aliases) {
  const std::vector<std::pair<std::string_view, std::optional<Severity>>> table = {
      {"critical", Severity::critical},
      {"blocker", Severity::critical},
      {"P0", Severity::critical},
      {"high", Severity::high},
      {"major", Severity::high},
      {"error", Severity::high},
      {"P1", Severity::high},
      {"[P1]", Severity::high},
      {"HIGH", Severity::high},
      {" High ", Severity::high},
      {"**high**", Severity::high},
      {"medium", Severity::medium},
      {"minor", Severity::medium},
      {"moderate", Severity::medium},
      {"warning", Severity::medium},
      {"P2", Severity::medium},
      {"low", Severity::low},
      {"nit", Severity::low},
      {"trivial", Severity::low},
      {"note", Severity::low},
      {"P3", Severity::low},
      {"info", Severity::info},
      {"informational", Severity::info},
      {"spicy", std::nullopt},
      {"", std::nullopt},
      {"not high", std::nullopt},
      {"critical|high|medium", std::nullopt},
  };
  for (const auto& [word, expected] : table) EXPECT_EQ(read_severity(word), expected) << word;
}

TEST(ReadCategory, knows_the_aliases) {
  const std::vector<std::pair<std::string_view, std::optional<Category>>> table = {
      {"bug", Category::bug},
      {"Security", Category::security},
      {"test-gap", Category::test_gap},
      {"test_gap", Category::test_gap},
      {"perf", Category::performance},
      {"style", Category::maintainability},
      {"documentation", Category::docs},
      {"other", std::nullopt},
  };
  for (const auto& [word, expected] : table) EXPECT_EQ(read_category(word), expected) << word;
}

TEST(ReadVerdict, knows_the_aliases) {
  EXPECT_EQ(read_verdict("APPROVE"), Verdict::approve);
  EXPECT_EQ(read_verdict("Request Changes"), Verdict::request_changes);
  EXPECT_EQ(read_verdict("comment"), Verdict::comment);
  EXPECT_EQ(read_verdict("READY"), Verdict::approve);
  EXPECT_EQ(read_verdict("unclear"), Verdict::comment);
  EXPECT_EQ(read_verdict("NEEDS_INFO"), Verdict::request_changes);
  EXPECT_EQ(read_verdict("needs-info"), Verdict::request_changes);
  EXPECT_EQ(read_verdict("READY / NEEDS_INFO / UNCLEAR"), std::nullopt);
  EXPECT_EQ(read_verdict("approve|comment|request_changes"), std::nullopt);
}

// A value as the only item of an array, for what reads JSON.
template <class Read>
auto of_json(std::string_view value, Read read) {
  const std::string text = "[" + std::string(value) + "]";
  JsonReader reader(text);
  const JsonParse parse = reader.read(0, text.size());
  return read(reader.ref(parse.root).first());
}

TEST(ReadLines, takes_every_form_and_nothing_else) {
  const std::vector<std::pair<std::string_view, std::optional<LineRange>>> table = {
      {"42", LineRange{42, 42}},
      {"42.0", LineRange{42, 42}},
      {R"("42")", LineRange{42, 42}},
      {R"("42.0")", LineRange{42, 42}},
      {R"("L42")", LineRange{42, 42}},
      {R"("42-44")", LineRange{42, 44}},
      {R"("L42-L44")", LineRange{42, 44}},
      {R"("44-42")", LineRange{42, 44}},
      {R"("lines 42 to 44")", LineRange{42, 44}},
      {R"("line 42")", LineRange{42, 42}},
      {R"("42:7")", LineRange{42, 42}},
      {R"("42–44")", LineRange{42, 44}},
      {"[42,44]", LineRange{42, 44}},
      {R"({"start":42,"end":44})", LineRange{42, 44}},
      {"0", std::nullopt},
      {"-3", std::nullopt},
      {"true", std::nullopt},
      {"null", std::nullopt},
      {R"("none")", std::nullopt},
      {R"("")", std::nullopt},
      {"42.5", std::nullopt},
      {"1e300", std::nullopt},
      {R"("0")", std::nullopt},
      {R"("-5")", std::nullopt},
      {R"("99999999999999999999")", std::nullopt},
      {R"("42 apples")", std::nullopt},
      {"[]", std::nullopt},
      {"[[1]]", std::nullopt},
  };
  for (const auto& [value, expected] : table) {
    EXPECT_EQ(of_json(value, [](JsonRef ref) { return read_lines(ref); }), expected) << value;
  }
}

TEST(ReadConfidence, takes_words_and_percentages_and_clamps) {
  struct Row {
    std::string_view value;
    std::optional<double> expected;
    bool clamped = false;
  };
  const std::vector<Row> table = {
      {"0.8", 0.8},
      {R"("0.8")", 0.8},
      {R"("high")", 0.9},
      {R"("Medium")", 0.6},
      {R"("low")", 0.3},
      {R"("85%")", 0.85},
      {"85", 0.85},
      {"1", 1.0},
      {"0", 0.0},
      {"1.5", 1.0, true},
      {"-1", 0.0, true},
      {"900", 1.0, true},
      {"null", std::nullopt},
      {"true", std::nullopt},
      {R"("sure")", std::nullopt},
      {"NaN", std::nullopt},
      {R"("nan")", std::nullopt},
  };
  for (const Row& row : table) {
    const Confidence read = of_json(row.value, [](JsonRef ref) { return read_confidence(ref); });
    EXPECT_EQ(read.value.has_value(), row.expected.has_value()) << row.value;
    if (read.value && row.expected) {
      EXPECT_DOUBLE_EQ(*read.value, *row.expected) << row.value;
    }
    EXPECT_EQ(read.clamped, row.clamped) << row.value;
  }
}

TEST(SplitPathSuffix, takes_lines_off_a_path) {
  const std::vector<std::tuple<std::string_view, std::string_view, std::optional<LineRange>>> table = {
      {"src/a.c", "src/a.c", std::nullopt},
      {"src/a.c:42", "src/a.c", LineRange{42, 42}},
      {"src/a.c:42:7", "src/a.c", LineRange{42, 42}},
      {"src/a.c:42-44", "src/a.c", LineRange{42, 44}},
      {"a.c#L42-L44", "a.c", LineRange{42, 44}},
      {"C:\\x\\a.c", "C:\\x\\a.c", std::nullopt},
      {":42", ":42", std::nullopt},
      {"", "", std::nullopt},
  };
  for (const auto& [given, path, lines] : table) {
    EXPECT_EQ(split_path_suffix(given).path, path) << given;
    EXPECT_EQ(split_path_suffix(given).lines, lines) << given;
  }
}

}  // namespace
}  // namespace assize
