#include "trial/depth.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "change/file_class.h"
#include "change/glob.h"
#include "core/text.h"

namespace assize {

namespace {

// Words of a path that say that the file guards something. Ours, gone through by the chapters of OWASP ASVS 4.0:
// authentication (V2), sessions (V3), access control (V4), validation and encoding (V5), cryptography (V6), data
// protection (V8), communication (V9), business logic that moves money (V11), configuration and the build (V14).
// Sorted, for binary search.
constexpr std::array<std::string_view, 72> kSensitiveWords = {
    "acl",           "admin",       "auth",          "authentication",
    "authenticator", "authn",       "authorization", "authorize",
    "authorizer",    "authz",       "billing",       "captcha",
    "cert",          "certificate", "certificates",  "certs",
    "cipher",        "cookie",      "cookies",       "cors",
    "credential",    "credentials", "crypto",        "cryptography",
    "csp",           "csrf",        "decrypt",       "deserialize",
    "encrypt",       "encryption",  "escape",        "firewall",
    "hmac",          "iam",         "jwt",           "keyring",
    "keystore",      "kms",         "ldap",          "login",
    "logout",        "mfa",         "oauth",         "oidc",
    "otp",           "pam",         "passwd",        "password",
    "passwords",     "payment",     "payments",      "permission",
    "permissions",   "privilege",   "privileges",    "rbac",
    "saml",          "sandbox",     "sanitize",      "sanitizer",
    "secret",        "secrets",     "secure",        "security",
    "session",       "sessions",    "ssl",           "sso",
    "sudo",          "tls",         "totp",          "workflows"};

bool is_sensitive(std::string_view word) {
  static_assert(std::is_sorted(kSensitiveWords.begin(), kSensitiveWords.end()));
  return std::binary_search(kSensitiveWords.begin(), kSensitiveWords.end(), word);
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// Calls found(word) for each run of letters, split at camelCase ("OAuthToken" has O, Auth and Token, "JWTCheck" has JWT
// and Check), in lower case.
template <class Found>
void for_each_word(std::string_view path, Found found) {
  std::string word;
  const auto end = [&] {
    if (!word.empty()) found(std::string_view(word));
    word.clear();
  };
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (!is_lower(c) && !is_upper(c)) {
      end();
      continue;
    }
    const bool after_lower = i > 0 && is_lower(path[i - 1]);
    const bool before_lower = i + 1 < path.size() && is_lower(path[i + 1]);
    if (is_upper(c) && (after_lower || before_lower)) end();
    word += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  end();
}

std::string sensitive_word(std::string_view path) {
  std::string first;
  for_each_word(path, [&](std::string_view word) {
    if (first.empty() && is_sensitive(word)) first = word;
  });
  return first;
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

template <class List>
bool ends_with_any(std::string_view name, const List& endings) {
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

// Prose for people. What agents take as instructions is none, whatever its ending.
bool is_documentation(std::string_view path) {
  constexpr std::string_view kEndings[] = {".md", ".markdown", ".rst", ".txt", ".adoc", ".asciidoc", ".org"};
  constexpr std::string_view kNames[] = {"readme",  "changelog", "changes",      "license", "licence",
                                         "copying", "authors",   "contributing", "notice",  "news"};
  constexpr std::string_view kInstructions[] = {"claude.md", "agents.md", "gemini.md",
                                                "qwen.md",   "skill.md",  "copilot-instructions.md"};
  constexpr std::string_view kInput[] = {"requirements", "constraints", "robots"};
  const std::string name = to_lower_ascii(name_of(path));
  if (is_source_name(path) || contains(kInstructions, name)) return false;
  const auto starts = [&](std::string_view start) { return name.starts_with(start); };
  if (std::any_of(std::begin(kInput), std::end(kInput), starts)) return false;
  return ends_with_any(name, kEndings) || contains(kNames, name);
}

bool is_test(std::string_view path) {
  constexpr std::string_view kDirectories[] = {"test", "tests", "__tests__", "testdata", "spec", "specs"};
  constexpr std::string_view kMarks[] = {"_test.", ".test.", "_spec.", ".spec.", "_unittest."};
  const std::string lower = to_lower_ascii(path);
  auto components = split(lower, '/');
  const std::string_view name = components.back();
  components.pop_back();
  const auto has = [&](std::string_view mark) { return name.find(mark) != std::string_view::npos; };
  return std::any_of(components.begin(), components.end(),
                     [&](std::string_view c) { return contains(kDirectories, c); }) ||
         std::any_of(std::begin(kMarks), std::end(kMarks), has) || name.starts_with("test_") || name == "conftest.py" ||
         name_of(path).find("Test.") != std::string_view::npos ||
         name_of(path).find("Tests.") != std::string_view::npos;
}

bool is_harmless(std::string_view path) {
  return is_documentation(path) || is_test(path) || generated_by_name(path);
}

std::size_t changed_lines(const FileChange& file) {
  std::size_t lines = 0;
  for (const Hunk& hunk : file.hunks) {
    lines += static_cast<std::size_t>(std::count_if(hunk.lines.begin(), hunk.lines.end(),
                                                    [](const Line& line) { return line.kind != LineKind::context; }));
  }
  if (!file.combined) return lines;
  // Its lines begin with a mark for each of two or more parents.
  for (const std::string_view line : split_lines(*file.combined)) {
    const std::string_view marks = line.substr(0, 2);
    if (!line.starts_with("+++") && !line.starts_with("---") && marks.find_first_of("+-") != std::string_view::npos)
      ++lines;
  }
  return lines;
}

std::string shown(std::string_view path) {
  return cap_bytes(strip_controls(to_valid_utf8(path), Newlines::to_space), 200);
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::optional<std::string> matches_policy(const Change& change, const Policy& policy) {
  if (policy.high_risk_paths.empty()) return std::nullopt;
  const auto globs = GlobList::parse(policy.high_risk_paths);
  if (!globs) return "the policy's high_risk_paths cannot be read: " + globs.error().message;
  for (const FileChange& file : change.files) {
    for (const std::string& path : {file.new_path, file.old_path}) {
      if (path.empty()) continue;
      if (const std::string* glob = globs->match(path)) {
        return fmt::format("{} is of high risk by the policy ({})", shown(path), *glob);
      }
    }
  }
  return std::nullopt;
}

// What the kept files are like, over all.
struct Census {
  std::size_t files = 0, lines = 0;
  std::size_t harmless = 0;
  bool risky_aside = false;
  std::optional<std::string> sensitive;
};

Census census_of(const Change& change, const Plan& plan) {
  Census census;
  for (const PlannedFile& planned : plan.files) {
    const FileChange& file = change.files[planned.index];
    if (planned.set_aside) {
      census.risky_aside = census.risky_aside || planned.risky;
      continue;
    }
    ++census.files;
    census.lines += changed_lines(file);
    if (is_harmless(file.path()) && (file.old_path.empty() || is_harmless(file.old_path))) ++census.harmless;
    for (const std::string& path : {file.new_path, file.old_path}) {
      if (census.sensitive || is_documentation(path)) continue;
      if (const std::string word = sensitive_word(path); !word.empty()) {
        census.sensitive = fmt::format("{} is security-sensitive by its name (\"{}\")", shown(path), word);
      }
    }
  }
  return census;
}

}  // namespace

RiskReport risk_of(const Change& change, const Plan& plan, const Policy& policy) {
  if (auto reason = matches_policy(change, policy)) return {Risk::high, *std::move(reason)};
  const Census census = census_of(change, plan);
  if (census.sensitive) return {Risk::high, *census.sensitive};
  std::string size = fmt::format("{} in {}", counted(census.lines, "changed line"), counted(census.files, "file"));
  if (census.lines > kHighRiskLines || census.files > kHighRiskFiles) {
    return {Risk::high, fmt::format("{}: more than {} lines or {} files", size, kHighRiskLines, kHighRiskFiles)};
  }
  if (census.risky_aside) return {Risk::medium, size + ", and a file that may carry code was set aside"};
  if (census.files == 0) return {Risk::low, "nothing is reviewed"};
  if (census.harmless == census.files) return {Risk::low, "documentation, tests and generated files alone"};
  if (census.lines <= kLowRiskLines && census.files <= kLowRiskFiles) return {Risk::low, std::move(size)};
  return {Risk::medium, std::move(size)};
}

}  // namespace assize
