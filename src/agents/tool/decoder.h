// From what a tool printed to an answer in the contract: findings on the lines that count, the files that were really
// analysed, and a warning for everything that was not.
#pragma once

#include <memory>
#include <string>

#include "agents/adapter.h"
#include "agents/tool/catalogue.h"

namespace assize::tool {

// Output kept for decoding; more than this is an output_limit.
inline constexpr std::size_t kMaxOutput = 32ULL << 20;

// `kind` null: a custom tool, whose output is in `format`; `name` stands in messages.
std::unique_ptr<Decoder> make_decoder(const Call& call, const Kind* kind, Format format, std::string name);

}  // namespace assize::tool
