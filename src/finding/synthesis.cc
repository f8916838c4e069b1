#include "finding/synthesis.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.h"
#include "finding/answer_text.h"
#include "finding/candidates.h"
#include "finding/echo.h"
#include "finding/normalise.h"
#include "finding/refusal.h"
#include "finding/shapes.h"

namespace assize {

namespace {

constexpr int kWrapperDepth = 4;  // {"result": {"summary": …}} and the like

void collect(JsonRef value, int depth, std::vector<Shape>& shapes) {
  if (value.is(JsonKind::object) && value.find("summary").is(JsonKind::string)) {
    shapes.push_back({ShapeKind::review, value});
    return;
  }
  if (depth == 0 || !(value.is(JsonKind::object) || value.is(JsonKind::array))) return;
  for (JsonRef child = value.first(); child; child = child.next()) collect(child, depth - 1, shapes);
}

const AnswerForm& synthesis_form() {
  static const AnswerForm form = {.shapes =
                                      [](JsonRef root) {
                                        std::vector<Shape> shapes;
                                        collect(root, kWrapperDepth, shapes);
                                        return shapes;
                                      },
                                  .keys = {"summary", "recommendation"},
                                  .marks = {"{summary:", ",summary:"},
                                  .is_item = {}};
  return form;
}

ParsedSynthesis unreadable(std::string reason) {
  ParsedSynthesis parsed;
  parsed.reason = std::move(reason);
  return parsed;
}

ParsedSynthesis read_prose(std::string_view text, EchoDetector& echo) {
  if (is_refusal(text)) return unreadable("the agent declined");
  if (echo.occurs(text)) return unreadable("the answer is a copy of what the agent was shown");
  ParsedSynthesis parsed;
  parsed.text = clean_text(text, kDetailBytes);
  parsed.readable = !parsed.text.empty();
  if (!parsed.readable) parsed.reason = "the answer is empty";
  return parsed;
}

}  // namespace

ParsedSynthesis parse_synthesis(std::string_view answer, std::string_view shown) {
  const AnswerText text(answer);
  if (text.view().empty()) return unreadable("the answer is empty");
  JsonReader reader(text.view());
  EchoDetector echo(shown, synthesis_form());
  const Candidates candidates = find_candidates(text.view(), reader, synthesis_form());
  ParsedSynthesis parsed;
  std::size_t echoes = 0;
  for (const Candidate& candidate : candidates.found) {
    for (const Shape& shape : candidate.shapes) {
      const std::size_t end = shape.value.is_open() ? candidate.parse.stop : shape.value.end();
      if (echo.occurs(text.view().substr(shape.value.begin(), end - shape.value.begin())) ||
          echo.repeats(shape.value)) {
        ++echoes;
        continue;
      }
      // Of a draft and its final form, the last words; of their recommendations the stricter.
      std::string words = clean_text(shape.value.find("summary").text(), kDetailBytes);
      if (words.empty()) continue;
      parsed.text = std::move(words);
      parsed.readable = true;
      for (const std::string_view name : {"recommendation", "verdict"}) {
        const JsonRef word = shape.value.find(name);
        const auto verdict = word.is(JsonKind::string) ? read_verdict(word.text()) : std::nullopt;
        if (verdict) parsed.recommendation = std::max(parsed.recommendation.value_or(*verdict), *verdict);
        if (word) break;
      }
    }
  }
  if (parsed.readable) return parsed;
  if (echoes > 0) return unreadable("the only summary in the answer is a copy of what the agent was shown");
  if (!candidates.found.empty()) return unreadable("the summary is empty");
  const bool is_json = text.view().starts_with('{') || text.view().starts_with('[');
  if (candidates.broken_contract || is_json) return unreadable("the answer's JSON cannot be read");
  return read_prose(text.view(), echo);
}

}  // namespace assize
