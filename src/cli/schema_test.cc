#include "cli/schema.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "cli/files.h"

namespace assize {
namespace {

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
