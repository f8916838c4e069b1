// The summary at the end: the chair's words, or ours when there is no chair. It explains and decides nothing. Pure.
#pragma once

#include <string>

#include "core/call.h"
#include "core/outcome.h"
#include "trial/chair.h"

namespace assize {

// What the chair is asked: groups with their statuses, stances and verdicts, without names.
Call synthesis_call(const Outcome& outcome, const Chair& chair, const Exhibits& shown);

// Reads the chair's answer; what cannot be used gives the summary by code, with a note that says why.
Synthesis read_synthesis(const Outcome& outcome, const Call& asked, const Answer& answer);

// The summary by code: the same facts, counted.
Synthesis summarise(const Outcome& outcome, std::string note);

// A note when what the chair recommends and what was decided do not go together; the decision stands.
void note_contradiction(Synthesis& synthesis, const Decision& decision);

}  // namespace assize
