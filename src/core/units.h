// Units that must not be mixed.
#pragma once

#include <chrono>
#include <cstdint>

namespace assize {

using Millis = std::chrono::milliseconds;

struct ByteCount {
  std::uint64_t value = 0;
  friend auto operator<=>(const ByteCount&, const ByteCount&) = default;
};

// Lines first..last of a file, both 1-based and included.
struct LineRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  bool contains(std::uint32_t line) const { return line >= first && line <= last; }
  friend bool operator==(const LineRange&, const LineRange&) = default;
};

}  // namespace assize
