#include <gtest/gtest.h>

#include "agents/cli_support.h"
#include "agents/decoder_test_support.h"

namespace assize {
namespace {

TEST(Registry, has_an_adapter_for_every_kind) {
  for (const std::string_view kind : adapter_kinds()) {
    const auto adapter = adapter_for(kind);
    ASSERT_TRUE(adapter) << kind;
    EXPECT_EQ((*adapter)->kind(), kind);
    EXPECT_FALSE((*adapter)->read_only_rule().empty()) << kind;
  }
}

TEST(Registry, says_what_is_not_built_and_what_was_meant) {
  for (const char* kind : {"copilot", "agy"}) {
    const auto adapter = adapter_for(kind);
    ASSERT_FALSE(adapter) << kind;
    EXPECT_EQ(adapter.error().code, ErrorCode::unsupported) << kind;
  }
  EXPECT_EQ(adapter_for("claud").error().code, ErrorCode::invalid);
  EXPECT_EQ(adapter_for("claud").error().hint, "did you mean 'claude'?");
  EXPECT_NE(adapter_for("zzzzzzzzz").error().hint.find("opencode"), std::string::npos);
}

TEST(Registry, the_vendor_is_the_maker_of_the_model) {
  struct Row {
    const char *kind, *model, *vendor;
  };
  for (const Row& row : {Row{"claude", "", "anthropic"},
                         {"codex", "", "openai"},
                         {"gemini", "gemini-2.5-pro", "google"},
                         {"qwen", "", "alibaba"},
                         {"qwen", "deepseek-chat", "deepseek"},
                         {"opencode", "openrouter/anthropic/claude-sonnet-5", "anthropic"},
                         {"opencode", "openai/o3", "openai"},
                         {"command", "", "command"},
                         {"command", "llama-3", "meta"},
                         {"scripted", "", "scripted"}}) {
    EXPECT_EQ((*adapter_for(row.kind))->vendor({.kind = row.kind, .model = row.model}), row.vendor)
        << row.kind << " " << row.model;
  }
}

TEST(Registry, spec_command_replaces_the_program) {
  FakeWorld world;
  world.programs["/opt/wrap"] = "/opt/wrap";
  for (const char* kind : {"claude", "codex", "gemini", "qwen"}) {
    AgentSpec spec{.id = kind, .kind = kind, .command = {"/opt/wrap", "--as", kind}, .endpoint = "http://127.0.0.1:1"};
    const Adapter& adapter = **adapter_for(kind);
    const Probe probe = adapter.probe(spec, world);
    EXPECT_EQ(probe.program, "/opt/wrap");
    const auto run = adapter.invocation(call_to(spec), probe, test_room(), FileTools::none);
    ASSERT_TRUE(run) << kind;
    EXPECT_TRUE(joined(run->argv).starts_with("/opt/wrap --as " + std::string(kind) + " ")) << joined(run->argv);
  }
}

TEST(Flags, reads_every_way_to_write_an_option) {
  const std::vector<std::string> argv = {"p", "-s",      "a", "-sb", "--sandbox=c", "--sandbox",
                                         "d", "--tools", "x", "y",   "--sandboxed", "--last"};
  const Flags flags(argv);
  EXPECT_EQ(flags.values("-s"), (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(flags.values("--sandbox"), (std::vector<std::string_view>{"c", "d"}));
  EXPECT_EQ(flags.lists("--tools"), (std::vector<std::string_view>{"x", "y"}));
  EXPECT_EQ(flags.values("--last"), (std::vector<std::string_view>{""}));
  EXPECT_FALSE(flags.has("--tool"));
}

}  // namespace
}  // namespace assize
