#include "calls/list_models.h"

#include <fmt/core.h>

#include <algorithm>

#include "agents/http_adapter.h"
#include "agents/http_endpoint.h"
#include "calls/http_transfer.h"
#include "calls/secrets.h"
#include "calls/words.h"

namespace assize {
namespace {

constexpr std::size_t kMaxList = 1U << 20;

struct Body final : HttpTransfer::Sink {
  void on_body(std::string_view bytes) noexcept override { text += bytes.substr(0, kMaxList - text.size()); }
  void on_head(std::string_view) noexcept override {}
  std::string text;
};

Error unavailable(std::string message) {
  return Error{ErrorCode::unavailable, std::move(message), "is the server running?"};
}

}  // namespace

Result<std::vector<std::string>> list_models(const AgentSpec& spec, const Surroundings& world, Millis deadline) {
  TRY_ASSIGN(const Adapter* adapter, adapter_for(spec.kind));
  if (adapter->transport() != Transport::http) return invalid("agents of this kind are not asked over HTTP");
  TRY_ASSIGN(const Endpoint endpoint, parse_endpoint(spec.endpoint));
  if (!endpoint.loopback) return invalid(endpoint.host + " is not on this machine");
  AgentSpec asked = spec;
  if (asked.model.empty()) asked.model = "any";  // an agent without one is not usable, but may ask which there are
  const Probe probe = adapter->probe(asked, world);
  if (probe.unusable) return Error{ErrorCode::unavailable, probe.hint, {}};
  auto request = adapter->models_request(spec, probe);
  if (!request) return invalid("agents of this kind cannot be asked for models");
  std::vector<std::string> keys;
  for (const auto& [name, value] : probe.credentials) keys.push_back(value);
  const Secrets secrets(std::move(keys));

  TRY_ASSIGN(const CurlLibrary* curl, curl_library());
  Body body;
  HttpTransfer transfer(*curl, std::move(*request), HttpRoute{}, deadline, body);
  CHECK(curl->easy_setopt(transfer.handle(), CURLOPT_TIMEOUT_MS, static_cast<long>(deadline.count())) == CURLE_OK);
  const CURLcode code = curl->easy_perform(transfer.handle());
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return Error{
        ErrorCode::timed_out, fmt::format("{} did not answer within {}", endpoint.host, in_words(deadline)), {}};
  }
  const HttpEnding ending = transfer.ending(code);
  if (ending.broken) return unavailable(secrets.hide(ending.broken->message));
  if (ending.status / 100 != 2) return unavailable(fmt::format("{} answers HTTP {}", endpoint.host, ending.status));
  TRY_ASSIGN(std::vector<std::string> names, model_names(body.text));
  for (std::string& name : names) name = secrets.hide(name);
  return names;
}

}  // namespace assize
