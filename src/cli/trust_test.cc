#include "cli/trust.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "cli/config_files.h"
#include "cli/files.h"
#include "cli/policy_source.h"

namespace assize {
namespace {

namespace fs = std::filesystem;

// A home and a repository of its own for each test.
class TrustTest : public testing::Test {
 protected:
  TrustTest() {
    std::string name = (fs::temp_directory_path() / "assize-trust-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    root_ = fs::canonical(name).string();
    fs::create_directories(root_ + "/repo/.git");
    std::ofstream(root_ + "/repo/.git/HEAD") << "ref: refs/heads/main\n";
    fs::create_directories(root_ + "/repo/src");
    places_.config_directory = root_ + "/config/assize";
    places_.directory = places_.root = root_ + "/repo";
  }
  ~TrustTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  void write(const std::string& path, std::string_view text) {
    fs::create_directories(fs::path(path).parent_path());
    ASSERT_TRUE(write_file(path, text, FileMode::shared).has_value());
  }
  LoadedConfig load(const Options& options = {}) {
    auto loaded = load_config(places_, options);
    EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
    return *loaded;
  }

  std::string root_;
  Places places_;
};

TEST_F(TrustTest, a_repositorys_config_counts_only_with_its_exact_content) {
  const std::string file = places_.repository_file();
  write(file, "[gate]\nfail_on = [\"low\"]\n");

  const LoadedConfig before = load();
  EXPECT_EQ(before.config.find("gate.fail_on")->layer, Layer::built_in);
  EXPECT_EQ(config_warnings(before, false),
            std::vector<std::string>{file + " is not trusted, and was ignored (read it, then run `assize trust`; "
                                            "ASSIZE_TRUST_REPO_CONFIG=1 trusts it for one run)"});

  const TrustStore store(places_.config_directory);
  ASSERT_TRUE(store.record(file, *read_file(file, 1000)).has_value());
  EXPECT_EQ(load().config.list("gate.fail_on"), std::vector<std::string>{"low"});

  write(file, "[gate]\nfail_on = []\n");
  const LoadedConfig after = load();
  EXPECT_EQ(after.config.find("gate.fail_on")->layer, Layer::built_in);
  EXPECT_EQ(after.files.back().state, ConfigFile::State::changed);
  EXPECT_NE(config_warnings(after, false).at(0).find("has changed since it was trusted"), std::string::npos);
}

TEST_F(TrustTest, an_untrusted_config_is_not_even_parsed) {
  write(places_.repository_file(), "this is not TOML [[[");
  EXPECT_EQ(load().files.back().state, ConfigFile::State::untrusted);
}

TEST_F(TrustTest, the_environment_or_the_option_trusts_it_for_one_run) {
  write(places_.repository_file(), "[gate]\nescalate_exit = 9\n");
  Options named;
  named.config_file = places_.repository_file();
  EXPECT_EQ(load(named).config.integer("gate.escalate_exit"), 9);
  places_.trust_repository = true;
  EXPECT_EQ(load().config.integer("gate.escalate_exit"), 9);
}

TEST_F(TrustTest, later_layers_win_and_a_named_file_stands_in_for_the_repositorys) {
  write(places_.user_file(), "[gate]\nescalate_exit = 5\nmin_reviews = 5\nmin_vendors = 5\n");
  write(root_ + "/other.toml", "[gate]\nescalate_exit = 6\nmin_reviews = 6\n");
  write(places_.repository_file(), "[gate]\nescalate_exit = 7\n");
  Options options;
  options.config_file = root_ + "/other.toml";
  options.settings["gate.escalate_exit"] = *setting_from_flag("gate", "escalate_exit", "8", "--x");
  const LoadedConfig loaded = load(options);
  EXPECT_EQ(loaded.config.integer("gate.escalate_exit"), 8);
  EXPECT_EQ(loaded.config.integer("gate.min_reviews"), 6);
  EXPECT_EQ(loaded.config.integer("gate.min_vendors"), 5);
  EXPECT_EQ(loaded.directory_of(Layer::repository), root_);
}

// A change under review could otherwise lower the severity of what is found in it.
TEST_F(TrustTest, a_policy_that_the_repositorys_config_names_is_trusted_by_its_content_too) {
  const std::string file = places_.repository_file(), policy = places_.root + "/house/policy.toml";
  write(file, "[review]\npolicy = \"house/policy.toml\"\n");
  write(policy, "focus_areas = [\"locks\"]\n");
  const TrustStore store(places_.config_directory);
  ASSERT_TRUE(store.record(file, *read_file(file, 1000)).has_value());

  const auto untrusted = load_policy(load(), places_, {});
  ASSERT_FALSE(untrusted.has_value());
  EXPECT_EQ(untrusted.error().message, "assize.toml:2:10: review.policy: " + policy + " is not trusted");

  ASSERT_TRUE(store.record(policy, *read_file(policy, 1000)).has_value());
  const auto trusted = load_policy(load(), places_, {});
  ASSERT_TRUE(trusted.has_value()) << trusted.error().message;
  EXPECT_EQ(trusted->path, policy);
  EXPECT_EQ(trusted->policy.name, "house/policy.toml");
  EXPECT_EQ(trusted->policy.focus_areas, std::vector<std::string>{"locks"});

  write(policy, "severity_overrides = [{glob = \"*\", severity = \"info\"}]\n");
  const auto changed = load_policy(load(), places_, {});
  ASSERT_FALSE(changed.has_value());
  EXPECT_EQ(changed.error().message,
            "assize.toml:2:10: review.policy: " + policy + " has changed since it was trusted");
  places_.trust_repository = true;
  EXPECT_TRUE(load_policy(load(), places_, {}).has_value());
}

TEST_F(TrustTest, a_policy_that_the_user_names_needs_no_trust) {
  const std::string policy = places_.root + "/policy.toml";
  write(policy, "checklist = \"tests?\"\n");
  Options named;
  named.settings["review.policy"] = *setting_from_flag("review", "policy", policy, "--policy");
  EXPECT_EQ(load_policy(load(named), places_, named)->policy.checklist, "tests?");

  write(places_.user_file(), "[review]\npolicy = \"rules.toml\"\n");
  write(places_.config_directory + "/rules.toml", "checklist = \"mine\"\n");
  EXPECT_EQ(load_policy(load(), places_, {})->policy.checklist, "mine");

  Options config;
  config.config_file = root_ + "/ci/assize.toml";
  write(config.config_file, "[review]\npolicy = \"../repo/policy.toml\"\n");
  EXPECT_EQ(load_policy(load(config), places_, config)->policy.checklist, "tests?");

  named.settings["review.policy"] = *setting_from_flag("review", "policy", root_ + "/none.toml", "--policy");
  const auto missing = load_policy(load(named), places_, named);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().message, "--policy: " + root_ + "/none.toml: No such file or directory");
}

TEST_F(TrustTest, without_a_policy_there_is_none) {
  const auto none = load_policy(load(), places_, {});
  ASSERT_TRUE(none.has_value());
  EXPECT_TRUE(none->policy.empty());
}

TEST_F(TrustTest, a_damaged_list_is_an_error_and_trusts_nothing) {
  write(places_.repository_file(), "[gate]\n");
  write(places_.config_directory + "/trusted", "rubbish\n");
  const auto loaded = load_config(places_, {});
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error().code, ErrorCode::corrupt);
}

TEST_F(TrustTest, trust_of_one_repository_is_none_of_another) {
  const TrustStore store(places_.config_directory);
  ASSERT_TRUE(store.record("/a/assize.toml", "x").has_value());
  ASSERT_TRUE(store.record("/b/assize.toml", "y").has_value());
  EXPECT_EQ(*store.look_up("/a/assize.toml", "x"), Trust::trusted);
  EXPECT_EQ(*store.look_up("/a/assize.toml", "y"), Trust::changed);
  EXPECT_EQ(*store.look_up("/c/assize.toml", "x"), Trust::unknown);
  EXPECT_EQ(fs::status(store.file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(TrustTest, without_a_home_nothing_is_trusted_and_recording_says_why) {
  const TrustStore store("");
  EXPECT_EQ(*store.look_up("/a", "x"), Trust::unknown);
  EXPECT_EQ(store.record("/a", "x").error().code, ErrorCode::unavailable);
}

TEST_F(TrustTest, the_root_is_the_nearest_directory_upwards_with_git) {
  const Environment environment = [&](std::string_view name) -> std::optional<std::string> {
    if (name == "XDG_CONFIG_HOME") return "relative/is/ignored";
    if (name == "HOME") return root_;
    return std::nullopt;
  };
  const auto places = find_places(root_ + "/repo/src", environment);
  ASSERT_TRUE(places.has_value()) << places.error().message;
  EXPECT_EQ(places->root, root_ + "/repo");
  EXPECT_TRUE(places->in_repository);
  EXPECT_EQ(places->config_directory, root_ + "/.config/assize");
  const auto missing = find_places(root_ + "/none", environment);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().message, "--repo: '" + root_ + "/none' is not allowed; allowed: a directory that exists");
}

}  // namespace
}  // namespace assize
