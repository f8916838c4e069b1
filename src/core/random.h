// What a run draws by lot. One documented generator with named streams, so that each purpose and agent has draws of its
// own and adding an agent does not change those of the others. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace assize {

// PCG32 (M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms", XSH-RR variant).
class Pcg32 {
 public:
  Pcg32(std::uint64_t state, std::uint64_t stream);
  std::uint32_t next();
  // Uniform in [0, bound), without modulo bias. REQUIRES: bound > 0.
  std::uint32_t below(std::uint32_t bound);

 private:
  std::uint64_t state_ = 0;
  std::uint64_t increment_ = 0;
};

// The stream of one purpose ("debate-order", "chair", …) for one name (an agent; may be empty): state and stream number
// are the first 16 bytes of SHA-256 over seed, purpose and name, big-endian, each field with its length.
Pcg32 random_stream(std::uint64_t seed, std::string_view purpose, std::string_view name);

}  // namespace assize
