#include "agents/stream_splitter.h"

#include <gtest/gtest.h>

#include <vector>

namespace assize {
namespace {

struct Split {
  std::vector<std::string> objects;
  std::string noise;
  std::size_t broken, too_long;
  bool inside;
};

Split split_in(std::string_view bytes, std::size_t piece, std::size_t cap = kMaxEventBytes) {
  StreamSplitter splitter(cap);
  Split out{};
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    splitter.feed(bytes.substr(at, piece), [&](std::string_view text) { out.objects.emplace_back(text); });
  }
  out.noise = splitter.noise();
  out.broken = splitter.broken();
  out.too_long = splitter.too_long();
  out.inside = splitter.inside();
  return out;
}

TEST(StreamSplitter, finds_objects_in_lines_arrays_and_documents) {
  using Objects = std::vector<std::string>;
  struct Row {
    const char *name, *bytes;
    Objects objects;
    const char* noise;
  };
  const std::vector<Row> rows = {
      {"lines", "{\"a\":1}\n{\"b\":2}\n", {"{\"a\":1}", "{\"b\":2}"}, ""},
      {"no last line break", "{\"a\":1}", {"{\"a\":1}"}, ""},
      {"CRLF", "{\"a\":1}\r\n{\"b\":2}\r\n", {"{\"a\":1}", "{\"b\":2}"}, ""},
      {"an array", "[{\"a\":1},{\"b\":[2]}]\n", {"{\"a\":1}", "{\"b\":[2]}"}, ""},
      {"a printed document", "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n", {"{\n  \"a\": {\n    \"b\": 1\n  }\n}"}, ""},
      {"braces in strings", "{\"a\":\"}{\\\"}\"}\n", {"{\"a\":\"}{\\\"}\"}"}, ""},
      {"noise before", "Loading...\n{\"a\":1}\n", {"{\"a\":1}"}, "Loading...\n"},
      {"an object behind words is noise",
       "Warning: {\"type\":\"result\"}\n{\"a\":1}\n",
       {"{\"a\":1}"},
       "Warning: {\"type\":\"result\"}\n"},
      {"an event that was cut off", "{\"a\":{\n{\"b\":2}\n", {"{\"b\":2}"}, ""},
      {"a string that was cut off", "{\"a\":\"x\n{\"b\":2}\n", {"{\"b\":2}"}, ""},
  };
  for (const Row& row : rows) {
    for (const std::size_t piece : {1U, 2U, 3U, 1000U}) {
      SCOPED_TRACE(std::string(row.name) + ", pieces of " + std::to_string(piece));
      const Split got = split_in(row.bytes, piece);
      EXPECT_EQ(got.objects, row.objects);
      EXPECT_EQ(got.noise, row.noise);
    }
  }
}

TEST(StreamSplitter, passes_over_what_is_too_long) {
  const std::string bytes = "{\"a\":\"" + std::string(100, 'x') + "}\\\"\"}\n{\"b\":2}\n";
  const Split got = split_in(bytes, 7, 50);
  EXPECT_EQ(got.objects, std::vector<std::string>{"{\"b\":2}"});
  EXPECT_EQ(got.too_long, 1U);
  EXPECT_FALSE(got.inside);
}

TEST(StreamSplitter, keeps_little_noise) {
  EXPECT_EQ(split_in(std::string(1U << 20, 'x'), 4096).noise.size(), kMaxNoiseBytes);
}

TEST(StreamSplitter, knows_that_an_object_has_not_ended) {
  EXPECT_TRUE(split_in("{\"a\":", 1).inside);
}

}  // namespace
}  // namespace assize
