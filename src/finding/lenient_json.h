// Reads JSON as models write it: with trailing commas, comments, Python words, quotes of every kind, an end that is
// missing. A value is read once, front to back, without look-behind; nesting is limited; nothing throws.
// What was mended is told, and so is a value that ends early or stops making sense: it keeps what was complete.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assize {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

enum class JsonRepair : std::uint8_t {
  byte_order_mark,
  trailing_comma,
  extra_comma,
  missing_comma,
  comment,
  single_quotes,
  smart_quotes,
  unquoted_key,
  unquoted_value,
  python_literal,
  non_finite_number,
  odd_number,
  raw_newline,
  raw_control,
  bad_escape,
  lone_surrogate,
  inner_quote,
  missing_bracket,
  truncated,
};
std::string_view to_string(JsonRepair repair);  // "trailing comma", …

class JsonRepairs {
 public:
  void add(JsonRepair repair) { bits_ |= bit(repair); }
  void add(JsonRepairs other) { bits_ |= other.bits_; }
  bool has(JsonRepair repair) const { return (bits_ & bit(repair)) != 0; }
  bool none() const { return bits_ == 0; }
  std::vector<std::string> names() const;

 private:
  static std::uint32_t bit(JsonRepair repair) { return 1U << static_cast<unsigned>(repair); }
  std::uint32_t bits_ = 0;
};

// Nodes of all values read so far, in one array; strings in another. Both only grow, or shrink to a mark.
struct JsonTree {
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Node {
    JsonKind kind = JsonKind::null;
    bool truth = false;                // boolean
    bool open = false;                 // a container whose end was not seen
    std::uint32_t begin = 0, end = 0;  // bytes of the source
    std::uint32_t key = 0, key_size = 0;
    std::uint32_t text = 0, text_size = 0;  // string: decoded; number: as written
    std::uint32_t child = kNone, next = kNone;
    double number = 0;
  };
  std::vector<Node> nodes;
  std::string pool;
};

// A value in a tree. Valid until the tree shrinks below it; the views that it returns until the tree changes.
class JsonRef {
 public:
  JsonRef() = default;
  JsonRef(const JsonTree& tree, std::uint32_t index) : tree_(&tree), index_(index) {}
  explicit operator bool() const { return tree_ != nullptr && index_ != JsonTree::kNone; }

  JsonKind kind() const { return node().kind; }
  bool is(JsonKind kind) const { return *this && node().kind == kind; }
  bool is_open() const { return node().open; }
  bool truth() const { return node().truth; }
  double number() const { return node().number; }
  std::string_view key() const { return std::string_view(tree_->pool).substr(node().key, node().key_size); }
  std::string_view text() const { return std::string_view(tree_->pool).substr(node().text, node().text_size); }
  std::size_t begin() const { return node().begin; }
  std::size_t end() const { return node().end; }

  JsonRef first() const { return *this ? JsonRef(*tree_, node().child) : JsonRef(); }
  JsonRef next() const { return JsonRef(*tree_, node().next); }
  // First member of an object whose key is `name`; keys are compared without case, `_`, `-` and spaces, so that
  // "endLine" is "end_line". `name` is given in that form. Empty for other kinds.
  JsonRef find(std::string_view name) const;

 private:
  const JsonTree::Node& node() const { return tree_->nodes[index_]; }
  const JsonTree* tree_ = nullptr;
  std::uint32_t index_ = JsonTree::kNone;
};

bool same_key(std::string_view key, std::string_view folded_name);

enum class JsonEnd {
  complete,
  cut,     // the text ended inside
  broken,  // what follows fits nowhere
};

struct JsonParse {
  JsonEnd end = JsonEnd::broken;
  std::uint32_t root = 0;  // index into the tree; with an end other than complete, its open containers are marked
  std::size_t stop = 0;    // first byte after the value, or where it could not go on
  JsonRepairs repairs;
  bool too_deep = false;  // broken because of kJsonMaxDepth
};

inline constexpr int kJsonMaxDepth = 48;  // contracts nest 5 deep; deeper is an attack, and costs stack

// `text` must be shorter than 4 GiB.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  // Reads the array or object that starts at `from` ('{' or '['), looking at nothing from `limit` on.
  JsonParse read(std::size_t from, std::size_t limit);
  // Forgets what the last read() added.
  void forget(const JsonParse& parse);

  const JsonTree& tree() const { return tree_; }
  JsonRef ref(std::uint32_t index) const { return {tree_, index}; }
  // Bytes looked at so far, over all reads: what a caller bounds to stay linear.
  std::size_t work() const { return work_; }

 private:
  std::string_view text_;
  JsonTree tree_;
  std::size_t work_ = 0;
  std::size_t pool_mark_ = 0;
};

}  // namespace assize
