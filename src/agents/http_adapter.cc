#include "agents/http_adapter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "agents/classify.h"
#include "agents/cli_support.h"
#include "agents/json_access.h"
#include "core/text.h"

namespace assize {

namespace {

namespace json = boost::json;

// The largest request that a vendor takes (Anthropic: 32 MB).
constexpr std::size_t kMaxPrompt = 32'000'000;

struct Host {
  std::string_view name;
  std::string_view vendor;
};
constexpr std::array kHosts = {
    Host{"api.openai.com", "openai"},
    Host{"api.anthropic.com", "anthropic"},
    Host{"generativelanguage.googleapis.com", "google"},
};

Probe unusable(CallErrorKind kind, std::string hint) {
  Probe probe;
  probe.found = true;
  probe.unusable = kind;
  probe.hint = std::move(hint);
  return probe;
}

// Settings that would be passed over in silence.
std::string_view foreign_setting(const AgentSpec& spec) {
  if (!spec.command.empty()) return "command";
  if (!spec.extra_args.empty()) return "extra_args";
  return spec.env.empty() ? "" : "env";
}

bool fits_a_header(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](unsigned char c) { return c > ' ' && c < 0x7F; });
}

std::string_view first_line(std::string_view text) {
  return trim(text.substr(0, text.find('\n')));
}

void no_key(Probe& probe, std::string how_known, std::string hint) {
  probe.logged_in = LoggedIn::no;
  probe.how_known = std::move(how_known);
  probe.unusable = CallErrorKind::not_logged_in;
  probe.hint = std::move(hint);
}

void read_key_file(const AgentSpec& spec, const Surroundings& world, std::string_view variable, Probe& probe) {
  std::string path = spec.api_key_file;
  if (path.starts_with("~/")) path.replace(0, 1, world.home());
  const auto content = world.read_file(path);
  const std::string_view key = content ? first_line(*content) : std::string_view();
  if (key.empty()) {
    return no_key(probe, fmt::format("there is no key in {}", path),
                  fmt::format("write the key into the first line of {}, which api_key_file names", path));
  }
  probe.logged_in = LoggedIn::yes;
  probe.how_known = fmt::format("a key is in {}", path);
  probe.credentials.emplace_back(variable, key);
}

}  // namespace

std::string HttpAdapter::vendor(const AgentSpec& spec) const {
  const auto endpoint = parse_endpoint(spec.endpoint.empty() ? vendor_.own_endpoint : std::string_view(spec.endpoint));
  if (!endpoint) return vendor_of(spec, vendor_.kind);
  if (endpoint->loopback) return vendor_of(spec, "local");
  for (const Host& host : kHosts) {
    if (host.name == endpoint->host) return vendor_of(spec, host.vendor);
  }
  return vendor_of(spec, endpoint->host);
}

Probe HttpAdapter::probe(const AgentSpec& spec, const Surroundings& world) const {
  const auto wrong = [](std::string hint) { return unusable(CallErrorKind::invalid_request, std::move(hint)); };
  if (const std::string_view key = foreign_setting(spec); !key.empty()) {
    return wrong(fmt::format("{} has no meaning for kind \"{}\", which runs no program", key, vendor_.kind));
  }
  const auto endpoint = parse_endpoint(spec.endpoint.empty() ? vendor_.own_endpoint : std::string_view(spec.endpoint));
  if (!endpoint) return wrong(fmt::format("{}; {}", endpoint.error().message, endpoint.error().hint));
  if (endpoint->scheme == Scheme::http && !endpoint->loopback && !spec.allow_insecure_endpoint) {
    return wrong(fmt::format(
        "plain http to {} would show code and key to the network; use https, or set allow_insecure_endpoint",
        endpoint->host));
  }
  if (spec.model.empty()) {
    return wrong(endpoint->loopback ? "set model; `assize doctor` lists what the server has"
                                    : fmt::format("set model: kind \"{}\" has no default", vendor_.kind));
  }
  if (!spec.api_key_env.empty() && !spec.api_key_file.empty())
    return wrong("set api_key_env or api_key_file, not both");

  Probe probe;
  probe.found = true;
  const auto own = parse_endpoint(vendor_.own_endpoint);
  const bool is_own = own && own->host == endpoint->host;
  if (!spec.api_key_file.empty()) {
    read_key_file(spec, world, vendor_.key_variable, probe);
  } else if (find_own_key(spec, world, vendor_.key_variable, probe)) {
    // as it was found, or not
  } else if (is_own) {
    const auto key = world.variable(vendor_.key_variable);
    if (!key || key->empty()) {
      no_key(probe, fmt::format("{} is not set", vendor_.key_variable),
             fmt::format("set {}, or name another variable with api_key_env", vendor_.key_variable));
    } else {
      probe.logged_in = LoggedIn::yes;
      probe.how_known = fmt::format("{} is set", vendor_.key_variable);
      probe.credentials.emplace_back(vendor_.key_variable, *key);
    }
  } else {
    probe.how_known = "an endpoint without api_key_env: no key is sent";
  }
  for (auto& [name, key] : probe.credentials) {
    key = std::string(trim(key));
    if (key.empty() || !fits_a_header(key)) {
      no_key(probe, "the key is not usable", "the key holds a character that no key has; set it again");
    }
  }
  if (probe.unusable) probe.credentials.clear();
  return probe;
}

