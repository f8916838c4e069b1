#include "sys/posix.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cerrno>

#include "sys/files.h"
#include "sys/unique_fd.h"

namespace assize {
namespace {

TEST(WriteAll, writes_everything_or_says_why_not) {
  const std::string bytes(300'000, 'x');
  const UniqueFd file(::memfd_create("written", MFD_CLOEXEC));
  EXPECT_EQ(write_all(file.get(), bytes), 0);
  EXPECT_EQ(write_all(file.get(), {}), 0);
  ::lseek(file.get(), 0, SEEK_SET);
  EXPECT_EQ(read_descriptor(file.get(), ByteCount{1 << 20}).value(), bytes);

  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(write_all(full.get(), "x"), ENOSPC);
  EXPECT_EQ(write_all(-1, "x"), EBADF);
}

TEST(ExecStrings, point_into_the_strings_and_end_with_null) {
  const std::vector<std::string> strings = {"git", "", "a b"};
  const std::vector<char*> pointers = exec_strings(strings);
  ASSERT_EQ(pointers.size(), 4U);
  for (std::size_t i = 0; i < strings.size(); ++i) EXPECT_EQ(pointers[i], strings[i].data()) << i;
  EXPECT_EQ(pointers.back(), nullptr);
  EXPECT_EQ(exec_strings({}).size(), 1U);
}

}  // namespace
}  // namespace assize
