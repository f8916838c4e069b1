#include "agents/lint/language.h"

#include <array>
#include <string>

#include "core/text.h"

namespace assize::lint {

namespace {

struct Named {
  std::string_view key;
  Language language;
};

constexpr std::array kSuffixes = {
    Named{"c", Language::c},
    Named{"h", Language::c},
    Named{"cc", Language::cpp},
    Named{"cpp", Language::cpp},
    Named{"cxx", Language::cpp},
    Named{"hpp", Language::cpp},
    Named{"hh", Language::cpp},
    Named{"hxx", Language::cpp},
    Named{"py", Language::python},
    Named{"pyi", Language::python},
    Named{"js", Language::javascript},
    Named{"mjs", Language::javascript},
    Named{"cjs", Language::javascript},
    Named{"jsx", Language::javascript},
    Named{"ts", Language::typescript},
    Named{"mts", Language::typescript},
    Named{"cts", Language::typescript},
    Named{"tsx", Language::typescript},
    Named{"go", Language::go},
    Named{"java", Language::java},
    Named{"rs", Language::rust},
    Named{"sh", Language::shell},
    Named{"bash", Language::shell},
    Named{"ksh", Language::shell},
    Named{"sql", Language::sql},
    Named{"yml", Language::yaml},
    Named{"yaml", Language::yaml},
    Named{"dockerfile", Language::dockerfile},
};

// Interpreters of a "#!" line.
constexpr std::array kInterpreters = {
    Named{"bash", Language::shell},      Named{"dash", Language::shell},    Named{"ksh", Language::shell},
    Named{"sh", Language::shell},        Named{"python", Language::python}, Named{"python3", Language::python},
    Named{"node", Language::javascript},
};

Language by_interpreter(std::string_view line) {
  if (!line.starts_with("#!")) return Language::other;
  line.remove_prefix(2);
  for (std::string_view word : split(trim(line), ' ')) {
    const std::size_t slash = word.rfind('/');
    if (slash != std::string_view::npos) word.remove_prefix(slash + 1);
    if (word.empty() || word == "env" || word.starts_with('-')) continue;
    for (const Named& named : kInterpreters) {
      if (word == named.key) return named.language;
    }
    return word.starts_with("python3.") ? Language::python : Language::other;
  }
  return Language::other;
}

}  // namespace

Language language_of(std::string_view path, std::string_view first_line) {
  const std::size_t slash = path.rfind('/');
  const std::string name = to_lower_ascii(slash == std::string_view::npos ? path : path.substr(slash + 1));
  if (name == "dockerfile" || name == "containerfile" || name.starts_with("dockerfile.")) return Language::dockerfile;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0) return by_interpreter(first_line);
  const std::string_view suffix = std::string_view(name).substr(dot + 1);
  for (const Named& named : kSuffixes) {
    if (suffix == named.key) return named.language;
  }
  return by_interpreter(first_line);
}

}  // namespace assize::lint
