// Writes JSON into a string, in the order of the calls: our documents have a fixed key order and stay readable in a
// diff, which no library's value type promises. Knows nothing of our types.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assize::report {

enum class JsonStyle { compact, indented };

class JsonWriter {
 public:
  explicit JsonWriter(JsonStyle style) : style_(style) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);

  // Any bytes: what is not UTF-8 becomes U+FFFD; characters that hide, reorder or control become \uXXXX.
  void value(std::string_view text);
  void value(double number);  // the shortest form that reads back equal; null when it is not finite
  void null() { raw("null"); }
  template <std::same_as<bool> Bool>
  void value(Bool truth) {
    raw(truth ? "true" : "false");
  }
  template <std::integral Number>
  requires(!std::same_as<Number, bool> && !std::same_as<Number, char>) void value(Number number) {
    raw(std::to_string(number));
  }

  template <class T>
  void field(std::string_view name, const T& content) {
    key(name);
    if constexpr (std::convertible_to<T, std::string_view>) {
      value(std::string_view(content));
    } else {
      value(content);
    }
  }
  void field_null(std::string_view name) {
    key(name);
    null();
  }
  // null when it is empty: for what may be unknown.
  void field_or_null(std::string_view name, std::string_view text);

  // The document; the writer is empty afterwards.
  std::string take();

 private:
  void open(char bracket);
  void close(char bracket);
  void before_value();
  void raw(std::string_view token);
  void new_line();

  JsonStyle style_;
  std::string out_;
  std::vector<bool> has_items_;  // by depth
  bool after_key_ = false;
};

}  // namespace assize::report