tl::expected<Invocation, CallError> HttpAdapter::invocation(const Call&, const Probe&, const Room&, FileTools) const {
  return tl::unexpected(
      call_error(CallErrorKind::internal, fmt::format("an agent of kind {} runs no program", vendor_.kind)));
}

std::string HttpAdapter::read_only_rule() const {
  return "it is sent text and sends text back: no program runs here, and no tools are offered";
}

Result<Target> HttpAdapter::target_of(const AgentSpec& spec, const Probe& found) const {
  Target target;
  TRY_ASSIGN(target.endpoint,
             parse_endpoint(spec.endpoint.empty() ? vendor_.own_endpoint : std::string_view(spec.endpoint)));
  TRY_ASSIGN(const Endpoint own, parse_endpoint(vendor_.own_endpoint));
  target.own = own.host == target.endpoint.host;
  target.base = target.endpoint.base;
  const bool bare_known = target.endpoint.path.empty() && (target.own || target.endpoint.loopback);
  const bool add = vendor_.add_version == HttpVendor::AddVersion::always || bare_known;
  if (add && !target.endpoint.path.ends_with(vendor_.version_path)) target.base += vendor_.version_path;
  if (!found.credentials.empty()) target.key = found.credentials.front().second;
  return target;
}

tl::expected<HttpRequest, CallError> HttpAdapter::request(const Call& call, const Probe& found) const {
  const auto refuse = [](std::string_view message) {
    return tl::unexpected(call_error(CallErrorKind::invalid_request, message));
  };
  const AgentSpec& spec = *call.agent;
  if (auto error = check_call(call, std::string::npos, "an endpoint")) return tl::unexpected(*error);
  if (call.prompt.size() > kMaxPrompt) {
    return tl::unexpected(
        call_error(CallErrorKind::prompt_too_long,
                   fmt::format("the prompt has {} bytes; an endpoint takes {}", call.prompt.size(), kMaxPrompt)));
  }
  if (call.mode != ExecutionMode::read_only) return refuse("an endpoint cannot write files");
  if (spec.model.empty()) return refuse("no model is set");
  const auto target = target_of(spec, found);
  if (!target) return refuse(target.error().message);
  HttpRequest request;
  request.url = target->base + path(spec);
  request.headers = headers(*target);
  request.headers.emplace_back("Content-Type", "application/json");
  request.headers.emplace_back("Accept", "text/event-stream, application/json");
  request.body = body(call, *target);
  return request;
}

std::optional<HttpRequest> HttpAdapter::models_request(const AgentSpec& spec, const Probe& found) const {
  const auto target = target_of(spec, found);
  if (!target) return std::nullopt;
  HttpRequest request;
  request.method = HttpRequest::Method::get;
  request.url = target->base + "/models";
  request.headers = headers(*target);
  request.headers.emplace_back("Accept", "application/json");
  return request;
}

Result<std::vector<std::string>> model_names(std::string_view body) {
  constexpr std::size_t kMostNames = 1'000;
  constexpr std::size_t kLongestName = 200;
  const auto document = JsonText::parse(trim(body));
  const json::object* object = document ? document->object() : nullptr;
  const json::array* list = object == nullptr ? nullptr : json_array(*object, {"data"});
  if (list == nullptr && object != nullptr) list = json_array(*object, {"models"});
  if (list == nullptr) return Error{ErrorCode::corrupt, "the answer is no list of models", {}};
  std::vector<std::string> names;
  for (const json::value& element : *list) {
    const json::object* model = element.if_object();
    if (model == nullptr || names.size() >= kMostNames) continue;
    std::string_view name = json_text(*model, {"id"});
    if (name.empty()) name = json_text(*model, {"name"});
    if (name.starts_with("models/")) name.remove_prefix(std::string_view("models/").size());
    if (!name.empty())
      names.push_back(cap_bytes(strip_controls(to_valid_utf8(name), Newlines::to_space), kLongestName));
  }
  return names;
}

}  // namespace assize
