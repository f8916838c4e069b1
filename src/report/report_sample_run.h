// A scripted run for the tests of the observers: every event once at least.
#pragma once

#include "core/call.h"
#include "core/observer.h"

namespace assize::fixture {

// Plays `outcome` to the observer: starts, calls with progress, a retry and a failure, the phases, the end.
void play(const Outcome& outcome, Observer& observer);

// A call to that agent.
Call call_of(const AgentReport& agent, Phase phase, int round, int chunk);

}  // namespace assize::fixture
