#include "agents/tool.h"

#include <algorithm>

#include <fmt/format.h>

#include "agents/tool/catalogue.h"
#include "agents/tool/command.h"
#include "agents/tool/decoder.h"
#include "agents/tool/subject.h"

namespace assize {

namespace {

using tool::Format;
using tool::Kind;

CallError call_error(CallErrorKind kind, std::string message) {
  CallError error;
  error.kind = kind;
  error.message = std::move(message);
  return error;
}

std::string name_of(const AgentSpec& spec) {
  return spec.tool.empty() ? spec.id : spec.tool;
}

std::optional<Format> format_of(const AgentSpec& spec) {
  if (const Kind* kind = tool::kind_named(spec.tool)) return kind->format;
  if (spec.output == "sarif") return Format::sarif;
  if (spec.output == "gcc") return Format::gcc;
  return std::nullopt;
}

// Why this spec can never run, if so.
std::optional<CallError> refusal(const AgentSpec& spec) {
  const Kind* kind = tool::kind_named(spec.tool);
  if (kind == nullptr && !spec.tool.empty()) {
    return call_error(CallErrorKind::invalid_request,
                      fmt::format("\"{}\" is no known tool: {}", spec.tool, fmt::join(known_tools(), ", ")));
  }
  if (kind == nullptr && spec.command.empty()) {
    return call_error(CallErrorKind::invalid_request, "a tool agent needs `tool` or `command`");
  }
  if (!format_of(spec)) {
    return call_error(CallErrorKind::invalid_request,
                      fmt::format("output = \"{}\": a custom tool prints \"sarif\" or \"gcc\"", spec.output));
  }
  return std::nullopt;
}

// Options by which a tool would write, or take its configuration from the change after all.
std::optional<std::string> widening(std::string_view tool, std::string_view argument) {
  static const std::vector<std::pair<std::string_view, std::string_view>> kForbidden = {
      {"cppcheck", "--inline-suppr"},
      {"cppcheck", "--project="},
      {"cppcheck", "--output-file="},
      {"cppcheck", "--addon="},
      {"clang-tidy", "--fix"},
      {"clang-tidy", "-fix"},
      {"clang-tidy", "--load"},
      {"clang-tidy", "-load"},
      {"clang-tidy", "-p"},
      {"clang-tidy", "--config-file"},
      {"clang-tidy", "--export-fixes"},
      {"shellcheck", "--rcfile"},
      {"shellcheck", "--external-sources"},
      {"shellcheck", "-x"},
      {"bandit", "--ini"},
      {"bandit", "--output"},
      {"bandit", "-o"},
      {"ruff", "--fix"},
      {"ruff", "--unsafe-fixes"},
      {"ruff", "--add-noqa"},
      {"ruff", "--config"},
      {"eslint", "--fix"},
      {"eslint", "--config"},
      {"eslint", "-c"},
      {"eslint", "--plugin"},
      {"eslint", "--resolve-plugins-relative-to"},
      {"eslint", "--rulesdir"},
      {"eslint", "--output-file"},
      {"eslint", "-o"},
      {"eslint", "--parser"},
      {"semgrep", "--autofix"},
      {"semgrep", "--enable-nosem"},
      {"semgrep", "--output"},
      {"gcc", "-fplugin"},
      {"gcc", "-B"},
      {"gcc", "-wrapper"},
      {"gcc", "-specs"},
      {"gcc", "--specs"},
      {"gcc", "@"},
  };
  for (const auto& [name, option] : kForbidden) {
    if (name == tool && argument.starts_with(option)) return fmt::format("{} is not read-only with {}", tool, argument);
  }
  return std::nullopt;
}

class ToolAdapter final : public Adapter {
 public:
  std::string_view kind() const override { return "tool"; }
  std::string vendor(const AgentSpec& spec) const override { return name_of(spec); }

