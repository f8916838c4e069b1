// Helpers for the tests of analysers: a change made of whole new files, and a world with a PATH.
#pragma once

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "agents/adapter.h"
#include "core/text.h"

namespace assize::tool {

class PathWorld final : public Surroundings {
 public:
  std::optional<std::string> variable(std::string_view) const override { return std::nullopt; }
  std::optional<std::string> find_program(std::string_view name) const override {
    const char* path = std::getenv("PATH");
    for (const std::string_view directory : split(path == nullptr ? "/usr/bin" : path, ':')) {
      std::string candidate = std::string(directory) + "/" + std::string(name);
      if (access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return std::nullopt;
  }
  bool file_exists(std::string_view path) const override { return access(std::string(path).c_str(), F_OK) == 0; }
  std::optional<std::string> read_file(std::string_view) const override { return std::nullopt; }
  std::string home() const override { return {}; }
};

// Only the programs named.
class ScriptedWorld final : public Surroundings {
 public:
  explicit ScriptedWorld(std::vector<std::string> programs) : programs_(std::move(programs)) {}
  std::optional<std::string> variable(std::string_view) const override { return std::nullopt; }
  std::optional<std::string> find_program(std::string_view name) const override {
    for (const std::string& program : programs_) {
      if (program == name) return "/opt/bin/" + program;
    }
    return std::nullopt;
  }
  bool file_exists(std::string_view) const override { return false; }
  std::optional<std::string> read_file(std::string_view) const override { return std::nullopt; }
  std::string home() const override { return {}; }

 private:
  std::vector<std::string> programs_;
};

enum class LineState { added, context };

// Every line of the file is of the state given.
inline ScopeFile new_file(std::string path, const std::string& text, LineState state = LineState::added) {
  ScopeFile file;
  file.path = std::move(path);
  file.post_image = std::make_shared<const std::string>(text);
  std::uint32_t number = 0;
  for (const std::string_view line : split_lines(text)) {
    const auto kind = state == LineState::added ? ScopeLine::Kind::added : ScopeLine::Kind::context;
    file.lines.push_back({kind, ++number, std::string(line)});
  }
  return file;
}

inline Call call_of(AgentSpec spec, std::vector<ScopeFile> files, std::string repository = {}) {
  auto scope = std::make_shared<Scope>();
  scope->repository = std::move(repository);
  scope->files = std::move(files);
  Call call;
  spec.kind = "tool";
  if (spec.id.empty()) spec.id = spec.tool;
  call.agent = std::make_shared<const AgentSpec>(std::move(spec));
  call.scope = scope;
  return call;
}

inline AgentSpec known(std::string tool) {
  AgentSpec spec;
  spec.tool = std::move(tool);
  return spec;
}

inline Decoded decode(const Adapter& adapter, const Call& call, std::string_view out, int exit, std::string err = {}) {
  const auto decoder = adapter.decoder(call);
  for (std::size_t i = 0; i < out.size(); i += 7) decoder->feed(out.substr(i, 7));
  Ending ending;
  ending.exit_code = exit;
  ending.stderr_tail = std::move(err);
  return decoder->finish(ending);
}

}  // namespace assize::tool
