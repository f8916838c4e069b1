#include "agents/event_decoder.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "core/text.h"

namespace assize {

void EventDecoder::feed(std::string_view bytes) {
  splitter_.feed(bytes, [this](std::string_view text) {
    const auto event = JsonText::parse(text);
    if (!event || event->object() == nullptr) {
      ++unreadable_;
      return;
    }
    ++events_;
    on_event(*event->object());
  });
}

void EventDecoder::set_answer(std::string_view text) {
  answer_.clear();
  cut_ = false;
  lost_before_answer_ = lost();
  add_answer(text);
}

void EventDecoder::add_answer(std::string_view text) {
  const std::size_t room = kMaxAnswerBytes - answer_.size();
  cut_ = cut_ || text.size() > room;
  answer_ += text.substr(0, room);
}

void EventDecoder::fail(CallError error) {
  if (error_ && error.kind == CallErrorKind::failed) return;
  error_ = std::move(error);
}

// Nothing in the stream says what went wrong, and yet something did.
CallError EventDecoder::unexplained(const Ending& ending) const {
  if (const auto found = match_rules(ending.stderr_tail, rules_)) return call_error(found->kind, found->line);
  if (const auto found = match_rules(splitter_.noise(), rules_)) return call_error(found->kind, found->line);
  const int code = ending.exit_code.value_or(0);
  std::string why = last_line(ending.stderr_tail);
  if (why.empty()) why = last_line(splitter_.noise());
  return call_error(CallErrorKind::failed, why.empty() ? fmt::format("exit code {}, no message", code)
                                                       : fmt::format("exit code {}: {}", code, why));
}

void EventDecoder::end_without_error(const Ending& ending, Decoded& result) {
  if (ending.exit_code.value_or(0) != 0) {
    result.error = unexplained(ending);
    return;
  }
  if (ending.signal || ending.stopped_for) return;  // add_ending says it
  if (const auto found = match_rules(ending.stderr_tail, rules_)) {
    // Exit 0 is no success: a CLI that cut its input, or asks for a login, says so on stderr alone.
    if (trim(answer_).empty() || found->kind == CallErrorKind::prompt_truncated) {
      result.error = call_error(found->kind, found->line);
      return;
    }
  }
  if (cut_) {
    result.error =
        call_error(CallErrorKind::output_limit, fmt::format("the answer is longer than {} bytes", kMaxAnswerBytes));
  } else if (events_ == 0 && !trim(splitter_.noise()).empty()) {
    const auto found = match_rules(splitter_.noise(), rules_);
    result.error = found
                       ? call_error(found->kind, found->line)
                       : call_error(CallErrorKind::malformed_answer, "printed text where events were asked for: " +
                                                                         cap_bytes(error_line(splitter_.noise()), 200));
  } else if (const bool all_read = splitter_.too_long() + unreadable_ == 0 && !splitter_.inside();
             trim(answer_).empty() && (complete_ || all_read)) {
    result.error = call_error(CallErrorKind::empty_answer, "exit code 0 without an answer");
  } else if (!complete_) {
    result.error = call_error(CallErrorKind::failed, "the output ended before the answer did");
  } else if (lost() > lost_before_answer_ || splitter_.inside()) {
    // A part of the answer, or the one that was to replace it: what is left may say less than what was said.
    result.error = call_error(CallErrorKind::failed, "part of the output could not be read after the answer began");
  }
}

Decoded EventDecoder::finish(const Ending& ending) {
  on_end(ending);
  Decoded result;
  if (error_) {
    result.error = std::move(error_);
  } else {
    end_without_error(ending, result);
  }
  if (result.error && !result.error->retry_after) {
    result.error->retry_after = retry_after_in(result.error->message);
    const bool waits = is_retryable(result.error->kind);
    if (waits && !result.error->retry_after) result.error->retry_after = retry_after_in(ending.stderr_tail);
    if (!waits && result.error->kind != CallErrorKind::quota_exhausted) result.error->retry_after.reset();
  }
  result.text = to_valid_utf8(answer_);
  result.model = cap_bytes(strip_controls(to_valid_utf8(model_), Newlines::to_space), 200);
  result.usage = usage_;
  result.warnings = std::move(warnings_);
  if (splitter_.too_long() > 0) {
    result.warnings.push_back(
        fmt::format("{} events longer than {} bytes were passed over", splitter_.too_long(), kMaxEventBytes));
  }
  if (const auto lost = unreadable_ + splitter_.broken(); lost > 0) {
    result.warnings.push_back(fmt::format("{} events could not be read", lost));
  }
  add_ending(ending, notice_, result);
  return result;
}

void add_ending(const Ending& ending, std::string_view notice, Decoded& result) {
  const auto with_notice = [&](std::string text) {
    return notice.empty() ? text : fmt::format("{}; it last said: {}", text, error_line(notice));
  };
  if (ending.stopped_for) {
    // What the stream itself gave as its end says more than our deadline; a stop that was asked for is what it is.
    const bool ours = !result.error || *ending.stopped_for == CallErrorKind::cancelled ||
                      *ending.stopped_for == CallErrorKind::output_limit;
    if (ours)
      result.error =
          call_error(*ending.stopped_for, with_notice(fmt::format("stopped: {}", to_string(*ending.stopped_for))));
  } else if (ending.signal && !result.error) {
    result.error = call_error(CallErrorKind::crashed, with_notice(fmt::format("killed by signal {}", *ending.signal)));
  }
  if (!result.error) return;
  result.error->exit_code = ending.exit_code;
  result.error->signal = ending.signal;
}

std::string last_line(std::string_view stderr_tail) {
  const auto lines = split_lines(stderr_tail);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    std::string clean = error_line(*line);
    if (!clean.empty()) return clean;
  }
  return {};
}

}  // namespace assize
