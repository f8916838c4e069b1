#include "agents/scripted.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "agents/classify.h"
#include "agents/cli_support.h"
#include "agents/json_access.h"
#include "agents/surroundings.h"
#include "core/text.h"

namespace assize {

namespace {

namespace json = boost::json;

bool fits(const json::object& entry, const Call& call) {
  if (const auto agent = json_string(entry, {"agent"}); agent && *agent != call.agent->id) return false;
  if (const auto phase = json_string(entry, {"phase"}); phase && *phase != to_string(call.phase)) return false;
  const auto same = [&](std::string_view key, int value) {
    const auto wanted = json_count(entry, {key});
    return !wanted || *wanted == static_cast<std::uint64_t>(value);
  };
  return same("round", call.round) && same("chunk", call.chunk) && same("ordinal", call.ordinal);
}

Result<CallError> read_error(const json::value& value, std::size_t index) {
  const json::object* object = value.if_object();
  const std::string name = object == nullptr ? json_to_text(value) : std::string(json_text(*object, {"kind"}));
  const auto kind = call_error_kind_from(name);
  if (!kind) return invalid(fmt::format("entry {}: '{}' is no kind of error", index, name));
  const std::string_view message = object == nullptr ? std::string_view() : json_text(*object, {"message"});
  return call_error(*kind, message.empty() ? std::string_view("as the script says") : message);
}

// A typo in a key would silently answer other calls than meant.
Result<void*> check_keys(const json::object& entry, std::size_t index) {
  static constexpr std::array<std::string_view, 9> kKeys = {"agent", "phase", "round", "chunk", "ordinal",
                                                            "text",  "error", "model", "usage"};
  for (const auto& member : entry) {
    const std::string_view key(member.key().data(), member.key().size());
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      return invalid(fmt::format("entry {}: unknown key '{}'", index, key),
                     fmt::format("known are {}", fmt::join(kKeys, ", ")));
    }
  }
  if (json_at(entry, {"text"}) == nullptr && json_at(entry, {"error"}) == nullptr) {
    return invalid(fmt::format("entry {} has neither text nor error", index));
  }
  return nullptr;
}

Result<Answer> answer_of(const json::object& entry, std::size_t index) {
  Answer answer;
  answer.attempts = 1;
  if (const json::value* text = json_at(entry, {"text"}); text != nullptr && !text->is_null())
    answer.text = json_to_text(*text);
  answer.output_bytes = answer.text.size();
  answer.model = json_text(entry, {"model"});
  answer.usage.input_tokens = json_count(entry, {"usage", "input_tokens"});
  answer.usage.output_tokens = json_count(entry, {"usage", "output_tokens"});
  answer.usage.cached_tokens = json_count(entry, {"usage", "cached_tokens"});
  answer.usage.cost_usd = json_number(entry, {"usage", "cost_usd"});
  if (const json::value* error = json_at(entry, {"error"}); error != nullptr && !error->is_null()) {
    TRY_ASSIGN(answer.error, read_error(*error, index));
  } else if (trim(answer.text).empty()) {
    answer.error = call_error(CallErrorKind::empty_answer, "the script's answer is empty");
  }
  return answer;
}

}  // namespace

Result<Answer> scripted_answer(std::string_view script, const Call& call) {
  const auto document = JsonText::parse(script);
  if (!document) return invalid("the script is not JSON");
  const json::array* entries = document->value().if_array();
  if (entries == nullptr && document->object() != nullptr) entries = json_array(*document->object(), {"answers"});
  if (entries == nullptr) return invalid("the script is neither a list nor {\"answers\": [...]}");
  const json::object* chosen = nullptr;
  std::size_t at = 0;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const json::object* entry = (*entries)[i].if_object();
    if (entry == nullptr) return invalid(fmt::format("entry {} is not an object", i));
    TRY(check_keys(*entry, i));
    if (chosen == nullptr && fits(*entry, call)) {
      chosen = entry;
      at = i;
    }
  }
  if (chosen != nullptr) return answer_of(*chosen, at);
  Answer none;
  none.error = call_error(CallErrorKind::failed,
                          fmt::format("the script has no answer for {} in {} (round {}, chunk {}, ordinal {})",
                                      call.agent->id, to_string(call.phase), call.round, call.chunk, call.ordinal));
  return none;
}

namespace {

class ScriptedAdapter : public Adapter {
 public:
  std::string_view kind() const override { return "scripted"; }
  std::string vendor(const AgentSpec& spec) const override { return vendor_of(spec, "scripted"); }

  Probe probe(const AgentSpec& spec, const Surroundings& world) const override {
    Probe probe;
    if (spec.file.empty()) {
      probe.unusable = CallErrorKind::invalid_request;
      probe.hint = "set `file` to the JSON file with the answers";
      return probe;
    }
    const auto script = world.read_file(spec.file);
    if (!script) {
      probe.unusable = CallErrorKind::not_installed;
      probe.hint = fmt::format("{} cannot be read, or is larger than 1 MiB", spec.file);
      return probe;
    }
    probe.found = true;
    Call any;
    any.agent = std::make_shared<const AgentSpec>(spec);
    if (const auto read = scripted_answer(*script, any); !read) {
      probe.unusable = CallErrorKind::invalid_request;
      probe.hint = fmt::format("{}: {}", spec.file, read.error().message);
      return probe;
    }
    probe.program = spec.file;
    probe.logged_in = LoggedIn::yes;
    probe.how_known = "answers from a file";
    return probe;
  }

  std::vector<std::string> version_args() const override { return {}; }

  tl::expected<Invocation, CallError> invocation(const Call&, const Probe&, const Room&, FileTools) const override {
    return tl::unexpected(call_error(CallErrorKind::internal, "a scripted agent runs nothing"));
  }

  std::unique_ptr<Decoder> decoder(const Call&) const override { return nullptr; }
  std::string read_only_rule() const override { return "runs nothing"; }
  std::optional<std::string> audit(const std::vector<std::string>&) const override { return std::nullopt; }

  std::optional<Answer> answer_directly(const Call& call) const override {
    const auto script = read_small_file(call.agent->file);
    Answer failure;
    if (!script) {
      failure.error = call_error(CallErrorKind::failed, fmt::format("{} cannot be read", call.agent->file));
      return failure;
    }
    auto answer = scripted_answer(*script, call);
    if (answer) return std::move(answer).value();
    failure.error =
        call_error(CallErrorKind::invalid_request, fmt::format("{}: {}", call.agent->file, answer.error().message));
    return failure;
  }
};

}  // namespace

std::unique_ptr<Adapter> make_scripted_adapter() {
  return std::make_unique<ScriptedAdapter>();
}

}  // namespace assize
