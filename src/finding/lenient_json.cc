#include "finding/lenient_json.h"

#include <array>
#include <charconv>

#include "core/text.h"
#include "finding/lenient_string.h"

namespace assize {

namespace {

constexpr std::array<std::string_view, 19> kRepairNames = {
    "byte order mark", "trailing comma",        "extra comma",     "missing comma",
    "comment",         "single quotes",         "smart quotes",    "unquoted key",
    "unquoted value",  "Python literal",        "NaN or Infinity", "number format",
    "raw newline",     "raw control character", "bad escape",      "lone surrogate",
    "unescaped quote", "missing bracket",       "truncated",
};

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_bare(char c) {
  return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.' || c == '%';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

enum class Step { ok, cut, broken };

// One read(): recursive descent, as deep as kJsonMaxDepth.
class Descent {
 public:
  Descent(std::string_view text, std::size_t from, JsonTree& tree) : text_(text), pos_(from), tree_(tree) {}

  Step container(std::uint32_t index, int depth);
  std::uint32_t add(JsonKind kind, std::size_t begin);
  std::size_t pos() const { return pos_; }
  JsonRepairs repairs;
  bool too_deep = false;

 private:
  Step items(std::uint32_t index, int depth);
  Step value(std::uint32_t parent, std::uint32_t& last, std::size_t key, std::size_t key_size, int depth);
  Step key(std::size_t& start, std::size_t& size);
  Step bare(std::uint32_t parent, std::uint32_t& last, std::size_t key, std::size_t key_size);
  Step skip_space();  // and comments; cut at the end of the text
  Step string();      // decoded onto the pool
  void link(std::uint32_t parent, std::uint32_t& last, std::uint32_t index);
  void close(std::uint32_t index) {
    tree_.nodes[index].open = false;
    tree_.nodes[index].end = static_cast<std::uint32_t>(++pos_);
  }
  bool at_end() const { return pos_ >= text_.size(); }
  char here() const { return text_[pos_]; }

  std::string_view text_;
  std::size_t pos_;
  JsonTree& tree_;
};

std::uint32_t Descent::add(JsonKind kind, std::size_t begin) {
  const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
  JsonTree::Node& node = tree_.nodes.emplace_back();
  node.kind = kind;
  node.begin = static_cast<std::uint32_t>(begin);
  return index;
}

void Descent::link(std::uint32_t parent, std::uint32_t& last, std::uint32_t index) {
  (last == JsonTree::kNone ? tree_.nodes[parent].child : tree_.nodes[last].next) = index;
  last = index;
}

Step Descent::skip_space() {
  while (!at_end()) {
    const char c = here();
    if (is_space(c)) {
      ++pos_;
      continue;
    }
    const char second = pos_ + 1 < text_.size() ? text_[pos_ + 1] : '\0';
    if (c == '#' || (c == '/' && second == '/')) {
      repairs.add(JsonRepair::comment);
      const std::size_t end = text_.find('\n', pos_);
      pos_ = end == std::string_view::npos ? text_.size() : end;
    } else if (c == '/' && second == '*') {
      repairs.add(JsonRepair::comment);
      const std::size_t end = text_.find("*/", pos_ + 2);
      pos_ = end == std::string_view::npos ? text_.size() : end + 2;
    } else {
      return Step::ok;
    }
  }
  return Step::cut;
}

Step Descent::string() {
  const StringScan scan = scan_lenient_string(text_, pos_, tree_.pool, repairs);
  pos_ = scan.stop;
  return scan.closed ? Step::ok : Step::cut;
}

Step Descent::container(std::uint32_t index, int depth) {
  tree_.nodes[index].open = true;
  ++pos_;
  const Step step = items(index, depth);
  if (step != Step::ok) tree_.nodes[index].end = static_cast<std::uint32_t>(pos_);
  return step;
}

Step Descent::items(std::uint32_t index, int depth) {
  const bool named = tree_.nodes[index].kind == JsonKind::object;
  const char closer = named ? '}' : ']';
  std::uint32_t last = JsonTree::kNone;
  bool after_comma = false;
  while (true) {
    if (skip_space() == Step::cut) return Step::cut;
    if (here() == closer) {
      if (after_comma) repairs.add(JsonRepair::trailing_comma);
      close(index);
      return Step::ok;
    }
    if (here() == ',') {
      repairs.add(JsonRepair::extra_comma);
      ++pos_;
      continue;
    }
    std::size_t key_start = 0;
    std::size_t key_size = 0;
    if (named) {
      if (const Step step = key(key_start, key_size); step != Step::ok) return step;
      if (skip_space() == Step::cut) return Step::cut;
      if (here() != ':') return Step::broken;
      ++pos_;
      if (skip_space() == Step::cut) return Step::cut;
    }
    if (const Step step = value(index, last, key_start, key_size, depth); step != Step::ok) return step;
    if (skip_space() == Step::cut) return Step::cut;
    after_comma = here() == ',';
    if (after_comma) {
      ++pos_;
    } else if (here() == '"' || (!named && (here() == '{' || here() == '['))) {
      repairs.add(JsonRepair::missing_comma);
    } else if (here() != closer) {
      return Step::broken;
    }
  }
}

Step Descent::key(std::size_t& start, std::size_t& size) {
  start = tree_.pool.size();
  if (lenient_quote_at(text_, pos_) != 0) {
    if (const Step step = string(); step != Step::ok) return step;
  } else if (is_alpha(here())) {
    repairs.add(JsonRepair::unquoted_key);
    while (!at_end() && (is_alpha(here()) || is_digit(here()) || here() == '-')) tree_.pool += text_[pos_++];
    if (at_end()) return Step::cut;
  } else {
    return Step::broken;
  }
  size = tree_.pool.size() - start;
  return Step::ok;
}

Step Descent::value(std::uint32_t parent, std::uint32_t& last, std::size_t key, std::size_t key_size, int depth) {
  const char c = here();
  const bool nested = c == '{' || c == '[';
  if (!nested && lenient_quote_at(text_, pos_) == 0) return bare(parent, last, key, key_size);
  if (nested && depth >= kJsonMaxDepth) {
    too_deep = true;
    return Step::broken;
  }

  const std::size_t begin = pos_;
  std::uint32_t index = JsonTree::kNone;
  if (nested) {
    index = add(c == '{' ? JsonKind::object : JsonKind::array, begin);
  } else {
    const std::size_t start = tree_.pool.size();
    if (const Step step = string(); step != Step::ok) return step;
    index = add(JsonKind::string, begin);
    tree_.nodes[index].text = static_cast<std::uint32_t>(start);
    tree_.nodes[index].text_size = static_cast<std::uint32_t>(tree_.pool.size() - start);
    tree_.nodes[index].end = static_cast<std::uint32_t>(pos_);
  }
  tree_.nodes[index].key = static_cast<std::uint32_t>(key);
  tree_.nodes[index].key_size = static_cast<std::uint32_t>(key_size);
  link(parent, last, index);
  return nested ? container(index, depth + 1) : Step::ok;
}

// What the word of a bare value means.
void read_word(std::string_view word, JsonTree::Node& node, JsonRepairs& repairs) {
  const std::string low = to_lower_ascii(word);
  if (low == "true" || low == "false") {
    node.kind = JsonKind::boolean;
    node.truth = low == "true";
    if (low != word) repairs.add(JsonRepair::python_literal);
  } else if (low == "null" || low == "none" || low == "nil" || low == "undefined") {
    node.kind = JsonKind::null;
    if (word != "null") repairs.add(JsonRepair::python_literal);
  } else if (low == "nan" || low == "inf" || low == "infinity" || low == "-infinity" || low == "+infinity" ||
             low == "-inf" || low == "-nan") {
    node.kind = JsonKind::null;
    repairs.add(JsonRepair::non_finite_number);
  } else {
    const std::string_view digits = word.starts_with('+') ? word.substr(1) : word;
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool all = end == digits.data() + digits.size();
    if (all && error == std::errc::result_out_of_range) {
      node.kind = JsonKind::null;
      repairs.add(JsonRepair::non_finite_number);
    } else if (all && error == std::errc()) {
      node.kind = JsonKind::number;
      node.number = number;
      if (!is_digit(word.back()) || !(is_digit(word.front()) || word.front() == '-')) {
        repairs.add(JsonRepair::odd_number);
      }
    } else {
      node.kind = JsonKind::string;
      repairs.add(JsonRepair::unquoted_value);
    }
  }
}

Step Descent::bare(std::uint32_t parent, std::uint32_t& last, std::size_t key, std::size_t key_size) {
  const std::size_t begin = pos_;
  while (!at_end() && is_bare(here())) ++pos_;
  if (at_end()) return Step::cut;  // the word may go on
  const std::string_view word = text_.substr(begin, pos_ - begin);
  if (word.empty() || word.starts_with("..") || !ends_lenient_value(text_, pos_)) {
    pos_ = begin;
    return Step::broken;
  }
  const std::uint32_t index = add(JsonKind::null, begin);
  JsonTree::Node& node = tree_.nodes[index];
  read_word(word, node, repairs);
  node.key = static_cast<std::uint32_t>(key);
  node.key_size = static_cast<std::uint32_t>(key_size);
  node.text = static_cast<std::uint32_t>(tree_.pool.size());
  node.text_size = static_cast<std::uint32_t>(word.size());
  node.end = static_cast<std::uint32_t>(pos_);
  tree_.pool += word;
  link(parent, last, index);
  return Step::ok;
}

}  // namespace

std::string_view to_string(JsonRepair repair) {
  return kRepairNames.at(static_cast<std::size_t>(repair));
}

std::vector<std::string> JsonRepairs::names() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kRepairNames.size(); ++i) {
    if (has(static_cast<JsonRepair>(i))) names.emplace_back(kRepairNames[i]);
  }
  return names;
}

