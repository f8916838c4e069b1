#include "calls/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calls/port_testing.h"

namespace assize {
namespace {

using testing::ElementsAre;

TEST(Dispatcher, picks_by_transport_and_cancels_where_the_call_is) {
  FakeTimers timers;
  ScriptedPort process(timers), http(timers);
  const auto dispatcher = make_dispatcher(process, http, [](std::string_view kind) -> Result<const Adapter*> {
    if (kind == "throws") throw std::runtime_error("bug");
    return adapter_for(kind);
  });
  Got got;
  const Call claude = call_of("c", "claude"), openai = call_of("o", "openai"), google = call_of("g", "google"),
             unknown = call_of("u", "unknown"), odd = call_of("t", "throws");
  dispatcher->submit(claude, got.as("c"));
  dispatcher->submit(openai, got.as("o"));
  const CallId last = dispatcher->submit(google, got.as("g"));
  dispatcher->submit(unknown, got.as("u"));
  const CallId thrown = dispatcher->submit(odd, got.as("t"));
  EXPECT_THAT(process.started, ElementsAre("c", "u", "t"));
  EXPECT_THAT(http.started, ElementsAre("o", "g"));
  dispatcher->cancel(last);
  dispatcher->cancel(thrown);
  EXPECT_THAT(http.cancelled, ElementsAre(2));
  EXPECT_THAT(process.cancelled, ElementsAre(3));
  http.answer(1, good("one"));
  EXPECT_EQ(got.answers["o"].text, "one");
}

}  // namespace
}  // namespace assize
