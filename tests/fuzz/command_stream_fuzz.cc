#include "agents/command.h"
#include "stream_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto adapter = assize::make_command_adapter();
  if (size < 1) return 0;
  assize::AgentSpec spec;
  constexpr const char* kOutputs[] = {"text", "json", "jsonl", "jsonl"};
  spec.output = kOutputs[data[0] % 4];
  spec.output_pointer = data[0] % 8 < 4 ? "" : "/a/0";
  return assize::fuzz_stream(*adapter, spec, data + 1, size - 1);
}
