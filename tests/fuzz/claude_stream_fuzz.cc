#include "agents/claude.h"
#include "stream_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto adapter = assize::make_claude_adapter();
  return assize::fuzz_stream(*adapter, {}, data, size);
}
