#include "agents/json_access.h"

#include <boost/json.hpp>

#include "core/text.h"

namespace assize {

namespace json = boost::json;

namespace {

// Deep enough for any vendor's events, and far from the end of the stack.
constexpr std::size_t kMaxDepth = 128;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The code unit of a \uXXXX escape that begins at `at`, if there is one.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    if (!is_hex(text[i])) return std::nullopt;
    const char c = static_cast<char>(text[i] | 0x20);
    unit = unit * 16 + static_cast<unsigned>(c >= 'a' ? c - 'a' + 10 : c - '0');
  }
  return unit;
}

// Replaces escaped surrogates that have no partner by \ufffd.
std::string mend_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      out += text[i++];
      continue;
    }
    const auto unit = escaped_unit(text, i);
    if (!unit) {
      out += text.substr(i, 2);
      i += 2;
      continue;
    }
    const bool high = *unit >= 0xD800 && *unit <= 0xDBFF;
    const bool low = *unit >= 0xDC00 && *unit <= 0xDFFF;
    const auto next = high ? escaped_unit(text, i + 6) : std::nullopt;
    if (high && next && *next >= 0xDC00 && *next <= 0xDFFF) {
      out += text.substr(i, 12);
      i += 12;
    } else {
      out += high || low ? std::string_view("\\ufffd") : text.substr(i, 6);
      i += 6;
    }
  }
  return out;
}

std::optional<json::value> parse_once(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::error_code failure;
  try {
    json::value value = json::parse(json::string_view(text.data(), text.size()), failure, {}, options);
    if (failure) return std::nullopt;
    return value;
  } catch (const std::exception&) {
    return std::nullopt;  // bad_alloc, length_error
  }
}

}  // namespace

JsonText::JsonText(std::unique_ptr<json::value> value) : value_(std::move(value)) {}
JsonText::~JsonText() = default;
JsonText::JsonText(JsonText&&) noexcept = default;
JsonText& JsonText::operator=(JsonText&&) noexcept = default;

std::optional<JsonText> JsonText::parse(std::string_view text) {
  auto value = parse_once(text);
  if (!value) value = parse_once(mend_surrogates(to_valid_utf8(text)));
  if (!value) return std::nullopt;
  return JsonText(std::make_unique<json::value>(std::move(*value)));
}

const json::object* JsonText::object() const {
  return value_->if_object();
}

const json::value* json_at(const json::object& object, JsonPath path) {
  const json::object* here = &object;
  const json::value* found = nullptr;
  for (const std::string_view key : path) {
    if (here == nullptr) return nullptr;
    found = here->if_contains(json::string_view(key.data(), key.size()));
    if (found == nullptr) return nullptr;
    here = found->if_object();
  }
  return found;
}

const json::object* json_object(const json::object& object, JsonPath path) {
  const json::value* found = json_at(object, path);
  return found == nullptr ? nullptr : found->if_object();
}

const json::array* json_array(const json::object& object, JsonPath path) {
  const json::value* found = json_at(object, path);
  return found == nullptr ? nullptr : found->if_array();
}

std::optional<std::string_view> json_string(const json::object& object, JsonPath path) {
  const json::value* found = json_at(object, path);
  const json::string* text = found == nullptr ? nullptr : found->if_string();
  if (text == nullptr) return std::nullopt;
  return std::string_view(text->data(), text->size());
}

std::string_view json_text(const json::object& object, JsonPath path) {
  return json_string(object, path).value_or(std::string_view());
}

std::optional<double> json_number(const json::object& object, JsonPath path) {
  const json::value* found = json_at(object, path);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  json::error_code failure;
  const auto number = found->to_number<double>(failure);
  if (failure) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> json_count(const json::object& object, JsonPath path) {
  const json::value* found = json_at(object, path);
  if (found == nullptr) return std::nullopt;
  if (const auto* number = found->if_uint64()) return *number;
  if (const auto* number = found->if_int64(); number != nullptr && *number >= 0) {
    return static_cast<std::uint64_t>(*number);
  }
  constexpr double kExact = 9007199254740992.0;  // 2^53: a double counts exactly up to here
  if (const auto* number = found->if_double(); number != nullptr && *number >= 0 && *number <= kExact) {
    return static_cast<std::uint64_t>(*number);
  }
  return std::nullopt;
}

std::optional<bool> json_bool(const json::object& object, JsonPath path) {
  const json::value* found = json_at(object, path);
  if (found == nullptr || !found->is_bool()) return std::nullopt;
  return found->as_bool();
}

bool is_json_pointer(std::string_view pointer) {
  if (!pointer.empty() && pointer.front() != '/') return false;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] != '~') continue;
    if (i + 1 >= pointer.size() || (pointer[i + 1] != '0' && pointer[i + 1] != '1')) return false;
  }
  return true;
}

const json::value* json_pointer(const json::value& value, std::string_view pointer) {
  json::error_code failure;
  const json::value* found = value.find_pointer(json::string_view(pointer.data(), pointer.size()), failure);
  return failure ? nullptr : found;
}

std::string json_to_text(const json::value& value) {
  if (const auto* text = value.if_string()) return {text->data(), text->size()};
  return json::serialize(value);
}

std::string json_quote(std::string_view text) {
  return json::serialize(json::value(json::string(text.data(), text.size())));
}

}  // namespace assize
