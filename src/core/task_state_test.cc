#include "core/task_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace assize {
namespace {

using S = TaskState;
constexpr S kAll[] = {S::queued,    S::dispatched,      S::running, S::retrying,  S::aggregating,
                      S::completed, S::partial_success, S::failed,  S::cancelled, S::expired};

TEST(TaskState, only_the_edges_that_are_written_down_can_be_taken) {
  const std::set<S> stops = {S::failed, S::cancelled, S::expired};
  const std::map<S, std::set<S>> steps = {{S::queued, {S::dispatched}},
                                          {S::dispatched, {S::running}},
                                          {S::running, {S::retrying, S::aggregating}},
                                          {S::retrying, {S::running}},
                                          {S::aggregating, {S::completed, S::partial_success}}};
  for (const S from : kAll) {
    for (const S to : kAll) {
      const auto known = steps.find(from);
      const bool legal = known != steps.end() && (known->second.contains(to) || stops.contains(to));
      const auto moved = move(from, to);
      ASSERT_EQ(moved.has_value(), legal) << to_string(from) << " to " << to_string(to);
      if (legal) {
        EXPECT_EQ(*moved, to);
      } else {
        EXPECT_EQ(moved.error().code, ErrorCode::invalid);
        EXPECT_THAT(moved.error().message, testing::HasSubstr(to_string(from)));
        EXPECT_THAT(moved.error().message, testing::HasSubstr(to_string(to)));
      }
    }
  }
}

TEST(TaskState, the_ends_are_ends_and_names_read_back) {
  for (const S state : kAll) {
    EXPECT_EQ(is_terminal(state), state >= S::completed);
    EXPECT_EQ(task_state_from(to_string(state)), state);
  }
  EXPECT_EQ(task_state_from("done"), std::nullopt);
}

TEST(TaskTrack, keeps_the_way_and_stays_where_it_was_on_a_wrong_step) {
  TaskTrack track;
  for (const S next : {S::dispatched, S::running, S::retrying, S::running}) EXPECT_TRUE(track.to(next));
  EXPECT_FALSE(track.to(S::completed));
  EXPECT_EQ(track.now(), S::running);
  EXPECT_TRUE(track.to(S::aggregating));
  EXPECT_TRUE(track.to(S::completed));
  EXPECT_FALSE(track.to(S::failed));
  EXPECT_THAT(track.passed(), testing::ElementsAre(S::queued, S::dispatched, S::running, S::retrying, S::running,
                                                   S::aggregating, S::completed));
}

}  // namespace
}  // namespace assize
