// For the tests of the endpoints' decoders: runs a body through one in many cuts. Tests only.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "agents/decoder_test_support.h"

namespace assize {

inline HttpEnding answered(int status, std::string content_type = "text/event-stream") {
  HttpEnding ending;
  ending.status = status;
  ending.content_type = std::move(content_type);
  return ending;
}
inline HttpEnding broken(int status = 200) {
  HttpEnding ending = answered(status);
  ending.broken = CallError{CallErrorKind::network, "the connection broke", {}, {}, {}};
  return ending;
}
inline HttpEnding stopped_as(CallErrorKind why, int status = 200) {
  HttpEnding ending = answered(status);
  ending.stopped_for = why;
  return ending;
}

inline Decoded http_decode_in_pieces(const Adapter& adapter, const Call& call, std::string_view body, std::size_t piece,
                                     const HttpEnding& ending) {
  const auto decoder = adapter.http_decoder(call);
  for (std::size_t at = 0; at < body.size(); at += piece) decoder->feed(body.substr(at, piece));
  return decoder->finish(ending);
}

// Whole, byte by byte, and cut in two at every byte: all have to agree.
inline Decoded http_decode(const Adapter& adapter, std::string_view body, const HttpEnding& ending,
                           const Call& call = call_to({})) {
  const Decoded whole = http_decode_in_pieces(adapter, call, body, body.size() + 1, ending);
  const auto same = [&](const Decoded& other, std::size_t at) {
    EXPECT_EQ(other.text, whole.text) << "cut at " << at;
    EXPECT_EQ(kind_name(other), kind_name(whole)) << "cut at " << at;
    EXPECT_EQ(other.error ? other.error->message : "", whole.error ? whole.error->message : "") << "cut at " << at;
    EXPECT_EQ(other.usage.input_tokens, whole.usage.input_tokens) << "cut at " << at;
  };
  same(http_decode_in_pieces(adapter, call, body, 1, ending), 1);
  for (std::size_t at = 1; at < body.size(); ++at) {
    const auto decoder = adapter.http_decoder(call);
    decoder->feed(body.substr(0, at));
    decoder->feed(body.substr(at));
    same(decoder->finish(ending), at);
  }
  return whole;
}

// One row of a table: what the server sent, how it ended, what it has to come to.
struct HttpRow {
  std::string name;
  std::string body;
  HttpEnding ending;
  std::string kind;
  std::string text;
};

inline void check_http_rows(const Adapter& adapter, const std::vector<HttpRow>& rows) {
  for (const HttpRow& row : rows) {
    SCOPED_TRACE(row.name);
    const Decoded got = http_decode(adapter, row.body, row.ending);
    EXPECT_EQ(kind_name(got), row.kind) << (got.error ? got.error->message : "");
    EXPECT_EQ(got.text, row.text);
  }
}

inline std::string header_of(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace assize
