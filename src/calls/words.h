// How messages of calls name a time.
#pragma once

#include <fmt/core.h>

#include <string>

#include "core/units.h"

namespace assize {

// In the largest unit that keeps it whole: "10 min", "90 s", "1500 ms".
inline std::string in_words(Millis time) {
  const auto count = time.count();
  if (count != 0 && count % 3'600'000 == 0) return fmt::format("{} h", count / 3'600'000);
  if (count != 0 && count % 60'000 == 0) return fmt::format("{} min", count / 60'000);
  if (count % 1'000 == 0) return fmt::format("{} s", count / 1'000);
  return fmt::format("{} ms", count);
}

}  // namespace assize
