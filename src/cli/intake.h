// From the options to the change that is reviewed, its plan, and the files behind it.
#pragma once

#include "change/change.h"
#include "change/plan.h"
#include "change/source.h"
#include "cli/config_files.h"
#include "cli/options.h"
#include "core/result.h"

namespace assize {

struct Intake {
  Change change;
  Plan plan;
  PostImages images;  // of the kept files, where they can be had
};

// An empty change is an Intake without files. Errors as of read_change and make_plan.
Result<Intake> take_in(const Options& options, const Places& places, const Environment& environment, PlanOptions plan);

}  // namespace assize
