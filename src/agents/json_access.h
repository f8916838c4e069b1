// Reading of JSON values that a program printed: every accessor answers "not there" instead of throwing, so that a
// decoder states only what it looks for.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace boost::json {
class array;
class object;
class value;
}  // namespace boost::json

namespace assize {

// A parsed value, kept out of line so that the library's header stays out of ours.
class JsonText {
 public:
  // Nothing when `text` is not one JSON value or is nested too deeply. Lone surrogates (\ud83d alone, which JavaScript
  // prints) and invalid UTF-8 are read as U+FFFD: neither may cost an answer.
  static std::optional<JsonText> parse(std::string_view text);
  ~JsonText();
  JsonText(JsonText&&) noexcept;
  JsonText& operator=(JsonText&&) noexcept;

  const boost::json::value& value() const { return *value_; }
  const boost::json::object* object() const;  // null when the value is none

 private:
  explicit JsonText(std::unique_ptr<boost::json::value> value);
  std::unique_ptr<boost::json::value> value_;
};

using JsonPath = std::initializer_list<std::string_view>;

// The member at the end of `path` (one key a step), or null.
const boost::json::value* json_at(const boost::json::object& object, JsonPath path);
const boost::json::object* json_object(const boost::json::object& object, JsonPath path);
const boost::json::array* json_array(const boost::json::object& object, JsonPath path);
std::optional<std::string_view> json_string(const boost::json::object& object, JsonPath path);
std::string_view json_text(const boost::json::object& object, JsonPath path);               // empty when not there
std::optional<std::uint64_t> json_count(const boost::json::object& object, JsonPath path);  // a number >= 0
std::optional<double> json_number(const boost::json::object& object, JsonPath path);
std::optional<bool> json_bool(const boost::json::object& object, JsonPath path);

// The value at an RFC 6901 pointer ("" is the whole), or null.
const boost::json::value* json_pointer(const boost::json::value& value, std::string_view pointer);
bool is_json_pointer(std::string_view pointer);

// A string as it is, anything else as JSON.
std::string json_to_text(const boost::json::value& value);
std::string json_quote(std::string_view text);

}  // namespace assize
