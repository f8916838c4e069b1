// What `assize plan` prints of a review that has been prepared. Pure.
#pragma once

#include <string>

#include "cli/forecast.h"
#include "cli/review_setup.h"

namespace assize {

std::string plan_text(const ReviewSetup& setup, const Forecast& forecast);
std::string plan_json(const ReviewSetup& setup, const Forecast& forecast);  // docs/cli.md lists its keys

}  // namespace assize
