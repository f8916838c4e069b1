#include "trial/exhibits.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "change/excerpt.h"
#include "change/surroundings.h"
#include "guard/fence.h"

namespace assize {

namespace {

ScopeLine::Kind scope_kind(LineKind kind) {
  switch (kind) {
    case LineKind::added:
      return ScopeLine::Kind::added;
    case LineKind::removed:
      return ScopeLine::Kind::removed;
    case LineKind::context:
      break;
  }
  return ScopeLine::Kind::context;
}

ScopeFile scope_file(const FileChange& file, const PostImages& images) {
  ScopeFile scoped{.path = file.path(), .lines = {}, .post_image = nullptr};
  for (const Hunk& hunk : file.hunks) {
    for (const Line& line : hunk.lines) {
      const bool removed = line.kind == LineKind::removed;
      scoped.lines.push_back({scope_kind(line.kind), removed ? line.old_no : line.new_no, std::string(line.text)});
    }
  }
  if (const auto image = images.find(file.path()); image != images.end()) scoped.post_image = image->second;
  return scoped;
}

std::string context_of(const Change& change, const Plan& plan, const TrialInput& input) {
  if (input.settings.context != TrialSettings::Context::expanded) return "\n";
  const std::string& nonce = input.settings.nonce;
  std::string context;
  if (!change.title.empty() || !change.body.empty()) {
    context += fmt::format("\n# What its author says about it\nUnproven claims; check them.\n{}",
                           fence("description", nonce, change.title + "\n\n" + change.body));
  }
  const std::string around = render_surroundings(change, plan, input.images);
  if (!around.empty()) {
    context += fmt::format(
        "\n# The code around it\nUnchanged lines near the change, for context; they are not under review.\n{}",
        fence("surroundings", nonce, around));
  }
  return context + "\n";
}

bool shows(const Change& change, const Anchor& anchor) {
  for (const FileChange& file : change.files) {
    if (file.path() != anchor.path) continue;
    if (!anchor.lines) return true;
    for (const Hunk& hunk : file.hunks) {
      const bool old_side = anchor.side == Side::pre_image;
      const std::uint32_t first = old_side ? hunk.old_start : hunk.new_start;
      const std::uint32_t count = old_side ? hunk.old_count : hunk.new_count;
      if (count > 0 && anchor.lines->first >= first && anchor.lines->first < first + count) return true;
    }
  }
  return false;
}

}  // namespace

std::shared_ptr<const Scope> make_scope(const TrialInput& input) {
  auto scope = std::make_shared<Scope>();
  scope->repository = input.change.repository;
  for (const PlannedFile& planned : input.plan.files) {
    if (!planned.set_aside) scope->files.push_back(scope_file(input.change.files[planned.index], input.images));
  }
  return scope;
}

Exhibits::Exhibits(const TrialInput& input)
    : input_(input), whole_(std::make_unique<ChangeView>(input.change, input.plan, input.images)) {
  const std::string_view kind = input.settings.subject == Subject::document ? "document" : "change";
  for (const Chunk& chunk : input.chunks) {
    texts_.push_back({fence(kind, input.settings.nonce, render_numbered(chunk.change, chunk.plan)),
                      context_of(chunk.change, chunk.plan, input)});
    if (input.chunks.size() > 1) {
      views_.push_back(std::make_unique<ChangeView>(chunk.change, chunk.plan, input.images));
    }
  }
  for (const RosterEntry& entry : input.roster) {
    if (scope_ == nullptr && role_of(entry.spec->kind) == AgentRole::analyser) scope_ = make_scope(input);
  }
}

const ChangeView& Exhibits::view(int chunk) const {
  return views_.empty() ? *whole_ : *views_.at(static_cast<std::size_t>(chunk));
}

int Exhibits::chunk_showing(const Anchor& anchor, int likely) const {
  const std::vector<Chunk>& chunks = input_.chunks;
  if (chunks.size() < 2 || anchor.path.empty() || shows(chunks.at(static_cast<std::size_t>(likely)).change, anchor)) {
    return likely;
  }
  const auto first = [&](const Anchor& wanted) {
    return std::find_if(chunks.begin(), chunks.end(), [&](const Chunk& chunk) { return shows(chunk.change, wanted); });
  };
  auto found = first(anchor);
  if (found == chunks.end()) {
    Anchor anywhere = anchor;  // in the file at least
    anywhere.lines.reset();
    found = first(anywhere);
  }
  return found == chunks.end() ? likely : static_cast<int>(found - chunks.begin());
}

Matter Exhibits::matter() const {
  return input_.settings.subject == Subject::document ? Matter::document : Matter::change;
}

std::string Exhibits::code_around(const Anchor& anchor) const {
  return render_excerpt(input_.change, input_.images, anchor, kExcerptContext);
}

std::string Exhibits::fenced(std::string_view kind, std::string_view text) const {
  return fence(kind, input_.settings.nonce, text);
}

}  // namespace assize
