// The config loader on any bytes: it never crashes, each message is one line, and what it accepts it can print and read
// back.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/config.h"
#include "core/result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assize;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto layer = read_config(text, "assize.toml", Layer::repository);
  if (!layer) {
    CHECK(layer.error().message.find('\n') == std::string::npos);
    return 0;
  }
  for (const ConfigProblem& problem : layer->problems) CHECK(problem.message.find('\n') == std::string::npos);
  Config config = built_in_config();
  apply_layer(config, *layer);
  for (const auto& [name, setting] : layer->settings) {
    const std::string again = name + " = " + to_toml(setting.value);
    const auto read = read_config(again, "again", Layer::repository);
    CHECK(read && read->problems.empty() && read->settings.at(name).value == setting.value);
  }
  return 0;
}
