#include "calls/secrets.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

TEST(Secrets, are_hidden_wherever_they_stand) {
  const Secrets secrets({"secret-key-1", "secret-key-12", "short", ""});
  EXPECT_EQ(secrets.hide("secret-key-1"), "[key]");
  EXPECT_EQ(secrets.hide("a secret-key-12, secret-key-1secret-key-1."), "a [key], [key][key].");
  EXPECT_EQ(secrets.hide("short words stay"), "short words stay");
  EXPECT_EQ(Secrets().hide("secret-key-1"), "secret-key-1");
}

TEST(Secrets, are_hidden_in_a_stream_however_it_is_cut) {
  const std::string text = "a secret-key-1 and secret-key-12 and secret-ke";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    Secrets secrets({"secret-key-1", "secret-key-12"});
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += piece) out += secrets.next(text.substr(at, piece));
    out += secrets.rest();
    EXPECT_EQ(out.find("secret-key"), std::string::npos) << piece << " " << out;
    EXPECT_TRUE(out.ends_with(" and secret-ke")) << out;
  }
  Secrets none;
  EXPECT_EQ(none.next("abc"), "abc");
  EXPECT_EQ(none.rest(), "");
}

}  // namespace
}  // namespace assize
