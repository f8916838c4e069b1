#include "agents/sse_reader.h"

#include <gtest/gtest.h>

#include <vector>

namespace assize {
namespace {

std::string read(std::string_view bytes, std::size_t piece, std::size_t limit = 1'000) {
  SseReader reader(limit);
  std::string out;
  const auto take = [&](std::string_view name, std::string_view data) {
    out += std::string(name) + "=" + std::string(data) + ";";
  };
  for (std::size_t at = 0; at < bytes.size(); at += piece) reader.feed(bytes.substr(at, piece), take);
  reader.finish(take);
  return out + (reader.too_long() > 0 ? "too long " + std::to_string(reader.too_long()) : "");
}

TEST(SseReader, reads_events_in_whatever_pieces_they_come) {
  struct Row {
    const char *name, *bytes, *events;
  };
  for (const Row& row : {Row{"nothing", "", ""},
                         {"one", "data: a\n\n", "=a;"},
                         {"a name", "event: ping\ndata: a\n\n", "ping=a;"},
                         {"the name is the next event's no more", "event: ping\ndata: a\n\ndata: b\n\n", "ping=a;=b;"},
                         {"every end of a line", "data: a\r\n\r\ndata: b\r\rdata: c\n\n", "=a;=b;=c;"},
                         {"comments and other fields", ": hello\nid: 7\nretry: 10\ndata: a\n: more\n\n", "=a;"},
                         {"several lines", "data: a\ndata:b\ndata\ndata:  c\n\n", "=a\nb\n\n c;"},
                         {"an event without data", "event: ping\n\ndata: a\n\n", "=a;"},
                         {"the end is missing", "data: a\n\ndata: b", "=a;=b;"},
                         {"a line feed is missing", "data: a\n\ndata: b\n", "=a;=b;"},
                         {"a byte order mark",
                          "\xEF\xBB\xBF"
                          "data: a\n\n",
                          "=a;"},
                         {"empty lines", "\n\n\ndata: a\n\n\n\n", "=a;"}}) {
    SCOPED_TRACE(row.name);
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 1'000U}) EXPECT_EQ(read(row.bytes, piece), row.events) << piece;
  }
}

TEST(SseReader, passes_over_an_event_that_is_too_long_and_reads_on) {
  const std::string bytes = "data: a\n\ndata: " + std::string(60, 'x') + "\ndata: rest\n\ndata: b\n\n";
  for (const std::size_t piece : {1U, 7U, 1'000U}) EXPECT_EQ(read(bytes, piece, 40), "=a;=b;too long 1") << piece;
  const std::string many = "data: 0123456789\ndata: 0123456789\ndata: 0123456789\n\ndata: b\n\n";
  EXPECT_EQ(read(many, 5, 25), "=b;too long 1");
}

}  // namespace
}  // namespace assize
