// The policy's reader on any bytes: it never crashes, each message is one line, and what it accepts holds nothing that
// code could not enforce.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "change/glob.h"
#include "cli/policy_file.h"
#include "core/result.h"
#include "core/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assize;
  const auto file = read_policy({reinterpret_cast<const char*>(data), size}, "policy.toml");
  if (!file) {
    CHECK(file.error().message.find('\n') == std::string::npos);
    CHECK(file.error().message.starts_with("policy.toml:"));
    return 0;
  }
  for (const std::string& warning : file->warnings) CHECK(warning.find('\n') == std::string::npos);
  for (const std::string& text : file->policy.forbidden_output) CHECK(!trim(text).empty());
  for (const std::string& glob : file->policy.high_risk_paths) CHECK(GlobList::parse({glob}).has_value());
  for (const SeverityOverride& one : file->policy.overrides) CHECK(GlobList::parse({one.glob}).has_value());
  return 0;
}
