#include "agents/tool/decoder.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "agents/lint/answer.h"
#include "agents/lint/engine.h"
#include "agents/tool/outputs.h"
#include "agents/tool/scale.h"
#include "agents/tool/subject.h"
#include "agents/tool/words.h"
#include "core/text.h"

namespace assize::tool {

namespace {

constexpr std::size_t kMaxWarnings = 40;

// bandit repeats the value of a password that it thinks it has found.
constexpr std::array<std::string_view, 6> kRulesAboutSecrets = {"B105", "B106", "B107", "S105", "S106", "S107"};

CallError call_error(CallErrorKind kind, std::string message) {
  CallError error;
  error.kind = kind;
  error.message = std::move(message);
  return error;
}

std::string first_words(std::string_view text) {
  for (const std::string_view line : split_lines(text)) {
    const std::string clean = strip_controls(to_valid_utf8(trim(line)), Newlines::to_space);
    if (!clean.empty()) return cap_bytes(clean, 300);
  }
  return {};
}

class ToolDecoder final : public Decoder {
 public:
  ToolDecoder(const Call& call, const Kind* kind, Format format, std::string name)
      : kind_(kind), format_(format), name_(std::move(name)) {
    if (call.scope != nullptr) subject_ = subject_of(*call.scope, kind);
  }

  void feed(std::string_view bytes) override {
    const std::size_t room = kMaxOutput - std::min(kMaxOutput, out_.size());
    if (bytes.size() > room) cut_ = true;
    out_.append(bytes.substr(0, room));
  }

  Decoded finish(const Ending& ending) override {
    Decoded decoded;
    decoded.model = name_;
    decoded.warnings = subject_.warnings;
    decoded.error = error_of(ending);
    Result<Output> output = read_output(format_, out_);
    if (!output) {
      if (!decoded.error) decoded.error = call_error(CallErrorKind::malformed_answer, output.error().message);
      return decoded;
    }
    decoded.text = answer(*output, decoded.error ? Complete::no : Complete::yes, decoded.warnings);
    if (decoded.warnings.size() > kMaxWarnings) {
      const std::size_t more = decoded.warnings.size() - kMaxWarnings;
      decoded.warnings.resize(kMaxWarnings);
      decoded.warnings.push_back(fmt::format("{} more warnings", more));
    }
    return decoded;
  }

 private:
  enum class Complete { yes, no };

  std::optional<CallError> error_of(const Ending& ending) const {
    if (ending.stopped_for) return call_error(*ending.stopped_for, name_ + " was stopped");
    if (ending.signal) {
      CallError error = call_error(CallErrorKind::crashed, fmt::format("{} died of signal {}", name_, *ending.signal));
      error.signal = ending.signal;
      return error;
    }
    if (cut_)
      return call_error(CallErrorKind::output_limit, fmt::format("{} printed more than {} bytes", name_, kMaxOutput));
    const int exit = ending.exit_code.value_or(-1);
    static const std::vector<int> kCustom = {0, 1};  // the common way: 1 says that there are findings
    const std::vector<int>& good = kind_ == nullptr ? kCustom : kind_->good_exits;
    if (std::find(good.begin(), good.end(), exit) != good.end()) return std::nullopt;
    // What it printed is complete when it can be read; without any of it the run is a failure.
    std::string why = first_words(ending.stderr_tail);
    if (why.empty()) why = first_words(out_);
    CallError error = call_error(CallErrorKind::failed, fmt::format("{} ended with {}: {}", name_, exit, why));
    error.exit_code = exit;
    return error;
  }

