#include "core/hash.h"

#include <openssl/evp.h>
#include <sys/random.h>

#include <array>
#include <cstdint>

#include "core/result.h"

namespace assize {

namespace {
std::string to_hex(const unsigned char* bytes, std::size_t size) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(size * 2);
  for (std::size_t i = 0; i < size; ++i) {
    hex += kDigits[bytes[i] >> 4U];
    hex += kDigits[bytes[i] & 15U];
  }
  return hex;
}
}  // namespace

struct Digest::Impl {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Impl() { CHECK(context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { EVP_MD_CTX_free(context); }

  void update(std::string_view bytes) { CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1); }
  std::string finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    CHECK(EVP_DigestFinal_ex(context, out.data(), &size) == 1);
    return to_hex(out.data(), size);
  }
};

Digest::Digest() : impl_(std::make_unique<Impl>()) {}
Digest::~Digest() = default;

Digest& Digest::add(std::string_view field) {
  std::array<char, 8> length{};  // little endian, so that a digest means the same on every machine
  for (std::size_t i = 0; i < length.size(); ++i) {
    length.at(i) = static_cast<char>((static_cast<std::uint64_t>(field.size()) >> (8 * i)) & 0xffU);
  }
  impl_->update({length.data(), length.size()});
  impl_->update(field);
  return *this;
}

std::string Digest::hex() {
  return impl_->finish();
}

std::string sha256_hex(std::string_view bytes) {
  Digest::Impl digest;
  digest.update(bytes);
  return digest.finish();
}

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  std::size_t filled = 0;
  while (filled < bytes) {
    const ssize_t got = getrandom(raw.data() + filled, bytes - filled, 0);
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  return to_hex(reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
}

}  // namespace assize
