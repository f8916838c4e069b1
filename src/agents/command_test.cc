#include "agents/command.h"

#include <gtest/gtest.h>

#include "agents/decoder_test_support.h"

namespace assize {
namespace {

const std::unique_ptr<Adapter> kCommand = make_command_adapter();

TEST(Command, reads_its_three_forms) {
  struct Row {
    const char *name, *output, *pointer, *bytes;
    Ending ending;
    const char *kind, *text;
  };
  const std::vector<Row> rows = {
      {"text", "text", "", "Grüße 👋\n", exited(0), "ok", "Grüße 👋\n"},
      {"text, bad bytes", "text", "", "a\xff", exited(0), "ok", "a\xEF\xBF\xBD"},
      {"text, nothing", "text", "", " \n", exited(0), "empty_answer", " \n"},
      {"text, exit 3", "text", "", "half", exited(3, "why\n"), "failed", "half"},
      {"text, killed", "text", "", "half", killed(6), "crashed", "half"},
      {"text, stopped", "text", "", "half", stopped(CallErrorKind::stalled), "stalled", "half"},
      {"json, a string", "json", "/choices/0/text", R"({"choices":[{"text":"hi"}]})", exited(0), "ok", "hi"},
      {"json, an object", "json", "/a", "{\n \"a\": {\"findings\": []}\n}\n", exited(0), "ok", R"({"findings":[]})"},
      {"json, the whole", "json", "", R"({"findings":[]})", exited(0), "ok", R"({"findings":[]})"},
      {"json, nothing there", "json", "/b", R"({"a":1})", exited(0), "malformed_answer", ""},
      {"json, null", "json", "/a", R"({"a":null})", exited(0), "empty_answer", ""},
      {"json, none", "json", "/a", "hello", exited(0), "malformed_answer", ""},
      {"jsonl, the last", "jsonl", "/text", "{\"text\":\"a\"}\nnoise\n{\"text\":\"b\"}\n{\"done\":true}\n", exited(0),
       "ok", "b"},
      {"jsonl, none has it", "jsonl", "/text", "{\"done\":true}\n", exited(0), "empty_answer", ""},
      {"jsonl, cut in a later line", "jsonl", "/text", "{\"text\":\"a\"}\n{\"text\":\"b", exited(0), "failed", "a"},
      {"jsonl, a later line is broken", "jsonl", "/text", "{\"text\":\"a\"}\n{\"text\":b}\n", exited(0), "failed", "a"},
      {"jsonl, an earlier line is broken", "jsonl", "/text", "{\"text\":a}\n{\"text\":\"b\"}\n", exited(0), "ok", "b"},
      {"jsonl, no JSON", "jsonl", "/text", "hello\n", exited(0), "malformed_answer", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Decoded got = decode(*kCommand, row.bytes, row.ending, {.output = row.output, .output_pointer = row.pointer});
    EXPECT_EQ(kind_name(got), row.kind);
    EXPECT_EQ(got.text, row.text);
  }
}

TEST(Command, what_it_is_told_is_checked) {
  FakeWorld world;
  world.programs["python3"] = "/usr/bin/python3";
  EXPECT_EQ(kCommand->probe({}, world).unusable, CallErrorKind::invalid_request);
  EXPECT_EQ(kCommand->probe({.command = {"python3"}, .output = "xml"}, world).unusable, CallErrorKind::invalid_request);
  EXPECT_EQ(kCommand->probe({.command = {"python3"}, .output = "json", .output_pointer = "a"}, world).unusable,
            CallErrorKind::invalid_request);
  EXPECT_EQ(kCommand->probe({.command = {"nothing"}}, world).unusable, CallErrorKind::not_installed);
  const Probe found = kCommand->probe({.command = {"python3", "rules.py"}}, world);
  EXPECT_FALSE(found.unusable);
  EXPECT_EQ(found.program, "/usr/bin/python3");
}

TEST(Command, a_model_has_to_have_a_place) {
  const auto run = [](AgentSpec spec) {
    return kCommand->invocation(call_to(std::move(spec)), found_at("/bin/x"), test_room(), FileTools::none);
  };
  const auto without = run({.model = "m", .command = {"x"}});
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().kind, CallErrorKind::model_unavailable);
  const auto with = run({.model = "m", .command = {"x", "--model={model}"}, .env = {{"A", "1"}}});
  ASSERT_TRUE(with);
  EXPECT_EQ(joined(with->argv), "/bin/x --model=m");
  EXPECT_EQ(variable_of(*with, "A"), "1");
  EXPECT_EQ(with->input, "Review this.");
}

}  // namespace
}  // namespace assize
