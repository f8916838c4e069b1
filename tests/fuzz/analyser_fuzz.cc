// What analysers print, and what the built-in rules read: any bytes give an answer or an error, and no crash. The first
// byte chooses the tool.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agents/lint.h"
#include "agents/tool.h"
#include "core/text.h"

namespace {

using namespace assize;  // NOLINT: one short program

std::shared_ptr<const Scope> scope_of(std::string_view text) {
  auto scope = std::make_shared<Scope>();
  for (const char* path : {"a.c", "b.py", "c.sh", "d.js", "e.yml", "f.sql", "Dockerfile", "g.rs"}) {
    ScopeFile file;
    file.path = path;
    std::uint32_t number = 0;
    for (const std::string_view line : split_lines(text)) {
      file.lines.push_back({ScopeLine::Kind::added, ++number, std::string(line)});
    }
    file.post_image = std::make_shared<const std::string>(text);
    scope->files.push_back(std::move(file));
  }
  return scope;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::string> kTools = known_tools();
  static const std::unique_ptr<Adapter> kTool = make_tool_adapter();
  static const std::unique_ptr<Adapter> kLint = make_lint_adapter();
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t choice = data[0] % (kTools.size() + 1);
  AgentSpec spec;
  Call call;
  if (choice == kTools.size()) {
    call.agent = std::make_shared<const AgentSpec>(spec);
    call.scope = scope_of(text);
    const auto answer = kLint->answer_directly(call);
    if (!answer || !is_valid_utf8(answer->text)) std::abort();
    return 0;
  }
  spec.tool = kTools[choice];
  call.agent = std::make_shared<const AgentSpec>(spec);
  call.scope = scope_of("one\ntwo\nthree\n");
  const std::unique_ptr<Decoder> decoder = kTool->decoder(call);
  decoder->feed(text);
  Ending ending;
  ending.exit_code = 0;
  const Decoded decoded = decoder->finish(ending);
  if (!decoded.error && decoded.text.empty()) std::abort();
  if (!is_valid_utf8(decoded.text)) std::abort();
  return 0;
}
