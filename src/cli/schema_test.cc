#include "cli/schema.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "cli/config_keys.h"
#include "cli/files.h"
#include "cli/option_table.h"

namespace assize {
namespace {

std::string documentation(const char* name) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../docs" / name;
  const auto text = read_file(path.string(), 1 << 20);
  EXPECT_TRUE(text.has_value()) << name;
  return text.value_or("");
}

TEST(Documentation, names_every_key_of_the_config) {
  const std::string text = documentation("config.md");
  for (const ConfigKey& key : config_keys()) {
    EXPECT_NE(text.find("`" + std::string(key.name) + "`"), std::string::npos) << key.section << "." << key.name;
  }
}

TEST(Documentation, names_every_command_and_every_option_that_works) {
  const std::string text = documentation("cli.md");
  for (const CommandRow& command : command_table()) {
    EXPECT_NE(text.find("`" + std::string(command.name)), std::string::npos) << command.name;
  }
  for (const OptionRow& option : option_table()) {
    if (option.kind == OptionKind::not_yet) continue;
    EXPECT_NE(text.find(option.name), std::string::npos) << option.name;
  }
}

// With ASSIZE_RECORD=1 the file is written anew.
TEST(Schema, the_committed_schema_is_the_one_of_the_loaders_table) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../docs/assize.schema.json";
  if (std::getenv("ASSIZE_RECORD") != nullptr) {
    ASSERT_TRUE(write_file(path.string(), config_schema(), FileMode::shared).has_value());
  }
  const auto committed = read_file(path.string(), 1 << 20);
  ASSERT_TRUE(committed.has_value()) << committed.error().message;
  EXPECT_EQ(*committed, config_schema()) << "run this test with ASSIZE_RECORD=1";
}

}  // namespace
}  // namespace assize
