// Writes one document of every machine-readable format, from a rich, a hostile, an empty and a long outcome, into the
// folder named on the command line. tests/schemas/validate then holds them to their schemas.
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>

#include "report/events.h"
#include "report/json.h"
#include "report/report_fixture.h"
#include "report/report_sample_run.h"
#include "report/sarif.h"

namespace {

using namespace assize;

std::string events_of(const std::function<void(EventWriter&)>& script) {
  std::string lines;
  EventWriter events([&](std::string_view line) { lines += line; }, [] { return "2026-01-02T03:04:05.678Z"; });
  script(events);
  return lines;
}

bool write(const std::string& folder, const std::string& name, const std::string& content) {
  std::ofstream file(folder + "/" + name, std::ios::binary);
  file << content;
  file.close();
  if (!file) std::fprintf(stderr, "write_samples: cannot write %s/%s\n", folder.c_str(), name.c_str());
  return static_cast<bool>(file);
}

bool write_all(const std::string& folder, const std::string& name, const Outcome& outcome) {
  return write(folder, name + ".outcome.json", render_json(outcome)) &&
         write(folder, name + ".sarif", render_sarif(outcome)) &&
         write(folder, name + ".jsonl", events_of([&](EventWriter& events) { fixture::play(outcome, events); }));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: write_samples FOLDER\n");
    return 2;
  }
  const std::string folder = argv[1];
  const Error error = invalid("unknown option '--frmat'", "did you mean --format?");
  const bool written =
      write_all(folder, "rich", fixture::rich_outcome()) && write_all(folder, "clean", fixture::clean_outcome()) &&
      write_all(folder, "hostile", fixture::with_everywhere(fixture::hostile_text())) &&
      write_all(folder, "empty", Outcome{.mode = "review"}) && write_all(folder, "many", fixture::many_groups(100)) &&
      write(folder, "failed.jsonl", events_of([&](EventWriter& events) { events.failed(error, 2); })) &&
      write(folder, "interrupted.jsonl", events_of([](EventWriter& events) {
              events.run_started(fixture::rich_outcome());
              events.interrupted(143);
            }));
  return written ? 0 : 1;
}
