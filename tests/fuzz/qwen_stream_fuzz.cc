#include "agents/qwen.h"
#include "stream_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto adapter = assize::make_qwen_adapter();
  return assize::fuzz_stream(*adapter, {}, data, size);
}
