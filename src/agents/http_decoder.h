// What the decoders of all endpoints share: telling a stream of events from a whole answer and from something else,
// bounded memory, and how the exchange's end and what the server said make one result. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/adapter.h"
#include "agents/http_error.h"
#include "agents/sse_reader.h"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace assize {

// A prompt for which fewer tokens are reported than this many bytes a token would make was cut by the endpoint: no
// tokenizer packs more bytes of ordinary text or code into one token. Short prompts prove nothing.
inline constexpr std::size_t kMostBytesPerToken = 12;
inline constexpr std::size_t kTellingPromptBytes = 8U << 10;

class AnswerDecoder : public HttpDecoder {
 public:
  explicit AnswerDecoder(const Call& call) : prompt_bytes_(call.prompt.size()) {}
  void feed(std::string_view bytes) final;
  bool ended() const final { return done_; }
  Decoded finish(const HttpEnding& ending) final;

 protected:
  virtual void on_event(const boost::json::object& event) = 0;   // the data of one event of the stream
  virtual void on_whole(const boost::json::object& answer) = 0;  // an answer that was not streamed
  // The last look at the text, e.g. to take out what is no answer.
  virtual std::string_view answer_in(std::string_view text) const { return text; }

  // For vendors. How the model says that it came to its end; the first word stands.
  enum class Finish { whole, cut, refused, odd };
  void add_text(std::string_view text);
  void set_finish(Finish finish, std::string_view word);
  bool has_finish() const { return finish_.has_value(); }
  void set_done() { done_ = true; }  // nothing that follows matters
  // Why the model declined, in its own words.
  void add_refusal(std::string_view text);

  std::string model_;
  Usage usage_;

 private:
  enum class Form { unknown, events, document };
  void take_data(std::string_view name, std::string_view data);
  void take_object(const boost::json::object& object);
  void take_document();
  void take_document_value(const boost::json::value& value);
  std::optional<CallError> judge(const HttpEnding& ending);
  std::optional<CallError> judge_answer() const;
  CallError refused_by_status(const HttpEnding& ending) const;
  std::string something_else(const HttpEnding& ending) const;
  bool is_web_page(const HttpEnding& ending) const;

  std::size_t prompt_bytes_;
  Form form_ = Form::unknown;
  SseReader events_;
  std::string head_;  // the first bytes as they came, for messages
  std::string body_;  // of a document
  std::string text_;
  std::string refusal_;
  std::string finish_word_;
  std::optional<Finish> finish_;
  std::optional<ServerError> server_error_;
  std::vector<std::string> warnings_;
  std::size_t objects_ = 0;
  std::size_t unreadable_ = 0;
  bool text_cut_ = false;
  bool body_cut_ = false;
  bool done_ = false;
};

}  // namespace assize
