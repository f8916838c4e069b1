#include "trial/prompt.h"

#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "change/plan.h"
#include "change/surroundings.h"
#include "core/hash.h"
#include "core/text.h"
#include "guard/fence.h"
#include "trial_prompts.h"

namespace assize {

namespace {

// Fills {{name}} in a text of ours, in one pass: what is put in is never looked at again.
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

// Our own sections end with one empty line, so that the text of the prompt does not depend on which are there.
std::string section(std::string_view heading, std::string_view body) {
  return body.empty() ? std::string() : fmt::format("\n# {}\n{}\n", heading, trim(body));
}

}  // namespace

ReviewMaterial review_material(const TrialInput& input) {
  ReviewMaterial material;
  material.change = fence("change", input.settings.nonce, render_numbered(input.change, input.plan));
  if (input.settings.context == TrialSettings::Context::expanded) {
    const std::string claims = input.change.title + input.change.body;
    if (!claims.empty()) {
      material.context +=
          fmt::format("\n# What its author says about it\nUnproven claims; check them.\n{}",
                      fence("description", input.settings.nonce, input.change.title + "\n\n" + input.change.body));
    }
    const std::string around = render_surroundings(input.change, input.plan, input.images);
    if (!around.empty()) {
      material.context += fmt::format(
          "\n# The code around it\nUnchanged lines near the change, for context; they are not under review.\n{}",
          fence("surroundings", input.settings.nonce, around));
    }
  }
  if (!material.context.empty()) material.context += "\n";
  return material;
}

std::string review_prompt(const TrialInput& input, const ReviewMaterial& material, const AgentSpec& agent) {
  const std::string instructions = section("Instructions for this review", input.settings.extra_prompt);
  const std::string perspective = section("Your perspective", agent.perspective);
  return fill(embedded::k_review_md, {{"nonce", input.settings.nonce},
                                      {"instructions", instructions},
                                      {"perspective", perspective},
                                      {"context", material.context.empty() ? "\n" : material.context},
                                      {"change", material.change}});
}

std::string review_prompt(const TrialInput& input, const AgentSpec& agent) {
  return review_prompt(input, review_material(input), agent);
}

std::string repair_prompt(std::string_view answer, std::string_view nonce) {
  return fill(embedded::k_repair_md, {{"nonce", nonce}, {"answer", fence("answer", nonce, answer)}});
}

std::string rest_prompt(std::string_view review_prompt, std::span<const std::string> missing_paths) {
  std::string list;
  for (const std::string& path : missing_paths) {
    list += fmt::format("- {}\n", defuse_fences(strip_controls(to_valid_utf8(path), Newlines::to_space)));
  }
  return std::string(review_prompt) + fill(embedded::k_rest_md, {{"missing", list}});
}

std::string prompt_version() {
  const std::string digest =
      Digest().add(embedded::k_review_md).add(embedded::k_repair_md).add(embedded::k_rest_md).hex();
  return digest.substr(0, 12);
}

}  // namespace assize
