#include "core/random.h"

#include <string>

#include "core/hash.h"
#include "core/result.h"

namespace assize {

namespace {
constexpr std::uint64_t kMultiplier = 6364136223846793005ULL;  // of the reference implementation
}  // namespace

Pcg32::Pcg32(std::uint64_t state, std::uint64_t stream) : increment_((stream << 1U) | 1U) {
  next();
  state_ += state;
  next();
}

std::uint32_t Pcg32::next() {
  const std::uint64_t old = state_;
  state_ = old * kMultiplier + increment_;
  const auto shifted = static_cast<std::uint32_t>(((old >> 18U) ^ old) >> 27U);
  const auto rotation = static_cast<std::uint32_t>(old >> 59U);
  return (shifted >> rotation) | (shifted << ((32U - rotation) & 31U));
}

std::uint32_t Pcg32::below(std::uint32_t bound) {
  CHECK(bound > 0);
  const std::uint32_t threshold = (0U - bound) % bound;  // values under it would favour small results
  for (;;) {
    const std::uint32_t drawn = next();
    if (drawn >= threshold) return drawn % bound;
  }
}

Pcg32 random_stream(std::uint64_t seed, std::string_view purpose, std::string_view name) {
  const std::string digest = Digest().add(std::to_string(seed)).add(purpose).add(name).hex();
  constexpr std::size_t kDigits = 16;  // of 64 bits in hex
  return {std::stoull(digest.substr(0, kDigits), nullptr, 16),
          std::stoull(digest.substr(kDigits, kDigits), nullptr, 16)};
}

}  // namespace assize
