#include "agents/lint.h"

#include <fmt/format.h>

#include "agents/lint/answer.h"
#include "agents/lint/engine.h"

namespace assize {

namespace {

CallError internal_error(std::string message) {
  CallError error;
  error.kind = CallErrorKind::internal;
  error.message = std::move(message);
  return error;
}

Answer not_applicable(std::string message) {
  Answer answer;
  answer.attempts = 1;
  answer.error = internal_error(std::move(message));
  answer.error->kind = CallErrorKind::not_applicable;
  return answer;
}

class LintAdapter final : public Adapter {
 public:
  std::string_view kind() const override { return "lint"; }
  std::string vendor(const AgentSpec&) const override { return "assize"; }
  Probe probe(const AgentSpec&, const Surroundings&) const override {
    Probe probe;
    probe.found = true;
    probe.logged_in = LoggedIn::yes;
    probe.how_known = "built in";
    return probe;
  }
  std::vector<std::string> version_args() const override { return {}; }
  tl::expected<Invocation, CallError> invocation(const Call&, const Probe&, const Room&, FileTools) const override {
    return tl::unexpected(internal_error("the built-in analyser starts no program"));
  }
  std::unique_ptr<Decoder> decoder(const Call&) const override { return nullptr; }
  std::string read_only_rule() const override { return "built in: it reads the added lines and starts nothing"; }
  std::optional<std::string> audit(const std::vector<std::string>&) const override { return std::nullopt; }

  std::optional<Answer> answer_directly(const Call& call) const override {
    if (call.scope == nullptr || call.scope->files.empty())
      return not_applicable("there are no changed files to look at");
    const std::vector<lint::Rule> rules = lint::all_rules();
    const lint::Report report = lint::run_rules(*call.scope, rules);
    Answer answer;
    answer.attempts = 1;
    answer.model = "assize rules " ASSIZE_VERSION;
    answer.text = lint::contract_text(report.hits, report.checked,
                                      fmt::format("{} rules looked at the added lines of {} files: {} findings.",
                                                  rules.size(), call.scope->files.size(), report.hits.size()));
    answer.output_bytes = answer.text.size();
    if (report.left_out > 0) {
      answer.warnings.push_back(fmt::format("{} more findings of the same rules were left out", report.left_out));
    }
    return answer;
  }
};

}  // namespace

std::unique_ptr<Adapter> make_lint_adapter() {
  return std::make_unique<LintAdapter>();
}

}  // namespace assize
