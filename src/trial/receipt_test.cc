#include "trial/receipt.h"

#include <gtest/gtest.h>

#include <cctype>

namespace assize {
namespace {

TEST(Receipt, tells_a_prompt_whose_start_was_dropped) {
  const Receipt receipt = make_receipt("00ff", "local", 0);
  EXPECT_TRUE(was_cut(receipt, "… " + receipt.last));
  EXPECT_FALSE(was_cut(receipt, receipt.first + " " + receipt.last));
  EXPECT_FALSE(was_cut(receipt, "neither proves nothing"));
  EXPECT_FALSE(was_cut(receipt, receipt.first));
}

TEST(Receipt, stands_around_the_prompt_and_is_taken_out_of_the_answer) {
  const Receipt receipt = make_receipt("00ff", "local", 3);
  const std::string prompt = with_receipt(receipt, "REVIEW");
  EXPECT_LT(prompt.find(receipt.first), prompt.find("REVIEW"));
  EXPECT_GT(prompt.find(receipt.last), prompt.find("REVIEW"));
  EXPECT_EQ(without_receipt(receipt, "Fine. " + receipt.first + " " + receipt.last), "Fine.");
}

TEST(Receipt, is_of_letters_and_differs_by_run_agent_and_chunk) {
  const Receipt receipt = make_receipt("00ff", "local", 0);
  for (const char c : receipt.first + receipt.last) EXPECT_TRUE(std::isalpha(static_cast<unsigned char>(c)));
  EXPECT_NE(receipt.first, receipt.last);
  EXPECT_NE(receipt.first, make_receipt("00fe", "local", 0).first);
  EXPECT_NE(receipt.first, make_receipt("00ff", "other", 0).first);
  EXPECT_NE(receipt.first, make_receipt("00ff", "local", 1).first);
}

}  // namespace
}  // namespace assize
