#include <fmt/core.h>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/toml_reader.h"
#include "cli/trust.h"
#include "cli/values.h"
#include "core/hash.h"
#include "core/text.h"

namespace assize {
namespace {

Result<int> show(const Places& places, const TrustStore& store) {
  TRY_ASSIGN(const auto digests, store.digests());
  std::string text;
  for (const auto& [path, digest] : digests) {
    const auto content = read_file(path, kMaxConfigBytes);
    const std::string_view state = !content ? "gone" : sha256_hex(*content) == digest ? "trusted" : "changed";
    text += fmt::format("{:<9}{}  {}\n", state, digest, strip_controls(to_valid_utf8(path), Newlines::to_space));
  }
  if (!digests.contains(places.repository_file())) {
    const bool there = read_file(places.repository_file(), kMaxConfigBytes).has_value();
    text += fmt::format("{:<9}{}\n", there ? "unknown" : "absent", places.repository_file());
  }
  return print(text);
}

}  // namespace

Result<int> run_trust(const CommandContext& context) {
  TRY_ASSIGN(const Places places, find_places(context.options.source.repo, context.environment));
  const TrustStore store(places.config_directory);
  if (context.options.show) return show(places, store);

  const std::string path = places.repository_file();
  auto content = read_file(path, kMaxConfigBytes);
  if (!content && content.error().code == ErrorCode::not_found) {
    return Error{ErrorCode::not_found, fmt::format("there is no {}", path), "`assize init` writes one"};
  }
  if (!content) return content.error();
  TRY(store.record(path, *content));
  return print(
      fmt::format("trusted {} as it is now (SHA-256 {})\nAny edit of it revokes this.\n", path, sha256_hex(*content)));
}

}  // namespace assize
