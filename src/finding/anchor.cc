#include "finding/anchor.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "core/text.h"
#include "finding/code_sheet.h"
#include "finding/path_index.h"

namespace assize {

namespace {

struct ViewedFile {
  const FileChange* file = nullptr;
  bool shown = false;
  CodeSheet post;  // context and added lines, by post-image number
  CodeSheet pre;   // context and removed lines, by pre-image number

  // Whether what is known of the file is all of it, so that a quote that is not there is invented.
  bool is_whole() const {
    return (file->kind == FileKind::added || file->kind == FileKind::deleted) && !file->damaged && !file->unread &&
           !file->binary;
  }
};

}  // namespace

struct ChangeView::Impl {
  Impl(const Change& change, const Plan& plan, const PostImages& post_images, FileExists file_exists)
      : paths(change.repository), images(post_images), exists(std::move(file_exists)) {
    files.reserve(plan.files.size());
    for (const PlannedFile& planned : plan.files) {
      ViewedFile& viewed = files.emplace_back();
      viewed.file = &change.files[planned.index];
      viewed.shown = !planned.set_aside;
      if (viewed.shown) read_lines(viewed);
    }
    for (std::size_t i = 0; i < files.size(); ++i) paths.add(files[i].file->new_path, i);
    for (std::size_t i = 0; i < files.size(); ++i) paths.add(files[i].file->old_path, i);
    for (const auto& [path, bytes] : images) {
      if (bytes != nullptr) image_paths.add(path, 0);
    }
  }

  static void read_lines(ViewedFile& viewed) {
    for (const Hunk& hunk : viewed.file->hunks) {
      for (const Line& line : hunk.lines) {
        const std::string_view text = line.text;
        if (line.kind != LineKind::removed) viewed.post.add(line.new_no, text);
        if (line.kind != LineKind::added) viewed.pre.add(line.old_no, text);
      }
    }
    viewed.post.index();
    viewed.pre.index();
  }

  // The whole file after the change; null when it is not known. Read on first use.
  const CodeSheet* image(const std::string& path) const {
    const auto known = images.find(path);
    if (known == images.end() || known->second == nullptr) return nullptr;
    const auto [entry, is_new] = image_sheets.try_emplace(path);
    if (is_new) {
      std::uint32_t number = 0;
      for (const std::string_view line : split_lines(*known->second)) entry->second.add(++number, line);
      entry->second.index();
    }
    return &entry->second;
  }

  bool is_shown_anywhere(const Quote& quote) const {
    return std::any_of(files.begin(), files.end(),
                       [&](const ViewedFile& file) { return file.post.has_line(quote) || file.pre.has_line(quote); });
  }

