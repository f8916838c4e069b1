// For the tests of this folder: a small change, answers to it, and a panel of scripted agents.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "change/chunks.h"
#include "change/diff_parser.h"
#include "trial/trial.h"

namespace assize {

inline constexpr std::string_view kPatch = R"(diff --git a/src/a.c b/src/a.c
--- a/src/a.c
+++ b/src/a.c
@@ -1,2 +1,3 @@
 int f(char *s) {
+  char b[8]; strcpy(b, s);
 }
diff --git a/src/b.c b/src/b.c
--- a/src/b.c
+++ b/src/b.c
@@ -10,1 +10,2 @@
 int g(void);
+int h(void) { return 1 / 0; }
)";

inline constexpr std::string_view kClean =
    R"({"verdict":"approve","summary":"fine","checked":["src/a.c","src/b.c"],"findings":[]})";
inline constexpr std::string_view kOverflow =
    R"({"verdict":"request_changes","summary":"bad","checked":["src/a.c","src/b.c"],"findings":[{"severity":"high",)"
    R"("category":"security","title":"strcpy overflows the 8 byte buffer","file":"src/a.c","line":2,"end_line":null,)"
    R"("quote":"char b[8]; strcpy(b, s);","detail":"strcpy writes past b when s is longer","fix":"use snprintf","confidence":0.9}]})";

inline Answer says(std::string_view text) {
  Answer answer;
  answer.text = text;
  answer.attempts = 1;
  return answer;
}

inline Answer fails(CallErrorKind kind, std::string_view text = "") {
  Answer answer = says(text);
  answer.error = CallError{.kind = kind, .message = "it failed"};
  return answer;
}

struct Bench {
  Change change;
  Plan plan;
  PostImages images;
  std::vector<Chunk> chunks;

  explicit Bench(std::string_view patch = kPatch, const ChunkOptions& options = {}) {
    change.files = parse_patch(patch).value().files;
    plan = make_plan(change, {}).value();
    chunks = cut_into_chunks(change, plan, options);
  }

  TrialInput input(std::initializer_list<std::string_view> agents) const {
    TrialInput input{.change = change, .plan = plan, .images = images, .chunks = chunks, .roster = {}, .settings = {}};
    for (const std::string_view id : agents) {
      auto spec = std::make_shared<AgentSpec>();
      spec->id = id;
      spec->kind = id == "lint" ? "lint" : "scripted";
      input.roster.push_back({.spec = spec, .vendor = "maker of " + std::string(id), .available = true});
    }
    input.settings.nonce = "00112233445566778899aabbccddeeff";
    input.settings.run = "run";
    return input;
  }
};

inline std::string_view decision(const Outcome& outcome) {
  return to_string(outcome.decision.value);
}

}  // namespace assize
