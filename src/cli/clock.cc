#include "cli/clock.h"

#include <chrono>
#include <ctime>

#include <fmt/core.h>

#include "core/hash.h"

namespace assize {
namespace {

std::tm utc(std::time_t seconds) {
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return parts;
}

}  // namespace

std::string rfc3339_now() {
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const std::tm t = utc(static_cast<std::time_t>(millis / 1000));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                     t.tm_min, t.tm_sec, millis % 1000);
}

std::string new_run_id() {
  const std::tm t = utc(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  return fmt::format("{:04}{:02}{:02}-{:02}{:02}{:02}-{}", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                     t.tm_min, t.tm_sec, random_hex(4));
}

}  // namespace assize
