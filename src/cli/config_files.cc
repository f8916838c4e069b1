#include "cli/config_files.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "cli/files.h"
#include "cli/toml_reader.h"
#include "cli/trust.h"
#include "cli/values.h"
#include "sys/git.h"

namespace assize {
namespace fs = std::filesystem;
namespace {

std::string parent_of(const std::string& path) {
  return fs::path(path).parent_path().string();
}

void take(LoadedConfig& loaded, Layer layer, const std::string& path, LayerSettings settings) {
  apply_layer(loaded.config, settings);
  for (ConfigProblem& problem : settings.problems) loaded.problems.push_back(std::move(problem));
  loaded.files.push_back({layer, path, ConfigFile::State::read});
}

Result<bool> load_user(const Places& places, LoadedConfig& loaded) {
  if (places.config_directory.empty()) return true;
  const auto text = read_file(places.user_file(), kMaxConfigBytes);
  if (!text && text.error().code == ErrorCode::not_found) {
    loaded.files.push_back({Layer::user, places.user_file(), ConfigFile::State::absent});
    return true;
  }
  if (!text) return text.error();
  TRY_ASSIGN(LayerSettings settings, read_config(*text, places.user_file(), Layer::user));
  take(loaded, Layer::user, places.user_file(), std::move(settings));
  return true;
}

Result<bool> load_named(const Places&, const std::string& path, LoadedConfig& loaded) {
  auto text = read_file(path, kMaxConfigBytes);
  if (!text) return Error{text.error().code, "--config: " + text.error().message, text.error().hint};
  TRY_ASSIGN(LayerSettings settings, read_config(*text, path, Layer::repository));
  std::error_code ignored;
  const fs::path absolute = fs::absolute(path, ignored);
  take(loaded, Layer::repository, absolute.string(), std::move(settings));
  return true;
}

Result<bool> load_repository(const Places& places, LoadedConfig& loaded) {
  const std::string path = places.repository_file();
  const auto text = read_file(path, kMaxConfigBytes);
  if (!text && text.error().code == ErrorCode::not_found) {
    loaded.files.push_back({Layer::repository, path, ConfigFile::State::absent});
    return true;
  }
  if (!text) return text.error();
  Trust trust = Trust::trusted;
  if (!places.trust_repository) {
    const TrustStore store(places.config_directory);
    TRY_ASSIGN(trust, store.look_up(path, *text));
  }
  if (trust != Trust::trusted) {
    const bool changed = trust == Trust::changed;
    loaded.files.push_back(
        {Layer::repository, path, changed ? ConfigFile::State::changed : ConfigFile::State::untrusted});
    loaded.problems.push_back({ConfigProblem::Kind::warning,
                               fmt::format("{} {}, and was ignored", shown_word(path),
                                           changed ? "has changed since it was trusted" : "is not trusted"),
                               "read it, then run `assize trust`; ASSIZE_TRUST_REPO_CONFIG=1 trusts it for one run"});
    return true;
  }
  TRY_ASSIGN(LayerSettings settings, read_config(*text, "assize.toml", Layer::repository));
  take(loaded, Layer::repository, path, std::move(settings));
  return true;
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

Result<Places> find_places(const std::string& repo, const Environment& environment) {
  Places places;
  // The XDG base directory specification: a relative path is invalid and is to be ignored.
  const auto absolute_variable = [&](std::string_view name) {
    const auto value = environment(name);
    return value && value->starts_with('/') ? *value : std::string();
  };
  if (const std::string home = absolute_variable("XDG_CONFIG_HOME"); !home.empty()) {
    places.config_directory = home + "/assize";
  } else if (const std::string user = absolute_variable("HOME"); !user.empty()) {
    places.config_directory = user + "/.config/assize";
  }
  places.trust_repository = environment("ASSIZE_TRUST_REPO_CONFIG") == "1";

  std::error_code error;
  places.working_directory = fs::current_path(error).string();
  const fs::path named = repo.empty() ? fs::path(places.working_directory) : fs::path(repo);
  const fs::path real = error ? fs::path() : fs::canonical(named, error);
  if (error || !fs::is_directory(real, error)) {
    return bad_value("--repo", repo.empty() ? "." : repo, "a directory that exists");
  }
  places.directory = real.string();
  places.root = places.directory;
  if (auto root = find_repository_root(places.directory)) {
    places.root = *root;
    places.in_repository = true;
  } else if (root.error().code == ErrorCode::unsupported) {
    places.unusable_repository = root.error();
  }
  return places;
}

std::string LoadedConfig::directory_of(Layer layer) const {
  for (const ConfigFile& file : files) {
    if (file.layer == layer && file.state == ConfigFile::State::read) return parent_of(file.path);
  }
  return {};
}

Result<LoadedConfig> load_config(const Places& places, const Options& options) {
  LoadedConfig loaded;
  loaded.config = built_in_config();
  TRY(load_user(places, loaded));
  if (options.config_file.empty()) {
    TRY(load_repository(places, loaded));
  } else {
    TRY(load_named(places, options.config_file, loaded));
  }
  LayerSettings flags;
  flags.settings = options.settings;
  apply_layer(loaded.config, flags);
  return loaded;
}

std::optional<Error> first_error(const LoadedConfig& loaded, bool strict) {
  for (const ConfigProblem& problem : loaded.problems) {
    const bool stops =
        problem.kind == ConfigProblem::Kind::error || (strict && problem.kind == ConfigProblem::Kind::unknown_key);
    if (stops) return invalid(problem.message, problem.hint);
  }
  return std::nullopt;
}

std::vector<std::string> config_warnings(const LoadedConfig& loaded, bool strict) {
  std::vector<std::string> out;
  for (const ConfigProblem& problem : loaded.problems) {
    if (problem.kind == ConfigProblem::Kind::error) continue;
    if (strict && problem.kind == ConfigProblem::Kind::unknown_key) continue;
    out.push_back(problem.hint.empty() ? problem.message : fmt::format("{} ({})", problem.message, problem.hint));
  }
  return out;
}

}  // namespace assize
