#include "finding/read_findings.h"

#include <cmath>
#include <set>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/text.h"
#include "finding/normalise.h"

namespace assize {

namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 32;

// One finding, and where it stands, for messages.
class ItemReader {
 public:
  ItemReader(const json::object& item, std::string place) : item_(item), place_(std::move(place)) {}

  Result<Finding> read() {
    Finding finding;
    TRY_ASSIGN(finding.id, required("id"));
    TRY_ASSIGN(finding.agent, required("agent"));
    TRY_ASSIGN(finding.title, required("title"));
    finding.title = clean_line(finding.title, kTitleBytes);
    if (finding.title.empty()) return invalid(fmt::format("{}: \"title\" is empty", place_));
    TRY(read_words(finding));
    TRY(read_place(finding));
    TRY_ASSIGN(const std::string_view detail, text("detail"));
    finding.detail = clean_text(detail, kDetailBytes);
    TRY_ASSIGN(const std::string_view fix, text("fix"));
    finding.fix = clean_text(fix, kDetailBytes);
    TRY_ASSIGN(const std::string_view rule, text("rule"));
    finding.rule = clean_line(rule, kWordBytes);
    return finding;
  }

 private:
  Result<std::string> required(std::string_view key) {
    TRY_ASSIGN(const std::string_view value, text(key));
    if (trim(value).empty()) return invalid(fmt::format("{}: \"{}\" is missing or empty", place_, key));
    return clean_line(value, kDetailBytes);
  }

  Result<std::string_view> text(std::string_view key) {
    const json::value* value = item_.if_contains(key);
    if (value == nullptr || value->is_null()) return std::string_view();
    const json::string* string = value->if_string();
    if (string == nullptr) return invalid(fmt::format("{}: \"{}\" must be a string", place_, key));
    return std::string_view(string->data(), string->size());
  }

  Result<bool> read_words(Finding& finding) {
    TRY_ASSIGN(const std::string_view severity, text("severity"));
    finding.severity_guessed = severity.empty();
    if (!severity.empty()) {
      const auto known = read_severity(severity);
      if (!known) {
        return invalid(fmt::format("{}: \"{}\" is no severity", place_, clean_line(severity, kWordBytes)),
                       "one of critical, high, medium, low, info");
      }
      finding.severity = *known;
    }
    TRY_ASSIGN(const std::string_view category, text("category"));
    if (!category.empty()) {
      const auto known = read_category(category);
      if (!known) {
        return invalid(fmt::format("{}: \"{}\" is no category", place_, clean_line(category, kWordBytes)),
                       "one of bug, security, performance, maintainability, test-gap, docs");
      }
      finding.category = *known;
    }
    const json::value* confidence = item_.if_contains("confidence");
    if (confidence == nullptr || confidence->is_null()) return true;
    if (!confidence->is_number()) return invalid(fmt::format("{}: \"confidence\" must be a number", place_));
    const double number = confidence->to_number<double>();
    if (!(number >= 0 && number <= 1)) return invalid(fmt::format("{}: \"confidence\" must be from 0 to 1", place_));
    finding.confidence = number;
    return true;
  }

  // The place as a finding has it ("file", "line", "end_line"), or as an outcome gives it ("cited" and "anchor").
  Result<bool> read_place(Finding& finding) {
    TRY_ASSIGN(const json::object* cited, part("cited"));
    if (cited != nullptr) {
      TRY_ASSIGN(finding.cited, ItemReader(*cited, place_).citation("path"));
    } else {
      TRY_ASSIGN(finding.cited, citation("file"));
    }
    TRY_ASSIGN(const json::object* anchor, part("anchor"));
    if (anchor != nullptr) {
      TRY_ASSIGN(finding.anchor, ItemReader(*anchor, place_).anchor());
    }
    return true;
  }

  Result<const json::object*> part(std::string_view key) {
    const json::value* value = item_.if_contains(key);
    if (value == nullptr || value->is_null()) return static_cast<const json::object*>(nullptr);
    if (!value->is_object()) return invalid(fmt::format("{}: \"{}\" must be an object", place_, key));
    return value->if_object();
  }

