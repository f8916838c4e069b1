#include "agents/surroundings.h"
#include "cli/command.h"
#include "cli/forecast.h"
#include "cli/plan_report.h"
#include "cli/review_setup.h"

namespace assize {

Result<int> run_plan(const CommandContext& context) {
  const std::unique_ptr<Surroundings> world = real_surroundings();
  TRY_ASSIGN(const std::unique_ptr<ReviewSetup> setup, prepare_review(context, *world, Asking::never));
  const Forecast expected = forecast(setup->input());
  return print(context.options.json ? plan_json(*setup, expected) : plan_text(*setup, expected));
}

}  // namespace assize
