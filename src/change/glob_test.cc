#include "change/glob.h"

#include <chrono>

#include <gtest/gtest.h>

namespace assize {
namespace {

TEST(Glob, means_what_it_means_in_gitignore) {
  struct Case {
    const char* pattern;
    const char* path;
    bool matches;
  };
  const Case cases[] = {
      {"*.log", "a.log", true},
      {"*.log", "x/y/a.log", true},
      {"*.log", "a.log/b", true},
      {"*.log", "a.logs", false},
      {"build", "build/x.c", true},
      {"build", "src/build/x.c", true},
      {"build", "build", true},
      {"build/", "build", false},
      {"build/", "src/build/x.c", true},
      {"/build", "src/build", false},
      {"/build", "build/a", true},
      {"src/*.c", "src/a.c", true},
      {"src/*.c", "src/x/a.c", false},
      {"src/*.c", "lib/src/a.c", false},
      {"src/**/*.c", "src/a.c", true},
      {"src/**/*.c", "src/x/y/a.c", true},
      {"**/test/*", "a/b/test/x", true},
      {"**/test/*", "test/x", true},
      {"docs/**", "docs/a/b", true},
      {"docs/**", "docs", false},
      {"**", "a/b", true},
      {"?.c", "a.c", true},
      {"?.c", "ab.c", false},
      {"a?b", "a/b", false},
      {"[a-c].c", "b.c", true},
      {"[!a-c].c", "b.c", false},
      {"[]x].c", "].c", true},
      {"[[:digit:]]x", "7x", true},
      {"[[:digit:]]x", "ax", false},
      {"\\*.c", "*.c", true},
      {"\\*.c", "a.c", false},
      {"a**b", "axyzb", true},
      {"a**b", "ax/yb", false},
      {"**/", "a/b", true},
      {"**/", "a", false},
      {"a/**/b", "a/b", true},
      {"a/**/b", "a/x/y/b/c", true},
      {"a/**/b", "a/x/y/c", false},
      {"src/**/x/*.c", "src/x/x/x/a.c", true},
      {"\xC3\xA4*", "\xC3\xA4/x", true},
      {"-x", "-x", true},
      {"a b", "d/a b", true},
  };
  for (const Case& test : cases) {
    const auto glob = Glob::parse(test.pattern);
    ASSERT_TRUE(glob) << test.pattern;
    EXPECT_EQ(glob->matches(test.path), test.matches) << test.pattern << " on " << test.path;
  }
}

TEST(Glob, refuses_what_cannot_be_read) {
  for (const char* pattern : {"", "/", "[a", "a/[b", "a\\", "[\\]"}) EXPECT_FALSE(Glob::parse(pattern)) << pattern;
}

TEST(Glob, many_stars_do_not_blow_up) {
  std::string pattern, path;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  for (int i = 0; i < 50; ++i) pattern += "/**/x";
  for (int i = 0; i < 2'000; ++i) path += i % 10 == 9 ? "/x" : "a";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(Glob::parse(pattern + "b")->matches(path));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST(GlobList, the_last_match_counts) {
  const auto list = GlobList::parse({"docs/**", "!docs/api.md"});
  EXPECT_EQ(*list->match("docs/x.md"), "docs/**");
  EXPECT_EQ(list->match("docs/api.md"), nullptr);
  EXPECT_EQ(list->match("src/x"), nullptr);
}

}  // namespace
}  // namespace assize
