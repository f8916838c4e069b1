#include "agents/http_decoder.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "agents/classify.h"
#include "agents/event_decoder.h"
#include "agents/json_access.h"
#include "core/text.h"

namespace assize {

namespace {

namespace json = boost::json;

constexpr std::size_t kMaxHead = 4U << 10;
constexpr std::size_t kMaxRefusal = 4U << 10;

// <title>Sign in</title>
std::string_view title_of(std::string_view page) {
  const std::string lower = to_lower_ascii(page);
  const auto start = lower.find("<title>");
  if (start == std::string::npos) return {};
  const auto from = start + std::string_view("<title>").size();
  const auto end = lower.find('<', from);
  return end == std::string::npos ? std::string_view() : trim(page.substr(from, end - from));
}

std::string words_of(const ServerError& error) {
  for (const std::string& words : {error.message, error.words}) {
    if (std::string line = error_line(words); !line.empty()) return line;
  }
  return "an error without a message";
}

}  // namespace

void AnswerDecoder::feed(std::string_view bytes) {
  if (head_.size() < kMaxHead) head_ += bytes.substr(0, kMaxHead - head_.size());
  if (form_ == Form::unknown) {
    // No line of a stream of events begins with these, and every document of interest does.
    const auto first = bytes.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return;
    bytes.remove_prefix(first);
    const bool document = bytes.front() == '{' || bytes.front() == '[' || bytes.front() == '<';
    form_ = document ? Form::document : Form::events;
  }
  if (form_ == Form::events) {
    events_.feed(bytes, [this](std::string_view name, std::string_view data) { take_data(name, data); });
    return;
  }
  const std::size_t room = 2 * kMaxAnswerBytes - body_.size();  // an answer in JSON is longer than its text
  body_cut_ = body_cut_ || bytes.size() > room;
  body_ += bytes.substr(0, room);
}

void AnswerDecoder::take_data(std::string_view name, std::string_view data) {
  if (trim(data) == "[DONE]") {
    if (finish_) done_ = true;
    return;
  }
  const auto parsed = JsonText::parse(data);
  const json::object* object = parsed ? parsed->object() : nullptr;
  if (name == "error" && (object == nullptr || !read_server_error(*object))) {
    // An error in no form that we know is an error all the same.
    const std::string_view message = object == nullptr ? data : json_text(*object, {"message"});
    if (!server_error_) server_error_ = ServerError{std::string(message), {}, {}, {}};
  } else if (object == nullptr) {
    ++unreadable_;
  } else {
    take_object(*object);
  }
}

void AnswerDecoder::take_object(const json::object& object) {
  ++objects_;
  if (auto error = read_server_error(object)) {
    if (!server_error_) server_error_ = std::move(error);
    return;
  }
  on_event(object);
}

// A server that does not stream although it was asked to; an error; a page.
void AnswerDecoder::take_document() {
  if (body_cut_ || body_.starts_with('<')) return;
  const auto parsed = JsonText::parse(body_);
  if (parsed) take_document_value(parsed->value());
  std::string().swap(body_);
}

void AnswerDecoder::take_document_value(const json::value& value) {
  // Gemini without alt=sse: the events as the elements of one array.
  if (const json::array* list = value.if_array()) {
    for (const json::value& element : *list) {
      if (const json::object* object = element.if_object()) take_object(*object);
    }
    return;
  }
  const json::object* object = value.if_object();
  if (object == nullptr) return;
  ++objects_;
  server_error_ = read_server_error(*object);
  if (!server_error_) on_whole(*object);
}

void AnswerDecoder::add_text(std::string_view text) {
  const std::size_t room = kMaxAnswerBytes - text_.size();
  text_cut_ = text_cut_ || text.size() > room;
  text_ += text.substr(0, room);
}

void AnswerDecoder::add_refusal(std::string_view text) {
  refusal_ += text.substr(0, kMaxRefusal - std::min(kMaxRefusal, refusal_.size()));
}

void AnswerDecoder::set_finish(Finish finish, std::string_view word) {
  if (finish_) return;
  finish_ = finish;
  finish_word_ = error_line(word.substr(0, 100));
}

bool AnswerDecoder::is_web_page(const HttpEnding& ending) const {
  return trim(head_).starts_with('<') || contains_ascii_nocase(ending.content_type, "text/html");
}

// What came where an answer was to come.
std::string AnswerDecoder::something_else(const HttpEnding& ending) const {
  if (is_web_page(ending)) {
    const std::string_view title = title_of(head_);
    return title.empty() ? "a web page" : fmt::format("a web page, '{}'", cap_bytes(error_line(title), 100));
  }
  const std::string line = cap_bytes(error_line(head_), 200);
  return line.empty() ? "nothing" : line;
}

CallError AnswerDecoder::refused_by_status(const HttpEnding& ending) const {
  if (server_error_) {
    return call_error(kind_of_server_error(ending.status, *server_error_),
                      fmt::format("HTTP {}: {}", ending.status, words_of(*server_error_)));
  }
  const CallErrorKind kind = kind_of_http_status(ending.status, head_);
  const std::string_view doubt = ending.status == 404 ? " (is the path of the endpoint right?)" : "";
  return call_error(kind, fmt::format("HTTP {}: {}{}", ending.status, something_else(ending), doubt));
}

std::optional<CallError> AnswerDecoder::judge_answer() const {
  const std::string_view answer = trim(answer_in(text_));
  if (!refusal_.empty()) return call_error(CallErrorKind::refused, "the model declined: " + refusal_);
  switch (*finish_) {
    case Finish::cut:
      return call_error(CallErrorKind::output_limit, fmt::format("the answer is cut: '{}'", finish_word_));
    case Finish::refused:
      return call_error(CallErrorKind::refused, fmt::format("the answer was withheld: '{}'", finish_word_));
    case Finish::odd:
      return call_error(CallErrorKind::failed, fmt::format("the answer ended with '{}'", finish_word_));
    case Finish::whole:
      break;
  }
  if (text_cut_) {
    return call_error(CallErrorKind::output_limit, fmt::format("the answer is longer than {} bytes", kMaxAnswerBytes));
  }
  if (answer.empty()) return call_error(CallErrorKind::empty_answer, "the model said nothing");
  const std::uint64_t tokens = usage_.input_tokens.value_or(0);  // 0: not counted
  if (prompt_bytes_ > kTellingPromptBytes && tokens > 0 && tokens < prompt_bytes_ / kMostBytesPerToken) {
    return call_error(
        CallErrorKind::prompt_truncated,
        fmt::format("the endpoint counted {} tokens in a prompt of {} bytes: it was cut", tokens, prompt_bytes_));
  }
  return std::nullopt;
}

std::optional<CallError> AnswerDecoder::judge(const HttpEnding& ending) {
  const auto stopped = [&] {
    return call_error(*ending.stopped_for, fmt::format("stopped: {}", to_string(*ending.stopped_for)));
  };
  const bool by_choice =
      ending.stopped_for == CallErrorKind::cancelled || ending.stopped_for == CallErrorKind::output_limit;
  if (by_choice) return stopped();
  if (ending.status >= 400) return refused_by_status(ending);
  if (server_error_) {
    return call_error(kind_of_server_error(ending.status, *server_error_), words_of(*server_error_));
  }
  if (!finish_ && ending.broken) return ending.broken;
  if (!finish_ && ending.stopped_for) return stopped();
  if (ending.broken || ending.stopped_for) warnings_.emplace_back("the connection did not end as the answer did");
  if (ending.status == 0) return call_error(CallErrorKind::network, "no answer came");
  if (ending.status / 100 != 2) return call_error(CallErrorKind::failed, fmt::format("HTTP {}", ending.status));
  if (trim(head_).empty()) return call_error(CallErrorKind::empty_answer, "HTTP 200 with nothing in it");
  if (!finish_) {
    if (objects_ == 0 && unreadable_ + events_.too_long() == 0) {
      return call_error(CallErrorKind::network, "no answer of a model, but " + something_else(ending));
    }
    return call_error(CallErrorKind::network,
                      unreadable_ > 0 ? "part of the stream could not be read" : "the stream ended early");
  }
  if (unreadable_ + events_.too_long() > 0) {
    return call_error(CallErrorKind::network, "part of the stream could not be read");
  }
  return judge_answer();
}

Decoded AnswerDecoder::finish(const HttpEnding& ending) {
  if (form_ == Form::document) take_document();
  events_.finish([this](std::string_view name, std::string_view data) { take_data(name, data); });
  Decoded result;
  result.error = judge(ending);
  if (result.error && (is_retryable(result.error->kind) || result.error->kind == CallErrorKind::quota_exhausted)) {
    result.error->retry_after = ending.retry_after;
    if (!result.error->retry_after && server_error_) result.error->retry_after = server_error_->retry_after;
    if (!result.error->retry_after) result.error->retry_after = retry_after_in(result.error->message);
  }
  result.text = to_valid_utf8(answer_in(text_));
  result.model = cap_bytes(strip_controls(to_valid_utf8(model_), Newlines::to_space), 200);
  result.usage = usage_;
  result.warnings = std::move(warnings_);
  return result;
}

}  // namespace assize
