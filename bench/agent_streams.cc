// Runs recorded streams of agent CLIs (<dir>/<vendor>/<scenario>.{stdout,stderr,exit}) through the decoders and prints
// what each of them comes to, beside what is expected of it. Each stream is fed in three cuts (whole, 1 byte, 7 bytes)
// that have to agree. Exit code 1: one differs. Usage: agent_streams DIRECTORY EXPECTED
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

#include "agents/claude.h"
#include "agents/codex.h"
#include "agents/command.h"
#include "agents/gemini.h"
#include "agents/opencode.h"
#include "agents/qwen.h"

namespace {

using namespace assize;
namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::map<std::string, std::string> read_expected(const fs::path& path) {
  std::map<std::string, std::string> expected;
  std::istringstream lines(read(path));
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string scenario, kind;
    if (words >> scenario >> kind) expected[scenario] = kind;
  }
  return expected;
}

std::unique_ptr<Adapter> adapter_of(const std::string& vendor) {
  if (vendor == "claude") return make_claude_adapter();
  if (vendor == "codex") return make_codex_adapter();
  if (vendor == "gemini") return make_gemini_adapter();
  if (vendor == "qwen") return make_qwen_adapter();
  if (vendor == "opencode") return make_opencode_adapter();
  if (vendor == "command") return make_command_adapter();
  return nullptr;
}

Ending ending_of(const std::string& exit, std::string stderr_tail) {
  Ending ending;
  ending.stderr_tail = std::move(stderr_tail);
  if (exit.starts_with("timeout")) {
    ending.stopped_for = CallErrorKind::timed_out;
  } else {
    ending.exit_code = std::stoi(exit);
  }
  return ending;
}

Decoded decode(const Adapter& adapter, const Call& call, std::string_view bytes, std::size_t piece,
               const Ending& ending) {
  const auto decoder = adapter.decoder(call);
  for (std::size_t at = 0; at < bytes.size(); at += piece) decoder->feed(bytes.substr(at, piece));
  return decoder->finish(ending);
}

std::string kind_of(const Decoded& decoded) {
  return decoded.error ? std::string(to_string(decoded.error->kind)) : "ok";
}

std::string number(const std::optional<std::uint64_t>& value) {
  return value ? fmt::format("{}", *value) : "-";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: agent_streams DIRECTORY EXPECTED\n");
    return 2;
  }
  const fs::path root = argv[1];
  const auto expected = read_expected(argv[2]);
  std::vector<fs::path> streams;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".stdout") streams.push_back(entry.path());
  }
  std::sort(streams.begin(), streams.end());
  fmt::print("{:<9} {:<20} {:<18} {:<18} {:>6} {:>6} {:>6} {:>7}  {}\n", "vendor", "scenario", "kind", "expected",
             "chars", "in", "out", "wait", "message");
  int wrong = 0;
  for (const fs::path& path : streams) {
    const std::string vendor = path.parent_path().filename().string();
    const std::string scenario = path.stem().string();
    const auto want = expected.find(vendor + "/" + scenario);
    // A CLI's plain text, which we never ask it for, is read as that of any program.
    const bool plain = scenario.ends_with("ok-text");
    const auto adapter = adapter_of(plain ? "command" : vendor);
    if (adapter == nullptr) {
      fmt::print("{:<9} {:<20} {:<18} {:<18}\n", vendor, scenario, "(no adapter)",
                 want == expected.end() ? "-" : want->second);
      continue;
    }
    Call call;
    call.agent = std::make_shared<const AgentSpec>();
    const std::string bytes = read(path);
    const Ending ending =
        ending_of(read(fs::path(path).replace_extension(".exit")), read(fs::path(path).replace_extension(".stderr")));
    const Decoded whole = decode(*adapter, call, bytes, std::max<std::size_t>(bytes.size(), 1), ending);
    bool same = true;
    for (const std::size_t piece : {1U, 7U}) {
      const Decoded cut = decode(*adapter, call, bytes, piece, ending);
      same = same && cut.text == whole.text && kind_of(cut) == kind_of(whole);
    }
    const std::string kind = kind_of(whole);
    const bool right = same && want != expected.end() && want->second == kind;
    wrong += right ? 0 : 1;
    const std::string wait =
        whole.error && whole.error->retry_after ? fmt::format("{} ms", whole.error->retry_after->count()) : "-";
    fmt::print("{:<9} {:<20} {:<18} {:<18} {:>6} {:>6} {:>6} {:>7}  {}{}\n", vendor, scenario, kind,
               want == expected.end() ? "(none)" : want->second, whole.text.size(), number(whole.usage.input_tokens),
               number(whole.usage.output_tokens), wait, whole.error ? whole.error->message.substr(0, 60) : "",
               right ? "" : (same ? "  <-- differs" : "  <-- depends on the cut"));
  }
  fmt::print("{} streams, {} differ\n", streams.size(), wrong);
  return wrong == 0 ? 0 : 1;
}