  std::vector<ViewedFile> files;
  PathIndex paths;
  PathIndex image_paths;
  const PostImages& images;
  FileExists exists;
  // A cache: the view is used from one thread.
  mutable std::map<std::string, CodeSheet> image_sheets;
};

ChangeView::ChangeView(const Change& change, const Plan& plan, const PostImages& images, FileExists exists)
    : impl_(std::make_unique<Impl>(change, plan, images, std::move(exists))) {}
ChangeView::~ChangeView() = default;

std::string ChangeView::resolve_path(std::string_view cited) const {
  const PathIndex::Found found = impl_->paths.find(cited);
  if (found.match != PathMatch::one || !impl_->files[found.value].shown) return {};
  return impl_->files[found.value].file->path();
}

std::vector<std::string> ChangeView::shown_paths() const {
  std::vector<std::string> paths;
  for (const ViewedFile& file : impl_->files) {
    if (file.shown) paths.push_back(file.file->path());
  }
  return paths;
}

std::string_view ChangeView::code_at(const Anchor& anchor) const {
  if (!anchor.lines) return {};
  const PathIndex::Found found = impl_->paths.find(anchor.path);
  if (found.match != PathMatch::one || !impl_->files[found.value].shown) return {};
  const bool post = anchor.side == Side::post_image;
  const std::uint32_t wanted = anchor.lines->first;
  const std::vector<Hunk>& hunks = impl_->files[found.value].file->hunks;
  // The last hunk that starts at or before the line; hunks rise in both numbers.
  const auto after = std::partition_point(
      hunks.begin(), hunks.end(), [&](const Hunk& hunk) { return (post ? hunk.new_start : hunk.old_start) <= wanted; });
  if (after == hunks.begin()) return {};
  for (const Line& line : std::prev(after)->lines) {
    const bool on_side = line.kind != (post ? LineKind::removed : LineKind::added);
    if (on_side && (post ? line.new_no : line.old_no) == wanted) return line.text;
  }
  return {};
}

bool ChangeView::has_lines(std::string_view cited, LineRange lines) const {
  const auto has = [&](const CodeSheet& sheet) {
    return sheet.within({lines.first, lines.first}) && sheet.within({lines.last, lines.last});
  };
  const auto image_has = [&](const std::string& path) {
    const CodeSheet* image = impl_->image(path);
    return image != nullptr && has(*image);
  };
  const PathIndex::Found found = impl_->paths.find(cited);
  if (found.match == PathMatch::one) {
    const ViewedFile& file = impl_->files[found.value];
    return has(file.post) || has(file.pre) || image_has(file.file->path());
  }
  if (found.match == PathMatch::several) return false;
  const PathIndex::Found elsewhere = impl_->image_paths.find(cited);
  return elsewhere.match == PathMatch::one && image_has(elsewhere.path);
}

namespace {

constexpr std::uint32_t kMaxKeptRange = 200;  // a wider citation says no more than the quoted line does

// The cited lines, when they are about the place that was found.
LineRange lines_at(const QuoteMatch& match, const std::optional<LineRange>& cited) {
  if (!cited || !cited->contains(match.lines.first) || cited->last - cited->first > kMaxKeptRange) return match.lines;
  return {cited->first, std::max(cited->last, match.lines.last)};
}

std::optional<std::uint32_t> first_line(const Citation& citation) {
  return citation.lines ? std::optional(citation.lines->first) : std::nullopt;
}

// A path that is no file of the change.
Anchor resolve_elsewhere(const Citation& citation, const Quote& quote, const ChangeView::Impl& shown) {
  Anchor anchor{.state = AnchorState::unknown_file, .path = normalise_path(citation.path)};
  const PathIndex::Found found = shown.image_paths.find(citation.path);
  if (found.match == PathMatch::several) return {};
  if (found.match == PathMatch::none) {
    if (shown.exists && shown.exists(anchor.path)) anchor.state = AnchorState::outside_change;
    return anchor;
  }
  anchor.path = found.path;
  anchor.state = AnchorState::outside_change;
  const CodeSheet* image = shown.image(found.path);
  if (image == nullptr) return anchor;
  if (const auto match = image->find(quote, first_line(citation), kQuoteWindow)) {
    if (match->near || match->unique) anchor.lines = lines_at(*match, citation.lines);
  } else if (!quote.empty() && !shown.is_shown_anywhere(quote)) {
    anchor.state = AnchorState::fabricated;
  } else if (citation.lines) {
    anchor.lines = image->within(*citation.lines);
  }
  return anchor;
}

Anchor resolve_in(const ViewedFile& file, Side first_side, const Citation& citation, const Quote& quote,
                  const ChangeView::Impl& shown) {
  Anchor anchor{.state = AnchorState::file_only, .path = file.file->path()};
  if (!file.shown) return anchor;
  const Side other = first_side == Side::post_image ? Side::pre_image : Side::post_image;
  const auto sheet = [&](Side side) -> const CodeSheet& { return side == Side::post_image ? file.post : file.pre; };
  const auto settle = [&](AnchorState state, LineRange lines, Side side) {
    anchor.state = state;
    anchor.lines = lines;
    anchor.side = side;
    return anchor;
  };

  bool found_somewhere = false;
  if (!quote.empty()) {
    const auto line = first_line(citation);
    const auto first = sheet(first_side).find(quote, line, kQuoteWindow);
    const auto second = sheet(other).find(quote, line, kQuoteWindow);
    if (first && first->near) return settle(AnchorState::exact, lines_at(*first, citation.lines), first_side);
    if (second && second->near) return settle(AnchorState::exact, lines_at(*second, citation.lines), other);
    if (first && first->unique) return settle(AnchorState::moved, first->lines, first_side);
    if (!first && second && second->unique) return settle(AnchorState::moved, second->lines, other);
    found_somewhere = first || second;

    const CodeSheet* image = found_somewhere ? nullptr : shown.image(anchor.path);
    const auto outside = image == nullptr ? std::nullopt : image->find(quote, line, kQuoteWindow);
    if (outside) {
      anchor.state = AnchorState::outside_change;
      if (outside->near || outside->unique) anchor.lines = lines_at(*outside, citation.lines);
      return anchor;
    }
  }
  if (citation.lines) {
    if (const auto lines = sheet(first_side).within(*citation.lines)) {
      return settle(AnchorState::line_only, *lines, first_side);
    }
    if (const auto lines = sheet(other).within(*citation.lines)) return settle(AnchorState::line_only, *lines, other);
  }
  const bool is_known = file.is_whole() || shown.image(anchor.path) != nullptr;
  if (!quote.empty() && !found_somewhere && is_known && !shown.is_shown_anywhere(quote)) {
    anchor.state = AnchorState::fabricated;
  }
  return anchor;
}

}  // namespace

Anchor resolve_anchor(const Citation& citation, const ChangeView& shown) {
  if (trim(citation.path).empty()) return {};
  const Quote quote = read_quote(citation.quote);
  const ChangeView::Impl& view = shown.impl();
  const PathIndex::Found found = view.paths.find(citation.path);
  if (found.match == PathMatch::several) return {};  // a name that several files have says nothing about which
  if (found.match == PathMatch::none) return resolve_elsewhere(citation, quote, view);
  const ViewedFile& file = view.files[found.value];
  const bool by_old_path = found.path != file.file->new_path;
  const Side side = by_old_path ? Side::pre_image : citation.side;
  return resolve_in(file, side, citation, quote, view);
}

}  // namespace assize