  Result<Citation> citation(std::string_view path_key) {
    Citation cited;
    TRY_ASSIGN(const std::string_view path, text(path_key));
    cited.path = clean_line(path, kPathBytes);
    TRY_ASSIGN(cited.lines, lines());
    TRY_ASSIGN(const std::string_view quote, text("quote"));
    cited.quote = clean_text(quote, kQuoteBytes);
    TRY_ASSIGN(const std::string_view symbol, text("symbol"));
    cited.symbol = clean_line(symbol, kWordBytes);
    TRY_ASSIGN(cited.side, side());
    return cited;
  }

  Result<Anchor> anchor() {
    Anchor anchor;
    TRY_ASSIGN(const std::string_view word, text("state"));
    const auto state = anchor_state_from(word);
    if (!state) return invalid(fmt::format("{}: \"{}\" is no anchor state", place_, clean_line(word, kWordBytes)));
    anchor.state = *state;
    TRY_ASSIGN(const std::string_view path, text("path"));
    anchor.path = clean_line(path, kPathBytes);
    TRY_ASSIGN(anchor.lines, lines());
    TRY_ASSIGN(anchor.side, side());
    return anchor;
  }

  static std::optional<AnchorState> anchor_state_from(std::string_view word) {
    for (auto state = AnchorState::exact;; state = static_cast<AnchorState>(static_cast<int>(state) + 1)) {
      if (to_string(state) == word) return state;
      if (state == AnchorState::fabricated) return std::nullopt;  // the last
    }
  }

  // Both names that a side goes by in our documents.
  Result<Side> side() {
    TRY_ASSIGN(const std::string_view word, text("side"));
    if (word.empty() || word == "new" || word == "post_image") return Side::post_image;
    if (word == "old" || word == "pre_image") return Side::pre_image;
    return invalid(fmt::format("{}: \"{}\" is no side", place_, clean_line(word, kWordBytes)), "new or old");
  }

  Result<std::optional<LineRange>> lines() {
    TRY_ASSIGN(const std::optional<std::uint32_t> first, line("line"));
    TRY_ASSIGN(const std::optional<std::uint32_t> last, line("end_line"));
    if (!first) return std::optional<LineRange>();
    return std::optional(LineRange{*first, std::max(*first, last.value_or(*first))});
  }

  Result<std::optional<std::uint32_t>> line(std::string_view key) {
    const json::value* value = item_.if_contains(key);
    if (value == nullptr || value->is_null()) return std::optional<std::uint32_t>();
    constexpr double kMaxLine = 2e9;
    const double number = value->is_number() ? value->to_number<double>() : -1;
    if (!(number >= 1 && number <= kMaxLine) || number != std::floor(number)) {
      return invalid(fmt::format("{}: \"{}\" must be a line number from 1", place_, key));
    }
    return std::optional(static_cast<std::uint32_t>(number));
  }

  const json::object& item_;
  std::string place_;
};

}  // namespace

Result<std::vector<Finding>> read_findings(std::string_view text, std::string_view name) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::stream_parser parser({}, options);
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error && parser.done() && !trim(text.substr(read)).empty()) {
    return invalid(fmt::format("{}: something follows the JSON value at byte {}", name, read));
  }
  if (!error) parser.finish(error);
  if (error) {
    return invalid(fmt::format("{}: not JSON: {} near byte {}", name, error.message(), read),
                   "an agent's free text is read by `assize parse`");
  }
  const json::value document = parser.release();
  const json::object* object = document.if_object();
  const json::value* list = object == nullptr ? nullptr : object->if_contains("findings");
  if (list == nullptr || !list->is_array()) {
    return invalid(fmt::format("{}: no list \"findings\" in the document", name),
                   R"(expected {"findings": [{"id": …, "agent": …, "title": …}]}, or SARIF)");
  }

  std::vector<Finding> findings;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < list->get_array().size(); ++i) {
    const std::string place = fmt::format("{}: findings[{}]", name, i);
    const json::object* item = list->get_array()[i].if_object();
    if (item == nullptr) return invalid(place + ": not an object");
    TRY_ASSIGN(Finding finding, ItemReader(*item, place).read());
    if (!ids.insert(finding.id).second)
      return invalid(fmt::format("{}: the id \"{}\" is not unique", place, finding.id));
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace assize
