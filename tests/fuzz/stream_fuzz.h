// The body of the stream decoders' fuzz targets: any bytes, cut anywhere, end in a value; and how they are cut changes
// nothing. The input's first byte says how the process ended, its second how the rest is cut, and the part after the
// last 0xFF byte is standard error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "agents/adapter.h"

namespace assize {

inline int fuzz_stream(const Adapter& adapter, const AgentSpec& spec, const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  Ending ending;
  switch (data[0] % 4) {
    case 0:
      ending.exit_code = 0;
      break;
    case 1:
      ending.exit_code = data[0];
      break;
    case 2:
      ending.signal = 9;
      break;
    default:
      ending.stopped_for = CallErrorKind::timed_out;
      break;
  }
  if (const auto mark = bytes.rfind('\xff'); mark != std::string_view::npos) {
    ending.stderr_tail = bytes.substr(mark + 1);
    bytes = bytes.substr(0, mark);
  }
  Call call;
  call.agent = std::make_shared<const AgentSpec>(spec);
  const auto decode = [&](std::size_t piece) {
    const auto decoder = adapter.decoder(call);
    for (std::size_t at = 0; at < bytes.size(); at += piece) decoder->feed(bytes.substr(at, piece));
    return decoder->finish(ending);
  };
  const Decoded whole = decode(bytes.size() + 1);
  const Decoded cut = decode(static_cast<std::size_t>(data[1] % 16) + 1);
  const auto kind = [](const Decoded& decoded) { return decoded.error ? static_cast<int>(decoded.error->kind) : -1; };
  if (whole.text != cut.text || kind(whole) != kind(cut) || whole.model != cut.model) std::abort();
  if (!whole.error && (whole.text.empty() || ending.exit_code != 0)) std::abort();  // success is exit 0 with an answer
  return 0;
}

}  // namespace assize
