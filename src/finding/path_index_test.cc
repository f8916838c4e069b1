#include "finding/path_index.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

TEST(PathIndex, paths_that_are_not_plain_text_are_found_by_what_can_be_cited) {
  PathIndex index;
  index.add("new\nline.py", 1);
  index.add("bad\xff.py", 2);
  index.add("bidi\u202e.py", 3);
  struct Row {
    std::string_view cited;
    std::size_t value;
  };
  for (const Row& row : std::vector<Row>{{"new\nline.py", 1},
                                         {"new line.py", 1},
                                         {"new⟦U+000A⟧line.py", 1},
                                         {"a/new line.py", 1},
                                         {"bad\uFFFD.py", 2},
                                         {"bidi⟦U+202E⟧.py", 3}}) {
    const PathIndex::Found found = index.find(row.cited);
    EXPECT_EQ(found.match, PathMatch::one) << row.cited;
    EXPECT_EQ(found.value, row.value) << row.cited;
  }
}

TEST(PathIndex, a_path_as_it_stands_goes_before_the_cleaned_form_of_another) {
  PathIndex index;
  index.add("a\nb", 1);
  index.add("a b", 2);
  EXPECT_EQ(index.find("a b").value, 2U);
}

TEST(PathIndex, a_cleaned_form_of_several_paths_means_none_of_them) {
  PathIndex index;
  index.add("a\nb", 1);
  index.add("a\rb", 2);
  EXPECT_EQ(index.find("a b").match, PathMatch::none);
  EXPECT_EQ(index.find("a⟦U+000A⟧b").value, 1U);
}

}  // namespace
}  // namespace assize
