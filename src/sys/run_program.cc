// The blocking form of a process, for short programs.
#include <algorithm>

#include "sys/process.h"

namespace assize {
namespace {

class Collector final : public ProcessListener {
 public:
  Collector(ProgramOutput& output, std::uint64_t limit) : output_(output), limit_(limit) {}
  void on_stdout(std::string_view bytes) override { take(output_.out, bytes); }
  void on_stderr(std::string_view bytes) override { take(output_.err, bytes); }
  void on_end(const ProcessEnd& end) override {
    output_.end = end;
    ended = true;
  }
  bool ended = false;

 private:
  void take(std::string& kept, std::string_view bytes) const {
    kept.append(bytes.substr(0, std::min<std::uint64_t>(bytes.size(), limit_ - kept.size())));
  }
  ProgramOutput& output_;
  std::uint64_t limit_;
};

}  // namespace

tl::expected<ProgramOutput, SpawnError> run_program(ProcessSpec spec, Millis timeout, ByteCount max_output) {
  EventLoop loop;
  auto host = ProcessHost::make(loop);
  if (!host) return tl::unexpected(SpawnError{0, host.error().message});
  ProgramOutput output;
  Collector collector(output, max_output.value);
  auto process = (*host)->start(std::move(spec), collector);
  if (!process) return tl::unexpected(std::move(process).error());
  const Subscribed deadline = loop.after(timeout, [&] {
    output.timed_out = true;
    (*process)->stop();
  });
  loop.run_until([&] { return collector.ended; });
  if (output.end.spawn_error) return tl::unexpected(*output.end.spawn_error);
  return output;
}

}  // namespace assize