  Probe probe(const AgentSpec& spec, const Surroundings& world) const override {
    Probe probe;
    if (const auto error = refusal(spec)) {
      probe.unusable = error->kind;
      probe.hint = error->message;
      return probe;
    }
    probe.logged_in = LoggedIn::yes;
    const Kind* kind = tool::kind_named(spec.tool);
    for (const std::string& name : names(spec, kind)) {
      const bool is_path = name.find('/') != std::string::npos;
      const std::optional<std::string> found = is_path ? std::optional(name) : world.find_program(name);
      if (!found || (is_path && !world.file_exists(name))) continue;
      probe.found = true;
      probe.program = *found;
      probe.how_known = "needs no login";
      break;
    }
    if (!probe.found) {
      probe.unusable = CallErrorKind::not_installed;
      probe.hint =
          kind == nullptr ? fmt::format("\"{}\" is not on PATH", spec.command.front()) : std::string(kind->hint);
      return probe;
    }
    if (kind != nullptr && !kind->needs_option.empty() && !has_option(spec, kind->needs_option)) {
      probe.unusable = CallErrorKind::not_applicable;
      probe.hint = kind->hint;
    }
    return probe;
  }

  tl::expected<Invocation, CallError> invocation(const Call& call, const Probe& found, const Room& room,
                                                 FileTools) const override {
    const AgentSpec& spec = *call.agent;
    if (auto error = refusal(spec)) return tl::unexpected(*std::move(error));
    const Kind* kind = tool::kind_named(spec.tool);
    if (kind != nullptr && !kind->needs_option.empty() && !has_option(spec, kind->needs_option)) {
      return tl::unexpected(call_error(CallErrorKind::not_applicable, std::string(kind->hint)));
    }
    if (kind != nullptr) {
      for (const std::string& argument : spec.extra_args) {
        if (auto wider = widening(kind->name, argument)) {
          return tl::unexpected(call_error(CallErrorKind::invalid_request, *std::move(wider)));
        }
      }
    }
    if (call.scope == nullptr || call.scope->files.empty()) {
      return tl::unexpected(call_error(CallErrorKind::not_applicable, "there are no changed files to look at"));
    }
    const tool::Subject subject = tool::subject_of(*call.scope, kind);
    if (subject.files.empty())
      return tl::unexpected(call_error(CallErrorKind::not_applicable, why_nothing(*call.scope, spec)));
    return tool::command_line(call, kind, found.program, subject, room);
  }

  std::unique_ptr<Decoder> decoder(const Call& call) const override {
    const AgentSpec& spec = *call.agent;
    return tool::make_decoder(call, tool::kind_named(spec.tool), format_of(spec).value_or(Format::gcc), name_of(spec));
  }

  std::string read_only_rule() const override {
    return "runs on private copies of the changed files, without options that fix, write or load anything, and without "
           "configuration from the change";
  }

  std::optional<std::string> audit(const std::vector<std::string>& argv) const override {
    for (const std::string& program : argv) {
      if (program.starts_with('-')) continue;
      const std::string_view name = std::string_view(program).substr(program.rfind('/') + 1);
      for (const Kind& kind : tool::catalogue()) {
        if (std::find(kind.programs.begin(), kind.programs.end(), name) == kind.programs.end()) continue;
        return audit_of(kind, argv);
      }
    }
    return std::nullopt;
  }

 private:
  static std::vector<std::string> names(const AgentSpec& spec, const Kind* kind) {
    if (!spec.command.empty()) return {spec.command.front()};  // also names the program of a known tool
    return {kind->programs.begin(), kind->programs.end()};
  }

  static bool has_option(const AgentSpec& spec, std::string_view option) {
    return std::any_of(spec.extra_args.begin(), spec.extra_args.end(),
                       [&](const std::string& argument) { return argument.starts_with(option); });
  }

  static std::string why_nothing(const Scope& scope, const AgentSpec& spec) {
    const bool images = std::any_of(scope.files.begin(), scope.files.end(),
                                    [](const ScopeFile& file) { return file.post_image != nullptr; });
    if (!images) return "the files after the change are not known (a patch without its repository: give --repo)";
    return fmt::format("no changed file is one that {} reads", name_of(spec));
  }

  // The first widening option before the "--" that ends a tool's own options.
  static std::optional<std::string> audit_of(const Kind& kind, const std::vector<std::string>& argv) {
    for (const std::string& argument : argv) {
      if (argument == "--") break;
      if (std::find(kind.options.begin(), kind.options.end(), argument) != kind.options.end()) continue;
      if (auto wider = widening(kind.name, argument)) return wider;
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<Adapter> make_tool_adapter() {
  return std::make_unique<ToolAdapter>();
}

std::vector<std::string> known_tools() {
  std::vector<std::string> names;
  for (const Kind& kind : tool::catalogue()) names.emplace_back(kind.name);
  return names;
}

}  // namespace assize
