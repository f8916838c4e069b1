// What the adapters of endpoints share: whether one may be asked and with which key, the request's frame, and the
// answer to "which models are there". Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agents/adapter.h"
#include "agents/http_endpoint.h"

namespace assize {

// One vendor's interface.
struct HttpVendor {
  std::string_view kind;
  std::string_view own_endpoint;  // where it is asked when no endpoint is configured
  std::string_view key_variable;  // the key for its own endpoint
  std::string_view version_path;  // "/v1": added to an endpoint unless it ends so already
  // OpenAI's base URL holds its version, the others' do not; of a local or the vendor's own server without any path it
  // is known all the same.
  enum class AddVersion { always, to_bare_known } add_version;
};

// Where one call goes.
struct Target {
  Endpoint endpoint;
  std::string base;      // what paths of the interface are appended to
  bool own = false;      // the vendor's own servers, not one that speaks the same interface
  std::string_view key;  // empty: none is sent
};

class HttpAdapter : public Adapter {
 public:
  explicit HttpAdapter(const HttpVendor& vendor) : vendor_(vendor) {}

  std::string_view kind() const final { return vendor_.kind; }
  // The maker of the model when its name tells, else the endpoint's: openai, anthropic or google for their own hosts,
  // "local" for loopback, the host's name for any other.
  std::string vendor(const AgentSpec& spec) const final;
  // Unusable: an endpoint that is none, plain http to a host that is not loopback, no model, settings that only a
  // program can use, a key that is named and not there. The vendor's usual variable is read for its own endpoint alone.
  Probe probe(const AgentSpec& spec, const Surroundings& world) const final;
  std::vector<std::string> version_args() const final { return {}; }
  tl::expected<Invocation, CallError> invocation(const Call&, const Probe&, const Room&, FileTools) const final;
  std::unique_ptr<Decoder> decoder(const Call&) const final { return nullptr; }  // there is no program
  std::string read_only_rule() const final;
  std::optional<std::string> audit(const std::vector<std::string>&) const final { return std::nullopt; }

  Transport transport() const final { return Transport::http; }
  tl::expected<HttpRequest, CallError> request(const Call& call, const Probe& found) const final;
  std::optional<HttpRequest> models_request(const AgentSpec& spec, const Probe& found) const final;

 protected:
  virtual std::string path(const AgentSpec& spec) const = 0;  // after Target::base, of the call itself
  virtual std::string body(const Call& call, const Target& target) const = 0;
  // The headers that authenticate, and those that the interface wants.
  virtual std::vector<std::pair<std::string, std::string>> headers(const Target& target) const = 0;

 private:
  Result<Target> target_of(const AgentSpec& spec, const Probe& found) const;

  HttpVendor vendor_;
};

// The models that an endpoint names, in the form of any of the vendors: {"data": [{"id": …}]}, {"models": [{"name":
// …}]}. Error corrupt: it is none of these.
Result<std::vector<std::string>> model_names(std::string_view body);

}  // namespace assize
