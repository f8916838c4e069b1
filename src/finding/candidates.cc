#include "finding/candidates.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace assize {

namespace {

// Every byte may be looked at this often. Honest answers stay below 2; what a hostile one repeats is cut off.
constexpr std::size_t kWorkFactor = 3;
constexpr std::size_t kWorkFloor = 64U << 10;  // so that a short answer is never given up

struct FenceLine {
  std::size_t begin = 0;    // of the line
  std::size_t content = 0;  // of the line after it
  char mark = '`';
  std::size_t size = 0;
  bool bare = true;  // nothing but the marks: may close a block
};

std::vector<FenceLine> find_fences(std::string_view text) {
  std::vector<FenceLine> fences;
  for (std::size_t line = 0; line < text.size();) {
    const std::size_t newline = text.find('\n', line);
    const std::size_t next = newline == std::string_view::npos ? text.size() : newline + 1;
    const std::string_view body = trim(text.substr(line, next - line));
    if (body.starts_with("```") || body.starts_with("~~~")) {
      const std::size_t size = std::min(body.find_first_not_of(body[0]), body.size());
      fences.push_back({line, next, body[0], size, size == body.size()});
    }
    line = next;
  }
  return fences;
}

class Finder {
 public:
  Finder(std::string_view text, JsonReader& reader, const AnswerForm& form)
      : text_(text), reader_(reader), form_(form), fences_(find_fences(text)) {}

  Candidates run() {
    find_empty_list();
    const std::size_t budget = kWorkFactor * text_.size() + kWorkFloor;
    std::size_t pos = text_.find_first_of("{[");
    while (pos != std::string_view::npos) {
      if (reader_.work() > budget || result_.found.size() >= kMaxCandidates) {
        result_.gave_up = true;
        break;
      }
      pos = text_.find_first_of("{[", attempt(pos));
    }
    result_.broken_contract = names_contract(text_.substr(unread_from_)) || broken_;
    return std::move(result_);
  }

 private:
  void find_empty_list() {
    const auto is_empty_list = [](std::string_view body) {
      body = trim(body);
      return body.size() >= 2 && body.front() == '[' && body.back() == ']' &&
             trim(body.substr(1, body.size() - 2)).empty();
    };
    result_.empty_list_alone = is_empty_list(text_);
    for (std::size_t i = 0; i + 1 < fences_.size(); ++i) {
      const std::size_t from = fences_[i].content;
      if (is_empty_list(text_.substr(from, fences_[i + 1].begin - from))) result_.empty_list_alone = true;
    }
  }

  // Reads what starts at `pos`; returns where the search goes on.
  std::size_t attempt(std::size_t pos) {
    JsonParse parse = reader_.read(pos, text_.size());
    if (parse.end != JsonEnd::complete) {
      // A block's end is the end of what was cut inside it, although an open string ran over it.
      const std::size_t fence = next_fence(pos);
      if (fence < parse.stop) {
        reader_.forget(parse);
        parse = reader_.read(pos, fence);
      }
    }
    std::vector<Shape> shapes = form_.shapes(reader_.ref(parse.root));
    if (!shapes.empty()) {
      if (names_contract(text_.substr(unread_from_, pos - unread_from_))) broken_ = true;
      unread_from_ = std::max(parse.stop, pos + 1);
      result_.found.push_back({parse, std::move(shapes)});
      return unread_from_;
    }
    reader_.forget(parse);
    return other_json(parse) ? parse.stop : pos + 1;
  }

  // What was read without guessing where its strings end is what it seems: JSON that is no review. Anything else may be
  // prose that happens to start like a value and to swallow one, so the search goes on inside. A nest that is too deep
  // is left behind whole: trying each of its brackets would cost its depth times over.
  static bool other_json(const JsonParse& parse) {
    if (parse.too_deep) return true;
    if (parse.end != JsonEnd::complete) return false;
    constexpr std::array kGuesses = {JsonRepair::inner_quote,  JsonRepair::single_quotes, JsonRepair::smart_quotes,
                                     JsonRepair::raw_newline,  JsonRepair::comment,       JsonRepair::missing_comma,
                                     JsonRepair::unquoted_key, JsonRepair::unquoted_value};
    return std::none_of(kGuesses.begin(), kGuesses.end(), [&](JsonRepair guess) { return parse.repairs.has(guess); });
  }

  // The line of marks that ends the block around `pos`, or that starts the next block; else the end of the text.
  std::size_t next_fence(std::size_t pos) const {
    constexpr int kHops = 16;  // shorter fences inside a longer one
    auto next = std::upper_bound(fences_.begin(), fences_.end(), pos,
                                 [](std::size_t at, const FenceLine& fence) { return at < fence.begin; });
    if (next == fences_.end()) return text_.size();
    if (next == fences_.begin()) return next->begin;
    const FenceLine& open = *(next - 1);
    for (int hop = 0; hop < kHops && next != fences_.end(); ++hop, ++next) {
      if (next->bare && next->mark == open.mark && next->size >= open.size) return next->begin;
    }
    return text_.size();
  }

  // Whether text that no value was read from uses the contract's keys as keys.
  bool names_contract(std::string_view text) const {
    for (const std::string_view name : form_.keys) {
      if (name.empty()) continue;
      for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const std::size_t after = at + name.size();
        if (at == 0 || after >= text.size() || text[at - 1] != text[after]) continue;
        if (text[after] != '"' && text[after] != '\'') continue;
        if (trim(text.substr(after + 1, 8)).starts_with(':')) return true;
      }
    }
    return false;
  }

  std::string_view text_;
  JsonReader& reader_;
  const AnswerForm& form_;
  std::vector<FenceLine> fences_;
  std::size_t unread_from_ = 0;  // end of the last value that was taken
  bool broken_ = false;
  Candidates result_;
};

}  // namespace

const AnswerForm& review_form() {
  static const AnswerForm form = {
      .shapes = find_shapes, .keys = {"findings", "severity"}, .marks = {"findings:["}, .is_item = {}};
  return form;
}

Candidates find_candidates(std::string_view text, JsonReader& reader, const AnswerForm& form) {
  return Finder(text, reader, form).run();
}

}  // namespace assize