  std::string answer(const Output& output, Complete complete, std::vector<std::string>& warnings) const {
    for (const std::string& warning : output.warnings) warnings.push_back(name_ + ": " + warning);
    std::set<std::string, std::less<>> broken;
    for (const std::string& path : output.failed) {
      if (const std::string* file = subject_.file_at(path)) broken.insert(*file);
    }
    std::vector<lint::Hit> hits;
    std::set<std::tuple<std::string, std::uint32_t, std::string>> seen;
    std::size_t elsewhere = 0;
    for (const Remark& remark : output.remarks) {
      const std::string* file = subject_.file_at(remark.path);
      const std::string_view tool = kind_ == nullptr ? std::string_view() : kind_->name;
      const Weight weight = weigh(tool, remark);
      if (weight.use == Weight::Use::noise) continue;
      if (file == nullptr) {
        if (weight.use == Weight::Use::finding) ++elsewhere;
        continue;
      }
      if (weight.use == Weight::Use::broken) {
        if (seen.insert({*file, 0, "broken"}).second) {
          warnings.push_back(
              fmt::format("{} could not analyse {}: line {}: {}", name_, *file, remark.line, remark.message));
        }
        broken.insert(*file);
        continue;
      }
      const std::optional<lint::Hit> hit = hit_of(*file, remark, weight);
      if (!hit) {
        ++elsewhere;
      } else if (seen.insert({*file, hit->line, remark.rule.empty() ? remark.message : remark.rule}).second) {
        hits.push_back(*hit);
      }
    }
    std::vector<std::string> checked;
    for (const std::string& file : subject_.files) {
      if (complete == Complete::yes && !broken.contains(file) && is_finished(file, output)) checked.push_back(file);
    }
    if (hits.size() > lint::kMaxHits) {
      warnings.push_back(fmt::format("{} more findings were left out", hits.size() - lint::kMaxHits));
      hits.resize(lint::kMaxHits);
    }
    return lint::contract_text(
        hits, checked,
        fmt::format("{} analysed {} of {} files: {} findings on lines of the change, {} elsewhere.", name_,
                    checked.size(), subject_.files.size(), hits.size(), elsewhere));
  }

  // A tool that says file by file how it ended has to have said so.
  bool is_finished(const std::string& file, const Output& output) const {
    if (kind_ == nullptr || kind_->name != "gcc") return true;
    return std::any_of(output.finished.begin(), output.finished.end(), [&](const std::string& path) {
      const std::string* found = subject_.file_at(path);
      return found != nullptr && *found == file;
    });
  }

  bool holds_secret(std::string_view text) const {
    if (spotter_ == nullptr) spotter_ = std::make_unique<lint::SecretSpotter>();
    return spotter_->spots(text);
  }

  std::optional<lint::Hit> hit_of(const std::string& file, const Remark& remark, const Weight& weight) const {
    const auto& lines = subject_.lines.at(file);
    // The first line of the remark's range that counts.
    const std::uint32_t last = std::max(remark.line, std::min(remark.end_line, remark.line + 50));
    const bool added_only = kind_ == nullptr || kind_->reach == Reach::added_lines;
    auto at = lines.end();
    for (auto it = lines.lower_bound(remark.line); it != lines.end() && it->first <= last; ++it) {
      if (added_only && !it->second.added) continue;
      at = it;
      break;
    }
    if (at == lines.end()) return std::nullopt;
    lint::Hit hit;
    hit.rule = remark.rule;
    hit.severity = weight.severity;
    hit.category = weight.category;
    hit.confidence = weight.confidence;
    hit.title = remark.message;
    const std::string_view words = plain_words(remark.rule);
    hit.detail = fmt::format("{}{}{} reports {}.", words, words.empty() ? "" : " ", name_,
                             remark.rule.empty() ? "this" : remark.rule);
    if (!at->second.added) hit.detail += " It ends on a line next to the changed ones.";
    if (remark.suppressed) {
      hit.severity = Severity::info;
      hit.detail += " Its producer suppressed it.";
    }
    hit.fix = remark.fix;
    hit.path = file;
    hit.line = at->first;
    const bool about_secret =
        (kind_ != nullptr && kind_->name == "gitleaks") ||
        std::find(kRulesAboutSecrets.begin(), kRulesAboutSecrets.end(), remark.rule) != kRulesAboutSecrets.end() ||
        holds_secret(at->second.text) || holds_secret(remark.message);
    if (!about_secret) {
      hit.quote = at->second.text;
    } else if (kind_ == nullptr || kind_->format != Format::gcc) {
      hit.title = fmt::format("{} sees a secret on this line ({})", name_, remark.rule);
    } else {
      hit.title = fmt::format("{} on a line that holds a secret", remark.rule);
    }
    return hit;
  }

  const Kind* kind_;
  Format format_;
  std::string name_;
  Subject subject_;
  mutable std::unique_ptr<lint::SecretSpotter> spotter_;  // made when there is something to look at
  std::string out_;
  bool cut_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_decoder(const Call& call, const Kind* kind, Format format, std::string name) {
  return std::make_unique<ToolDecoder>(call, kind, format, std::move(name));
}

}  // namespace assize::tool
