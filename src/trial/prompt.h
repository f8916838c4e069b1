// Fills the texts in prompts/ with what is asked. Pure; what the parts hold is up to those who ask.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "trial/exhibits.h"

namespace assize {

// Replaces each {{name}} of one of our texts, in one pass: what is put in is never looked at again. A name without a
// value is a bug.
std::string fill(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string_view>> values);

// The whole prompt of one reviewer for one chunk.
std::string review_prompt(const Exhibits& shown, int chunk, const AgentSpec& agent, std::string_view lens);
// Asks for the same review in readable form; `answer` is what the agent wrote.
std::string repair_prompt(const TrialSettings& settings, std::string_view answer);
// The review prompt again, for the files that a review left out.
std::string rest_prompt(std::string_view review_prompt, std::span<const std::string> missing_paths);

struct DebatePrompt {
  std::string_view own;     // the debater's own review, as text
  std::string_view peers;   // headings of ours with fenced reviews
  std::string_view groups;  // what is to be settled, as text
};
std::string debate_prompt(const Exhibits& shown, int chunk, const DebatePrompt& parts);
// `claims`: groups with their members and code, as text.
std::string verify_prompt(const Exhibits& shown, int chunk, VerifierTask task, std::string_view claims);
std::string synthesis_prompt(const Exhibits& shown, std::string_view facts, std::string_view groups);

}  // namespace assize
