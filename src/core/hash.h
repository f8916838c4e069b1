// Digests.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace assize {

// SHA-256 as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

// A digest over several fields, each written with its length so that no two lists of fields collide.
class Digest {
 public:
  Digest();
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  Digest& add(std::string_view field);
  std::string hex();  // may be called once

 private:
  friend std::string sha256_hex(std::string_view bytes);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// `bytes` random bytes from the system as hex digits (getrandom).
std::string random_hex(std::size_t bytes);

}  // namespace assize
