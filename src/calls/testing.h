// For the tests of this folder: surroundings of a few lines, and an adapter that runs the fake agent and passes its
// output through as text.
#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "agents/adapter.h"

namespace assize {

struct TestWorld final : Surroundings {
  std::optional<std::string> variable(std::string_view name) const override {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::string> find_program(std::string_view) const override { return std::nullopt; }
  bool file_exists(std::string_view path) const override { return files.count(std::string(path)) != 0; }
  std::optional<std::string> read_file(std::string_view path) const override {
    const auto found = files.find(std::string(path));
    return found == files.end() ? std::nullopt : std::optional(found->second);
  }
  std::string home() const override { return "/home/tester"; }

  std::map<std::string, std::string> variables{{"PATH", "/usr/bin:/bin"}};
  std::map<std::string, std::string> files;
};

struct TestDecoder final : Decoder {
  explicit TestDecoder(bool throws) : throws(throws) {}
  void feed(std::string_view bytes) override {
    if (throws) throw std::runtime_error("decoder bug");
    text += bytes;
  }
  Decoded finish(const Ending& ending) override {
    Decoded decoded;
    decoded.text = text;
    if (text.empty() && ending.exit_code == 0) {
      decoded.error = CallError{CallErrorKind::empty_answer, "nothing", {}, {}, {}};
    } else if (ending.exit_code.value_or(0) != 0) {
      decoded.error = CallError{CallErrorKind::failed, "exit status", {}, {}, {}};
    }
    return decoded;
  }
  bool throws;
  std::string text;
};

struct TestAdapter final : Adapter {
  std::string_view kind() const override { return "test"; }
  std::string vendor(const AgentSpec&) const override { return "test"; }
  Probe probe(const AgentSpec&, const Surroundings&) const override {
    Probe found;
    found.found = program != "";
    found.program = program;
    found.hint = "install it";
    found.unusable = unusable;
    return found;
  }
  tl::expected<Invocation, CallError> invocation(const Call& call, const Probe& found, const Room& room,
                                                 FileTools) const override {
    if (invocation_throws) throw std::runtime_error("invocation bug");
    rooms.push_back(room);
    Invocation made;
    made.argv = {found.program};
    made.argv.insert(made.argv.end(), call.agent->extra_args.begin(), call.agent->extra_args.end());
    made.passed_env = {"TEST_VENDOR_KEY"};
    made.env = {{"TEST_ADAPTER", "1"}};
    for (const auto& [name, content] : files) made.files.emplace_back(room.home + "/" + name, content);
    made.login_files = {".test/auth.json"};
    made.input = call.prompt;
    return made;
  }
  std::unique_ptr<Decoder> decoder(const Call&) const override { return std::make_unique<TestDecoder>(decoder_throws); }
  std::string read_only_rule() const override { return "it is a test"; }
  std::optional<std::string> audit(const std::vector<std::string>& argv) const override {
    for (const std::string& argument : argv) {
      if (argument == "--yolo") return "--yolo lets it write";
    }
    return std::nullopt;
  }
  std::vector<ModeRule> modes() const override { return mode_rows; }
  std::optional<std::string> audit_mode(const std::vector<std::string>& argv, ExecutionMode mode) const override {
    return mode == ExecutionMode::yolo ? std::nullopt : audit(argv);
  }
  std::optional<Answer> answer_directly(const Call&) const override { return direct; }

  std::string program;
  std::vector<std::pair<std::string, std::string>> files;
  std::optional<CallErrorKind> unusable;
  std::optional<Answer> direct;
  std::vector<ModeRule> mode_rows;
  bool invocation_throws = false;
  bool decoder_throws = false;
  mutable std::vector<Room> rooms;  // as they were handed out
};

}  // namespace assize
