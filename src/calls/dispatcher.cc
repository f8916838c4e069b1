#include "calls/dispatcher.h"

#include <utility>

namespace assize {
namespace {

class Dispatcher final : public CallPort {
 public:
  Dispatcher(CallPort& process, CallPort& http, AdapterResolver resolve)
      : process_(process), http_(http), resolve_(std::move(resolve)) {}

  // The last bit of an id says whose it is.
  CallId submit(const Call& call, std::function<void(Answer)> done) override {
    const bool over_http = transport_of(*call.agent) == Transport::http;
    const CallId id = (over_http ? http_ : process_).submit(call, std::move(done));
    return id << 1U | (over_http ? 1U : 0U);
  }

  void cancel(CallId id) override { ((id & 1U) != 0 ? http_ : process_).cancel(id >> 1U); }

 private:
  Transport transport_of(const AgentSpec& spec) const {
    try {
      const auto adapter = resolve_(spec.kind);
      return adapter ? (*adapter)->transport() : Transport::process;
    } catch (...) {  // the port meets the same fault again, and answers with it
      return Transport::process;
    }
  }

  CallPort& process_;
  CallPort& http_;
  AdapterResolver resolve_;
};

}  // namespace

std::unique_ptr<CallPort> make_dispatcher(CallPort& process, CallPort& http, AdapterResolver resolve) {
  return std::make_unique<Dispatcher>(process, http, std::move(resolve));
}

}  // namespace assize
