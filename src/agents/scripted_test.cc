#include "agents/scripted.h"

#include <gtest/gtest.h>

#include "agents/decoder_test_support.h"

namespace assize {
namespace {

TEST(Scripted, the_first_entry_that_fits_answers) {
  const char* script = R"([
    {"agent": "a", "phase": "repair", "text": "a mended"},
    {"agent": "a", "ordinal": 1, "text": "a again"},
    {"agent": "a", "text": {"verdict": "approve"}, "model": "m", "usage": {"input_tokens": 7, "cost_usd": 0.5}},
    {"agent": "b", "error": "rate_limited"},
    {"agent": "c", "error": {"kind": "timed_out", "message": "too slow"}, "text": "half"}
  ])";
  Call call = call_to({.id = "a"});
  const auto review = scripted_answer(script, call);
  ASSERT_TRUE(review);
  EXPECT_EQ(review->text, R"({"verdict":"approve"})");
  EXPECT_EQ(review->model, "m");
  EXPECT_EQ(review->usage.input_tokens, 7U);
  EXPECT_EQ(review->usage.cost_usd, 0.5);
  call.ordinal = 1;
  EXPECT_EQ(scripted_answer(script, call)->text, "a again");
  call.phase = Phase::repair;
  EXPECT_EQ(scripted_answer(script, call)->text, "a mended");
  EXPECT_EQ(scripted_answer(script, call_to({.id = "b"}))->error->kind, CallErrorKind::rate_limited);
  const auto partial = scripted_answer(script, call_to({.id = "c"}));
  EXPECT_EQ(partial->error->message, "too slow");
  EXPECT_EQ(partial->text, "half");
  EXPECT_EQ(scripted_answer(script, call_to({.id = "d"}))->error->kind, CallErrorKind::failed);
}

TEST(Scripted, an_empty_answer_is_one) {
  EXPECT_EQ(scripted_answer(R"({"answers": [{"text": ""}]})", call_to({}))->error->kind, CallErrorKind::empty_answer);
}

TEST(Scripted, a_wrong_script_says_where) {
  const auto message = [](const char* script) {
    const auto answer = scripted_answer(script, call_to({}));
    return answer ? std::string("read") : answer.error().message;
  };
  EXPECT_EQ(message("nonsense"), "the script is not JSON");
  EXPECT_NE(message("7").find("neither a list"), std::string::npos);
  EXPECT_EQ(message("[3]"), "entry 0 is not an object");
  EXPECT_EQ(message(R"([{"text":"x"},{"agnet":"a","text":"x"}])"), "entry 1: unknown key 'agnet'");
  EXPECT_EQ(message(R"([{"agent":"a"}])"), "entry 0 has neither text nor error");
  EXPECT_EQ(message(R"([{"error":"sleepy"}])"), "entry 0: 'sleepy' is no kind of error");
}

TEST(Scripted, probe_reads_the_file) {
  const auto adapter = make_scripted_adapter();
  FakeWorld world;
  EXPECT_EQ(adapter->probe({}, world).unusable, CallErrorKind::invalid_request);
  EXPECT_EQ(adapter->probe({.file = "/f"}, world).unusable, CallErrorKind::not_installed);
  world.files["/f"] = "nonsense";
  EXPECT_EQ(adapter->probe({.file = "/f"}, world).unusable, CallErrorKind::invalid_request);
  world.files["/f"] = R"([{"text":"x"}])";
  EXPECT_FALSE(adapter->probe({.file = "/f"}, world).unusable);
}

}  // namespace
}  // namespace assize
