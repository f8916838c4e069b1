#include "cli/policy_source.h"

#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "cli/files.h"
#include "cli/policy_file.h"
#include "cli/trust.h"
#include "cli/values.h"

namespace assize {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kKey = "review.policy";

std::string place_of(const Setting& setting) {
  return setting.layer == Layer::flags ? setting.where : fmt::format("{}: {}", setting.where, kKey);
}

Result<bool> check_trust(const Setting& setting, const Places& places, const std::string& path, std::string_view text) {
  TRY_ASSIGN(const Trust trust, TrustStore(places.config_directory).look_up(path, text));
  if (trust == Trust::trusted) return true;
  return invalid(fmt::format("{}: {} {}", place_of(setting), shown_word(path),
                             trust == Trust::changed ? "has changed since it was trusted" : "is not trusted"),
                 "read it, then run `assize trust`; --policy names one for a single run");
}

}  // namespace

std::string policy_path(const LoadedConfig& loaded) {
  const Setting* setting = loaded.config.find(kKey);
  if (setting == nullptr) return {};
  const std::string& named = std::get<std::string>(setting->value);
  if (named.empty()) return {};
  std::error_code ignored;
  const std::string directory = loaded.directory_of(setting->layer);
  const fs::path path = directory.empty() ? fs::path(named) : fs::path(directory) / named;
  return fs::absolute(path, ignored).lexically_normal().string();
}

Result<ChosenPolicy> load_policy(const LoadedConfig& loaded, const Places& places, const Options& options) {
  ChosenPolicy chosen;
  chosen.path = policy_path(loaded);
  if (chosen.path.empty()) return chosen;
  const Setting& setting = *loaded.config.find(kKey);
  const std::string& named = std::get<std::string>(setting.value);
  auto text = read_file(chosen.path, kMaxPolicyBytes);
  if (!text) {
    return Error{text.error().code, fmt::format("{}: {}", place_of(setting), text.error().message), text.error().hint};
  }
  chosen.text = std::move(*text);
  const bool of_repository = setting.layer == Layer::repository && options.config_file.empty();
  if (of_repository && !places.trust_repository) TRY(check_trust(setting, places, chosen.path, chosen.text));
  TRY_ASSIGN(PolicyFile file, read_policy(chosen.text, named));
  chosen.policy = std::move(file.policy);
  chosen.warnings = std::move(file.warnings);
  return chosen;
}

}  // namespace assize
