// The decoders of the kinds that are asked over HTTP: any body, cut anywhere, ends in a value; how it is cut changes
// nothing; success is a good status, a stream that said how it ends, and a text. The first byte picks the kind and how
// the exchange ended, the second the status, the third how the body is cut.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agents/anthropic.h"
#include "agents/google.h"
#include "agents/http_adapter.h"
#include "agents/http_endpoint.h"
#include "agents/openai.h"

namespace assize {
namespace {

HttpEnding ending_of(std::uint8_t how, std::uint8_t status) {
  constexpr std::array kStatuses = {200, 200, 200, 204, 302, 400, 401, 403, 404, 408, 413, 429, 500, 529, 0};
  HttpEnding ending;
  ending.status = kStatuses[status % kStatuses.size()];
  ending.content_type = (status & 128U) != 0 ? "text/html; charset=utf-8" : "text/event-stream";
  switch (how % 6) {
    case 1:
      ending.broken = CallError{CallErrorKind::network, "broken", {}, {}, {}};
      break;
    case 2:
      ending.stopped_for = CallErrorKind::timed_out;
      break;
    case 3:
      ending.stopped_for = CallErrorKind::output_limit;
      break;
    default:
      break;
  }
  return ending;
}

int fuzz(const std::uint8_t* data, std::size_t size) {
  static const std::array<std::unique_ptr<Adapter>, 3> adapters = {make_openai_adapter(), make_anthropic_adapter(),
                                                                   make_google_adapter()};
  if (size < 3) return 0;
  const Adapter& adapter = *adapters[data[0] % adapters.size()];
  const HttpEnding ending = ending_of(data[0] / adapters.size(), data[1]);
  const std::string_view body(reinterpret_cast<const char*>(data + 3), size - 3);
  Call call;
  call.agent = std::make_shared<const AgentSpec>();
  const auto decode = [&](std::size_t piece) {
    const auto decoder = adapter.http_decoder(call);
    for (std::size_t at = 0; at < body.size(); at += piece) decoder->feed(body.substr(at, piece));
    return decoder->finish(ending);
  };
  const Decoded whole = decode(body.size() + 1);
  const Decoded cut = decode(static_cast<std::size_t>(data[2] % 16) + 1);
  const auto kind = [](const Decoded& decoded) { return decoded.error ? static_cast<int>(decoded.error->kind) : -1; };
  const auto message = [](const Decoded& decoded) { return decoded.error ? decoded.error->message : std::string(); };
  if (whole.text != cut.text || kind(whole) != kind(cut) || message(whole) != message(cut)) std::abort();
  if (whole.model != cut.model || whole.usage.input_tokens != cut.usage.input_tokens) std::abort();
  if (!whole.error && (whole.text.empty() || ending.status / 100 != 2)) std::abort();
  if (whole.error && whole.error->message.empty()) std::abort();

  (void)model_names(body);
  if (const auto endpoint = parse_endpoint(body)) {
    const auto again = parse_endpoint(endpoint->base);
    if (!again || again->base != endpoint->base || again->loopback != endpoint->loopback) std::abort();
  }
  return 0;
}

}  // namespace
}  // namespace assize

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return assize::fuzz(data, size);
}
