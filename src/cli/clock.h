// The time of day for reports and events. Nothing that is decided depends on it.
#pragma once

#include <string>

namespace assize {

std::string rfc3339_now();  // "2026-01-02T03:04:05.678Z"
// "20260102-030405-1a2b3c4d": sorts by time, and does not repeat.
std::string new_run_id();

}  // namespace assize
