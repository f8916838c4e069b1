#include "cli/toml_reader.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include <fmt/core.h>
#include <toml++/toml.h>

#include "cli/values.h"
#include "core/text.h"

namespace assize {
namespace {

// Where the nesting goes past the bound, before the parser builds it: toml++ frees a table by recursion, one level a
// dot. Follows strings and comments; everything else only counts brackets, and dots since the last separator.
class DepthCheck {
 public:
  explicit DepthCheck(std::string_view text) : text_(text) {}

  // The line of the first excess, or nothing.
  std::optional<std::uint32_t> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        skip_to_line_end();
      } else if (c == '"' || c == '\'') {
        skip_string(c);
      } else {
        ++at_;
        if (!count(c)) return line_;
      }
    }
    return std::nullopt;
  }

 private:
  bool count(char c) {
    switch (c) {
      case '\n':
        ++line_;
        dots_ = 0;
        break;
      case '=':
      case ',':
        dots_ = 0;
        break;
      case '.':
        ++dots_;
        break;
      case '[':
      case '{':
        dots_ = 0;
        ++brackets_;
        break;
      case ']':
      case '}':
        if (brackets_ > 0) --brackets_;
        break;
      default:
        break;
    }
    return dots_ <= kMaxConfigDepth && brackets_ <= kMaxConfigDepth;
  }

  void skip_to_line_end() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  }

  void skip_string(char quote) {
    const std::string three(3, quote);
    const bool multi_line = text_.substr(at_, 3) == three;
    at_ += multi_line ? 3 : 1;
    while (at_ < text_.size()) {
      if (text_[at_] == '\n') {
        if (!multi_line) return;  // not TOML; the parser will say so
        ++line_;
      }
      if (quote == '"' && text_[at_] == '\\') {
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++line_;
        at_ = std::min(at_ + 2, text_.size());
        continue;
      }
      if (multi_line ? text_.substr(at_, 3) == three : text_[at_] == quote) {
        at_ += multi_line ? 3 : 1;
        // Up to two quotes may stand before the closing three.
        while (multi_line && at_ < text_.size() && text_[at_] == quote) ++at_;
        return;
      }
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::size_t dots_ = 0, brackets_ = 0;
};

TomlValue leaf_value(const toml::node& node);

TomlRow row_value(const toml::table& table) {
  TomlRow row{{}, table.source().begin.line, table.source().begin.column};
  for (auto&& [key, node] : table) {
    const toml::source_position at = node.source().begin;
    TomlCell cell{std::string(key.str()), std::nullopt, {}, at.line, at.column};
    if (const auto* text = node.as_string()) {
      cell.text = text->get();
    } else if (node.is_table()) {
      cell.what = "a table";
    } else if (node.is_array()) {
      cell.what = "a list";
    } else {
      cell.what = describe(leaf_value(node));
    }
    row.cells.push_back(std::move(cell));
  }
  std::stable_sort(row.cells.begin(), row.cells.end(), [](const TomlCell& a, const TomlCell& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return row;
}

TomlValue list_value(const toml::array& list) {
  std::vector<std::string> texts;
  TomlRows rows;
  for (const toml::node& item : list) {
    if (const auto* text = item.as_string()) {
      texts.push_back(text->get());
    } else if (const auto* table = item.as_table()) {
      rows.push_back(row_value(*table));
    } else {
      return TomlOther{"a list with something else than text"};
    }
  }
  if (rows.empty()) return texts;
  if (!texts.empty()) return TomlOther{"a list with tables and texts"};
  return rows;
}

TomlValue leaf_value(const toml::node& node) {
  if (const auto* value = node.as_boolean()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) return value->get();
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_array()) return list_value(*value);
  return TomlOther{"a date or a time"};
}

// The depth is bounded by DepthCheck (at most kMaxConfigDepth dots in each of kMaxConfigDepth brackets).
void collect(const toml::table& table, std::vector<std::string>& path, std::vector<TomlEntry>& out) {
  for (auto&& [key, node] : table) {
    path.emplace_back(key.str());
    const toml::source_position at = node.source().begin;
    if (const auto* inner = node.as_table()) {
      out.push_back({path, TomlTable{}, at.line, at.column});
      collect(*inner, path, out);
    } else {
      out.push_back({path, leaf_value(node), at.line, at.column});
    }
    path.pop_back();
  }
}

}  // namespace

Result<std::vector<TomlEntry>> read_toml(std::string_view text, std::string_view name) {
  if (text.size() > kMaxConfigBytes) {
    return invalid(
        fmt::format("{}: {} bytes are too many for a config; at most {}", name, text.size(), kMaxConfigBytes));
  }
  if (const auto line = DepthCheck(text).run()) {
    return invalid(fmt::format("{}:{}:1: nested more than {} deep", name, *line, kMaxConfigDepth));
  }
  try {
    const toml::table root = toml::parse(text, std::string());
    std::vector<TomlEntry> out;
    std::vector<std::string> path;
    collect(root, path, out);
    std::stable_sort(out.begin(), out.end(), [](const TomlEntry& a, const TomlEntry& b) {
      return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    return out;
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return invalid(fmt::format("{}:{}:{}: not TOML: {}", name, at.line, at.column,
                               cap_bytes(strip_controls(to_valid_utf8(error.description()), Newlines::to_space), 300)));
  } catch (const std::exception& error) {
    return invalid(fmt::format("{}: cannot be read: {}", name, shown_word(error.what())));
  }
}

std::string describe(const TomlValue& value) {
  struct Words {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return shown_word(text); }
    std::string operator()(const std::vector<std::string>&) const { return "a list"; }
    std::string operator()(const TomlTable&) const { return "a table"; }
    std::string operator()(const TomlRows&) const { return "a list of tables"; }
    std::string operator()(const TomlOther& other) const { return other.what; }
  };
  return std::visit(Words{}, value);
}

}  // namespace assize
