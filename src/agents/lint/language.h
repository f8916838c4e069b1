// Which language a file is in, by its name and, for scripts without a suffix, by its first line.
#pragma once

#include <cstdint>
#include <string_view>

namespace assize::lint {

// One bit each, so that a rule can name several.
enum class Language : std::uint32_t {
  other = 0,
  c = 1U << 0U,
  cpp = 1U << 1U,
  python = 1U << 2U,
  javascript = 1U << 3U,
  typescript = 1U << 4U,
  go = 1U << 5U,
  java = 1U << 6U,
  rust = 1U << 7U,
  shell = 1U << 8U,
  sql = 1U << 9U,
  yaml = 1U << 10U,
  dockerfile = 1U << 11U,
};

class Languages {
 public:
  constexpr Languages(Language one) : bits_(static_cast<std::uint32_t>(one)) {}  // NOLINT: a language is a set of one
  constexpr bool has(Language one) const { return (bits_ & static_cast<std::uint32_t>(one)) != 0 || bits_ == kAny; }
  friend constexpr Languages operator|(Languages a, Languages b) { return Languages(a.bits_ | b.bits_); }
  static constexpr Languages any() { return Languages(kAny); }
  constexpr bool is_any() const { return bits_ == kAny; }

 private:
  static constexpr std::uint32_t kAny = 0xffffffffU;  // files in no known language included
  constexpr explicit Languages(std::uint32_t bits) : bits_(bits) {}
  std::uint32_t bits_;
};
constexpr Languages operator|(Language a, Language b) {
  return Languages(a) | Languages(b);
}

// `first_line` is the first line of the file, or empty when it is not known.
Language language_of(std::string_view path, std::string_view first_line);

}  // namespace assize::lint
