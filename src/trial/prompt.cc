#include "trial/prompt.h"

#include <fmt/format.h>

#include "core/hash.h"
#include "core/text.h"
#include "guard/fence.h"
#include "trial_prompts.h"

namespace assize {

namespace {

// Our own sections end with one empty line, so that the text of the prompt does not depend on which are there.
std::string section(std::string_view heading, std::string_view body) {
  return body.empty() ? std::string() : fmt::format("\n# {}\n{}\n", heading, trim(body));
}

bool is_document(const Exhibits& shown) {
  return shown.input().settings.subject == Subject::document;
}

std::string perspective_of(const Exhibits& shown, const AgentSpec& agent, std::string_view lens) {
  std::string text(trim(agent.perspective));
  if (lens.empty()) return text;
  if (!text.empty()) text += "\n\n";
  if (shown.input().settings.division == Division::lenses) {
    return text + fmt::format("Review it for this alone: {}. Others look at everything else.", lens);
  }
  return text + fmt::format("Look above all at: {}. Report other serious problems as well.", lens);
}

std::string instructions_of(const TrialSettings& settings) {
  return section("Instructions for this review", settings.extra_prompt) +
         section("Policy of this house", render_policy(settings.policy));
}

std::string_view how_to_read(const Exhibits& shown) {
  return is_document(shown) ? embedded::k_reading_document_md : embedded::k_reading_change_md;
}

// The part that all prompts with the change in them share.
std::string reading(const Exhibits& shown) {
  return fill(how_to_read(shown), {{"nonce", shown.input().settings.nonce}});
}

std::string_view word_for_subject(const Exhibits& shown) {
  return is_document(shown) ? "document" : "code change";
}

std::string_view task_text(VerifierTask task) {
  switch (task) {
    case VerifierTask::prove:
      return "Try to prove each claim: find the input or the path that makes it happen, in the code shown. Only if you "
             "cannot, say so.";
    case VerifierTask::refute:
      return "Try to refute each claim: find the line that prevents it, or the assumption that does not hold. Only if "
             "you cannot, say so.";
    case VerifierTask::check:
      break;
  }
  return "Judge each claim by the code alone: follow it to the place where it would happen, and look for what would "
         "prevent it.";
}

}  // namespace

std::string fill(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  std::string out;
  for (;;) {
    const std::size_t open = text.find("{{");
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find("}}", open);
    CHECK(close != std::string_view::npos);
    const std::string_view name = text.substr(open + 2, close - open - 2);
    out.append(text.substr(0, open));
    bool found = false;
    for (const auto& [key, value] : values) {
      if (key != name) continue;
      out.append(value);
      found = true;
    }
    CHECK(found);
    text.remove_prefix(close + 2);
  }
  out.append(text);
  return out;
}

std::string review_prompt(const Exhibits& shown, int chunk, const AgentSpec& agent, std::string_view lens) {
  return fill(is_document(shown) ? embedded::k_review_document_md : embedded::k_review_md,
              {{"reading", reading(shown)},
               {"instructions", instructions_of(shown.input().settings)},
               {"perspective", section("Your perspective", perspective_of(shown, agent, lens))},
               {"context", shown.context(chunk)},
               {"change", shown.text(chunk)},
               {"part", shown.chunks() < 2 ? ""
                                           : fmt::format("This is part {} of {} of a larger change; the other parts "
                                                         "are reviewed on their own.\n",
                                                         chunk + 1, shown.chunks())}});
}

std::string repair_prompt(const TrialSettings& settings, std::string_view answer) {
  return fill(embedded::k_repair_md, {{"nonce", settings.nonce}, {"answer", fence("answer", settings.nonce, answer)}});
}

std::string rest_prompt(std::string_view review_prompt, std::span<const std::string> missing_paths) {
  std::string list;
  for (const std::string& path : missing_paths) {
    list += fmt::format("- {}\n", defuse_fences(strip_controls(to_valid_utf8(path), Newlines::to_space)));
  }
  return std::string(review_prompt) + fill(embedded::k_rest_md, {{"missing", list}});
}

std::string debate_prompt(const Exhibits& shown, int chunk, const DebatePrompt& parts) {
  return fill(embedded::k_debate_md, {{"subject", word_for_subject(shown)},
                                      {"reading", reading(shown)},
                                      {"instructions", instructions_of(shown.input().settings)},
                                      {"context", shown.context(chunk)},
                                      {"change", shown.text(chunk)},
                                      {"own", shown.fenced("own", parts.own)},
                                      {"peers", parts.peers},
                                      {"groups", shown.fenced("groups", parts.groups)}});
}

std::string verify_prompt(const Exhibits& shown, int chunk, VerifierTask task, std::string_view claims) {
  return fill(embedded::k_verify_md, {{"subject", word_for_subject(shown)},
                                      {"reading", reading(shown)},
                                      {"task", task_text(task)},
                                      {"context", shown.context(chunk)},
                                      {"change", shown.text(chunk)},
                                      {"claims", shown.fenced("claims", claims)}});
}

std::string synthesis_prompt(const Exhibits& shown, std::string_view facts, std::string_view groups) {
  return fill(embedded::k_synthesis_md, {{"subject", word_for_subject(shown)},
                                         {"nonce", shown.input().settings.nonce},
                                         {"facts", facts},
                                         {"groups", shown.fenced("groups", groups)}});
}

std::string prompt_version() {
  Digest digest;
  for (const std::string_view text :
       {embedded::k_review_md, embedded::k_review_document_md, embedded::k_reading_change_md,
        embedded::k_reading_document_md, embedded::k_repair_md, embedded::k_rest_md, embedded::k_debate_md,
        embedded::k_verify_md, embedded::k_synthesis_md}) {
    digest.add(text);
  }
  return digest.hex().substr(0, 12);
}

}  // namespace assize
