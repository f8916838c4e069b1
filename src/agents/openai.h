// OpenAI-compatible chat completions over HTTP: OpenAI's own servers, and Ollama, llama.cpp, vLLM, OpenRouter and
// others by `endpoint`.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_openai_adapter();

}  // namespace assize
