#include "agents/command.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "agents/classify.h"
#include "agents/cli_support.h"
#include "agents/event_decoder.h"
#include "core/text.h"

namespace assize {

namespace {

// A prompt that no model takes; a guard for memory, not a limit of any program.
constexpr std::size_t kMaxPrompt = 64U << 20;

// The error that a program without known messages ended with.
std::optional<CallError> error_of_exit(const Ending& ending) {
  const int code = ending.exit_code.value_or(0);
  if (code == 0) return std::nullopt;
  const std::string why = last_line(ending.stderr_tail);
  return call_error(CallErrorKind::failed, why.empty() ? fmt::format("exit code {}, no message", code)
                                                       : fmt::format("exit code {}: {}", code, why));
}

// Standard output as it is, or as one JSON document.
class WholeDecoder : public Decoder {
 public:
  enum class Form { text, json };
  WholeDecoder(Form form, std::string pointer) : form_(form), pointer_(std::move(pointer)) {}

  void feed(std::string_view bytes) override {
    const std::size_t room = kMaxAnswerBytes - bytes_.size();
    cut_ = cut_ || bytes.size() > room;
    bytes_ += bytes.substr(0, room);
  }

  Decoded finish(const Ending& ending) override {
    Decoded result;
    result.error = error_of_exit(ending);
    const bool empty = trim(bytes_).empty();
    if (form_ == Form::text) {
      result.text = to_valid_utf8(bytes_);
    } else if (!empty && !cut_) {
      read_json(result);
    }
    if (!result.error && cut_) {
      result.error =
          call_error(CallErrorKind::output_limit, fmt::format("the answer is longer than {} bytes", kMaxAnswerBytes));
    }
    const bool ended = !ending.signal && !ending.stopped_for;
    if (!result.error && ended && trim(result.text).empty()) {
      result.error = call_error(CallErrorKind::empty_answer, "exit code 0 without an answer");
    }
    add_ending(ending, {}, result);
    return result;
  }

 private:
  void read_json(Decoded& result) const {
    const auto document = JsonText::parse(trim(bytes_));
    const auto* found = document ? json_pointer(document->value(), pointer_) : nullptr;
    if (found != nullptr) {
      if (!found->is_null()) result.text = json_to_text(*found);
      return;
    }
    if (result.error) return;
    result.error =
        call_error(CallErrorKind::malformed_answer, document ? fmt::format("its JSON has nothing at '{}'", pointer_)
                                                             : std::string("its output is not one JSON document"));
  }

  Form form_;
  std::string pointer_;
  std::string bytes_;
  bool cut_ = false;
};

// One JSON object a line: the last one that has something at the pointer is the answer.
class LinesDecoder : public EventDecoder {
 public:
  explicit LinesDecoder(std::string pointer) : EventDecoder({}), pointer_(std::move(pointer)) {}

 protected:
  void on_event(const boost::json::object& event) override {
    const boost::json::value* found = pointer_.empty() ? nullptr : find(event);
    if (pointer_.empty()) {
      set_answer(boost::json::serialize(event));
    } else if (found != nullptr && !found->is_null()) {
      set_answer(json_to_text(*found));
    } else {
      return;
    }
    complete_ = true;
  }

 private:
  const boost::json::value* find(const boost::json::object& event) {
    whole_ = std::make_unique<boost::json::value>(event);
    return json_pointer(*whole_, pointer_);
  }

  std::string pointer_;
  std::unique_ptr<boost::json::value> whole_;
};

class CommandAdapter : public Adapter {
 public:
  std::string_view kind() const override { return "command"; }
  // Who made the model behind a program cannot be known: all of them count as one maker, unless `model` names one.
  std::string vendor(const AgentSpec& spec) const override { return vendor_of(spec, "command"); }

  Probe probe(const AgentSpec& spec, const Surroundings& world) const override {
    if (spec.command.empty()) return wrong("set `command` to the program and its arguments");
    if (spec.output != "text" && spec.output != "json" && spec.output != "jsonl") {
      return wrong(fmt::format("output = \"{}\" is not one of text, json, jsonl", spec.output));
    }
    if (!is_json_pointer(spec.output_pointer))
      return wrong(fmt::format("'{}' is not a JSON pointer", spec.output_pointer));
    Probe probe = find_cli(spec, world, spec.command.front(), {});
    if (probe.found && !find_own_key(spec, world, spec.api_key_env, probe)) probe.how_known = "a program of your own";
    return probe;
  }

  std::vector<std::string> version_args() const override { return {}; }

  tl::expected<Invocation, CallError> invocation(const Call& call, const Probe& found, const Room&,
                                                 FileTools) const override {
    const AgentSpec& spec = *call.agent;
    if (auto error = check_call(call, kMaxPrompt, "a command")) return tl::unexpected(*error);
    if (!spec.model.empty() && !spec.env.contains("ASSIZE_MODEL") && !passes_model(spec)) {
      return tl::unexpected(
          call_error(CallErrorKind::model_unavailable,
                     "a command has no option for a model: put {model} into its arguments, or leave model out"));
    }
    Invocation run;
    run.argv = begin_argv(spec, found);
    run.argv.insert(run.argv.end(), spec.extra_args.begin(), spec.extra_args.end());
    for (std::size_t i = 1; i < run.argv.size(); ++i) {
      if (const auto at = run.argv[i].find(kModelPlace); at != std::string::npos)
        run.argv[i].replace(at, kModelPlace.size(), spec.model);
    }
    run.input = call.prompt;
    finish_env(spec, found, run);
    return run;
  }

  std::unique_ptr<Decoder> decoder(const Call& call) const override {
    const AgentSpec& spec = *call.agent;
    if (spec.output == "jsonl") return std::make_unique<LinesDecoder>(spec.output_pointer);
    const auto form = spec.output == "json" ? WholeDecoder::Form::json : WholeDecoder::Form::text;
    return std::make_unique<WholeDecoder>(form, spec.output_pointer);
  }

  std::string read_only_rule() const override {
    return "none: the program is yours and does what it does, in an empty directory with a private HOME";
  }
  std::optional<std::string> audit(const std::vector<std::string>&) const override { return std::nullopt; }
  std::vector<ModeRule> modes() const override {
    return {{ExecutionMode::read_only, {}, "an empty working directory", "whatever the program does"},
            {ExecutionMode::write, {}, "a copy of the working tree as working directory", "whatever the program does"},
            {ExecutionMode::yolo, {}, "a copy of the working tree as working directory", "whatever the program does"}};
  }
  std::optional<std::string> audit_mode(const std::vector<std::string>&, ExecutionMode) const override {
    return std::nullopt;
  }

 private:
  static constexpr std::string_view kModelPlace = "{model}";

  static bool passes_model(const AgentSpec& spec) {
    const auto has = [](const std::vector<std::string>& args) {
      for (const std::string& arg : args) {
        if (arg.find(kModelPlace) != std::string::npos) return true;
      }
      return false;
    };
    return has(spec.command) || has(spec.extra_args);
  }

  static Probe wrong(std::string hint) {
    Probe probe;
    probe.unusable = CallErrorKind::invalid_request;
    probe.hint = std::move(hint);
    return probe;
  }
};

}  // namespace

std::unique_ptr<Adapter> make_command_adapter() {
  return std::make_unique<CommandAdapter>();
}

}  // namespace assize
