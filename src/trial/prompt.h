// Builds what agents are asked, from the texts in prompts/ and the change. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "trial/trial.h"

namespace assize {

// The part that all reviewers share, made once a run: the fenced change and, in expanded context, title and body.
struct ReviewMaterial {
  std::string change;   // fenced
  std::string context;  // fenced, with its heading; empty in diff context
};
ReviewMaterial review_material(const TrialInput& input);

// The whole prompt of one reviewer.
std::string review_prompt(const TrialInput& input, const ReviewMaterial& material, const AgentSpec& agent);

// Asks for the same review in readable form; `answer` is what the agent wrote.
std::string repair_prompt(std::string_view answer, std::string_view nonce);

// The review prompt again, for the files that a review left out.
std::string rest_prompt(std::string_view review_prompt, std::span<const std::string> missing_paths);

}  // namespace assize
