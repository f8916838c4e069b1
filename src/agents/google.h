// Google's generateContent interface (the Gemini API) over HTTP.
#pragma once

#include <memory>

#include "agents/adapter.h"

namespace assize {

std::unique_ptr<Adapter> make_google_adapter();

}  // namespace assize
