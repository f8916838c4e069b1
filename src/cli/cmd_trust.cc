#include <fmt/core.h>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/policy_file.h"
#include "cli/policy_source.h"
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

// The policy that this config names; empty: none.
Result<std::string> policy_of(const std::string& path, std::string_view content) {
  TRY_ASSIGN(const LayerSettings layer, read_config(content, path, Layer::repository));
  LoadedConfig loaded;
  apply_layer(loaded.config, layer);
  loaded.files.push_back({Layer::repository, path, ConfigFile::State::read});
  return policy_path(loaded);
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
  TRY_ASSIGN(const std::string policy, policy_of(path, *content));
  std::string policy_text;
  if (!policy.empty()) {
    TRY_ASSIGN(policy_text, read_file(policy, kMaxPolicyBytes));
    TRY(store.record(policy, policy_text));
  }
  TRY(store.record(path, *content));
  std::string text = fmt::format("trusted {} as it is now (SHA-256 {})\n", path, sha256_hex(*content));
  if (!policy.empty()) {
    text += fmt::format("trusted {}, the policy that it names (SHA-256 {})\n", policy, sha256_hex(policy_text));
  }
  return print(text + "Any edit of it revokes this.\n");
}

}  // namespace assize
