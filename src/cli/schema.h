// The JSON Schema of assize.toml for editors, made from the loader's own table: docs/assize.schema.json is its output.
#pragma once

#include <string>

namespace assize {

std::string config_schema();

}  // namespace assize