bool same_key(std::string_view key, std::string_view folded_name) {
  std::size_t i = 0;
  for (const char c : key) {
    if (c == '_' || c == '-' || c == ' ') continue;
    if (i == folded_name.size() || lower(c) != folded_name[i]) return false;
    ++i;
  }
  return i == folded_name.size();
}

JsonRef JsonRef::find(std::string_view name) const {
  if (!is(JsonKind::object)) return {};
  for (JsonRef member = first(); member; member = member.next()) {
    if (same_key(member.key(), name)) return member;
  }
  return {};
}

JsonParse JsonReader::read(std::size_t from, std::size_t limit) {
  pool_mark_ = tree_.pool.size();
  Descent descent(text_.substr(0, limit), from, tree_);
  JsonParse parse;
  parse.root = descent.add(text_[from] == '{' ? JsonKind::object : JsonKind::array, from);
  const Step step = descent.container(parse.root, 1);
  parse.end = step == Step::ok ? JsonEnd::complete : step == Step::cut ? JsonEnd::cut : JsonEnd::broken;
  parse.stop = descent.pos();
  parse.repairs = descent.repairs;
  parse.too_deep = descent.too_deep;
  work_ += parse.stop - from;
  return parse;
}

void JsonReader::forget(const JsonParse& parse) {
  tree_.nodes.resize(parse.root);
  tree_.pool.resize(pool_mark_);
}

}  // namespace assize
