// For the decoders' tests: runs a recorded shape through a decoder in many cuts, and a world made of maps. Tests only.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agents/adapter.h"

namespace assize {

struct FakeWorld : Surroundings {
  std::map<std::string, std::string, std::less<>> variables;
  std::map<std::string, std::string, std::less<>> programs;
  std::map<std::string, std::string, std::less<>> files;

  static std::optional<std::string> get(const std::map<std::string, std::string, std::less<>>& from,
                                        std::string_view name) {
    const auto found = from.find(name);
    return found == from.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<std::string> variable(std::string_view name) const override { return get(variables, name); }
  std::optional<std::string> find_program(std::string_view name) const override { return get(programs, name); }
  bool file_exists(std::string_view path) const override { return files.contains(path); }
  std::optional<std::string> read_file(std::string_view path) const override { return get(files, path); }
  std::string home() const override { return "/home/u"; }
};

inline Ending exited(int code, std::string stderr_tail = {}) {
  Ending ending;
  ending.exit_code = code;
  ending.stderr_tail = std::move(stderr_tail);
  return ending;
}
inline Ending stopped(CallErrorKind why) {
  Ending ending;
  ending.stopped_for = why;
  ending.signal = 15;
  return ending;
}
inline Ending killed(int signal) {
  Ending ending;
  ending.signal = signal;
  return ending;
}

inline Call call_to(AgentSpec spec, std::string prompt = "Review this.") {
  Call call;
  call.agent = std::make_shared<const AgentSpec>(std::move(spec));
  call.prompt = std::move(prompt);
  return call;
}

inline std::string kind_name(const Decoded& decoded) {
  return decoded.error ? std::string(to_string(decoded.error->kind)) : std::string("ok");
}

inline Decoded decode_in_pieces(const Adapter& adapter, const Call& call, std::string_view bytes, std::size_t piece,
                                const Ending& ending) {
  const auto decoder = adapter.decoder(call);
  for (std::size_t at = 0; at < bytes.size(); at += piece) decoder->feed(bytes.substr(at, piece));
  return decoder->finish(ending);
}

// Whole, byte by byte, and cut in two at every byte: all have to agree.
inline Decoded decode(const Adapter& adapter, std::string_view bytes, const Ending& ending, AgentSpec spec = {}) {
  const Call call = call_to(std::move(spec));
  const Decoded whole = decode_in_pieces(adapter, call, bytes, bytes.size() + 1, ending);
  const auto same = [&](const Decoded& other, std::size_t at) {
    EXPECT_EQ(other.text, whole.text) << "cut at " << at;
    EXPECT_EQ(kind_name(other), kind_name(whole)) << "cut at " << at;
    EXPECT_EQ(other.usage.input_tokens, whole.usage.input_tokens) << "cut at " << at;
  };
  same(decode_in_pieces(adapter, call, bytes, 1, ending), 1);
  for (std::size_t at = 1; at < bytes.size(); ++at) {
    const auto decoder = adapter.decoder(call);
    decoder->feed(bytes.substr(0, at));
    decoder->feed(bytes.substr(at));
    same(decoder->finish(ending), at);
  }
  return whole;
}

// One row of a table: what was printed, how it ended, what it has to come to.
struct StreamRow {
  std::string name;
  std::string bytes;
  Ending ending;
  std::string kind;
  std::string text;
};

inline void check_rows(const Adapter& adapter, const std::vector<StreamRow>& rows) {
  for (const StreamRow& row : rows) {
    SCOPED_TRACE(row.name);
    const Decoded got = decode(adapter, row.bytes, row.ending);
    EXPECT_EQ(kind_name(got), row.kind) << (got.error ? got.error->message : "");
    EXPECT_EQ(got.text, row.text);
  }
}

inline Room test_room() {
  return {.home = "/r/home", .scratch = "/r/tmp", .cwd = "/r/cwd"};
}

inline Probe found_at(std::string program) {
  Probe probe;
  probe.found = true;
  probe.program = std::move(program);
  return probe;
}

inline std::string joined(const std::vector<std::string>& argv) {
  std::string out;
  for (const std::string& arg : argv) out += (out.empty() ? "" : " ") + (arg.empty() ? std::string("''") : arg);
  return out;
}

inline std::string variable_of(const Invocation& run, std::string_view name) {
  for (auto entry = run.env.rbegin(); entry != run.env.rend(); ++entry) {
    if (entry->first == name) return entry->second;
  }
  return {};
}

}  // namespace assize
