#include "sys/event_loop.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>

#include "sys/unique_fd.h"

namespace assize {
namespace {

struct TestPipe {
  UniqueFd read, write;
  TestPipe() {
    int ends[2];
    CHECK(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    read = UniqueFd(ends[0]);
    write = UniqueFd(ends[1]);
  }
};

TEST(EventLoop, timers_fire_in_order_and_never_early) {
  EventLoop loop;
  std::string order;
  const Moment start = loop.now();
  Moment fired{};
  const Subscribed late = loop.at(start + Millis(12), [&] {
    fired = loop.now();
    order += "late ";
  });
  const Subscribed early = loop.at(start + Millis(3), [&] { order += "early "; });
  loop.run_until([&] { return fired != Moment{}; });
  EXPECT_EQ(order, "early late ");
  EXPECT_GE(fired, start + Millis(12));
}

TEST(EventLoop, a_destroyed_timer_does_not_fire) {
  EventLoop loop;
  bool wrong = false, done = false;
  Subscribed unwanted = loop.after(Millis(1), [&] { wrong = true; });
  const Subscribed last = loop.after(Millis(5), [&] { done = true; });
  unwanted.reset();
  loop.run_until([&] { return done; });
  EXPECT_FALSE(wrong);
}

TEST(EventLoop, a_timer_may_destroy_itself_and_set_another) {
  EventLoop loop;
  int fired = 0;
  Subscribed timer;
  std::function<void()> again = [&] {
    timer.reset();
    if (++fired < 3) timer = loop.after(Millis(0), again);
  };
  timer = loop.after(Millis(0), again);
  loop.run_until([&] { return fired == 3; });
  EXPECT_EQ(fired, 3);
}

TEST(EventLoop, a_watch_may_end_itself_and_its_descriptor_number_may_be_used_again) {
  EventLoop loop;
  int first_reactions = 0, second_reactions = 0;
  Subscribed watch;
  auto first = std::make_unique<TestPipe>();
  watch = loop.watch(first->read.get(), Ready::readable, [&] {
    ++first_reactions;
    watch.reset();
    first.reset();
  });
  ASSERT_EQ(::write(first->write.get(), "x", 1), 1);
  loop.run_until([&] { return first == nullptr; });

  TestPipe second;  // takes the numbers that have just become free
  watch = loop.watch(second.read.get(), Ready::readable, [&] {
    ++second_reactions;
    watch.reset();
  });
  ASSERT_EQ(::write(second.write.get(), "x", 1), 1);
  loop.run_until([&] { return !watch; });
  EXPECT_EQ(first_reactions, 1);
  EXPECT_EQ(second_reactions, 1);
}

TEST(EventLoop, what_a_callback_throws_comes_out_of_the_run_and_the_loop_lives_on) {
  EventLoop loop;
  const Subscribed bad = loop.after(Millis(0), [] { throw std::runtime_error("bad"); });
  EXPECT_THROW(loop.run_until([] { return false; }), std::runtime_error);
  bool done = false;
  const Subscribed good = loop.after(Millis(0), [&] { done = true; });
  loop.run_until([&] { return done; });
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace assize
