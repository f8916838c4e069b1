#include "cli/outputs.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include <fmt/core.h>

#include "cli/files.h"
#include "cli/values.h"
#include "report/json.h"
#include "report/markdown.h"
#include "report/sarif.h"
#include "report/text.h"

namespace assize {
namespace {

Format format_from(std::string_view word) {
  if (word == "markdown") return Format::markdown;
  if (word == "json") return Format::json;
  if (word == "sarif") return Format::sarif;
  if (word == "jsonl") return Format::jsonl;
  return Format::text;
}

// Standard output, or what it could not take; a reader that went away is fine.
Delivery to_stdout(std::string_view text) {
  if (const auto written = write_stdout(text); !written) {
    note(written.error().message);
    return Delivery::incomplete;
  }
  return Delivery::complete;
}

}  // namespace

std::vector<ReportTarget> report_targets(const Config& config) {
  std::vector<ReportTarget> targets = {{format_from(config.text("report.format").value_or("text")), {}}};
  for (const std::string& output : config.list("report.outputs")) {
    const std::size_t colon = output.find(':');
    targets.push_back({format_from(output.substr(0, colon)), output.substr(colon + 1)});
  }
  return targets;
}

Result<bool> check_targets(const std::vector<ReportTarget>& targets) {
  namespace fs = std::filesystem;
  std::set<fs::path> files;
  for (const ReportTarget& target : targets) {
    if (target.file.empty()) continue;
    if (target.file == "-") {
      return invalid("--output: '-' names no file", "--format chooses what goes to standard output");
    }
    std::error_code error;
    const fs::file_status status = fs::status(target.file, error);
    const bool takes_several = fs::exists(status) && !fs::is_regular_file(status);  // a pipe, /dev/null
    fs::path name = fs::weakly_canonical(fs::absolute(target.file), error);
    if (!takes_several && !files.insert(error ? fs::path(target.file) : std::move(name)).second) {
      return invalid(fmt::format("--output: two reports would go to {}", shown_word(target.file)),
                     "name a file for each");
    }
  }
  return true;
}

std::string render(Format format, const Outcome& outcome, const Terminal& terminal) {
  switch (format) {
    case Format::text:
      return render_text(outcome, {.color = terminal.color ? Color::on : Color::off,
                                   .links = terminal.hyperlinks ? Hyperlinks::on : Hyperlinks::off,
                                   .width = terminal.width});
    case Format::markdown:
      return render_markdown(outcome);
    case Format::json:
      return render_json(outcome);
    case Format::sarif:
      return render_sarif(outcome);
    case Format::jsonl:
      break;
  }
  return {};
}

Delivery deliver(const std::vector<ReportTarget>& targets, const Outcome& outcome, const Terminal& terminal) {
  const Renderer renderer = [&](Format format, const Terminal& where) { return render(format, outcome, where); };
  return deliver(targets, renderer, terminal);
}

Delivery deliver(const std::vector<ReportTarget>& targets, const Renderer& render, const Terminal& terminal) {
  Delivery delivery = Delivery::complete;
  const Terminal plain;  // a file is no terminal
  std::vector<std::string> lost;
  for (const ReportTarget& target : targets) {
    if (target.format == Format::jsonl || target.file.empty()) continue;
    std::string text = render(target.format, plain);
    if (const auto written = write_file(target.file, text, FileMode::shared); !written) {
      note(fmt::format("--output: {}; the report follows on standard output", written.error().message));
      delivery = Delivery::incomplete;
      lost.push_back(std::move(text));
    }
  }
  for (const ReportTarget& target : targets) {
    if (target.format == Format::jsonl || !target.file.empty()) continue;
    const std::string text = render(target.format, terminal);
    if (to_stdout(text) == Delivery::incomplete) delivery = Delivery::incomplete;
    std::erase(lost, text);  // it is there already
  }
  for (const std::string& text : lost) (void)to_stdout(text);
  return delivery;
}

EventSink::EventSink(const ReportTarget& target, std::function<void(std::string_view)> tell)
    : target_(target), tell_(std::move(tell)) {
  if (target.file.empty()) {
    fd_ = STDOUT_FILENO;
    return;
  }
  fd_ = ::open(target.file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd_ < 0) {
    failed_ = true;
    tell_(fmt::format("--output: {}: {}; the events follow on standard output at the end", target.file,
                      std::strerror(errno)));
  }
}

EventSink::~EventSink() {
  if (fd_ > STDERR_FILENO) ::close(fd_);
}

EventSink::Fate EventSink::write(std::string_view line) {
  if (gone_) return Fate::reader_gone;
  while (!failed_ && !line.empty()) {
    const ssize_t put = ::write(fd_, line.data(), line.size());
    if (put >= 0) {
      line.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EPIPE && target_.file.empty()) {
      gone_ = true;
      return Fate::reader_gone;
    } else if (errno != EINTR) {
      failed_ = true;
      tell_(fmt::format("{}: {}", target_.file.empty() ? "standard output" : target_.file, std::strerror(errno)));
    }
  }
  if (failed_ && !target_.file.empty()) kept_ += line;
  return Fate::written;
}

bool EventSink::reader_gone() {
  if (gone_ || failed_ || !target_.file.empty()) return gone_;
  pollfd out{fd_, 0, 0};
  if (::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0) gone_ = true;
  return gone_;
}

Delivery EventSink::finish() {
  if (!failed_) return Delivery::complete;
  if (!kept_.empty()) (void)to_stdout(kept_);
  return Delivery::incomplete;
}

}  // namespace assize
