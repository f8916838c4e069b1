#include "change/post_images.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "change/git_source.h"
#include "change/line_reader.h"

namespace assize {
namespace {

enum class Numbers { old_ones, new_ones };

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (LineReader reader(text); !reader.at_end(); reader.advance()) lines.push_back(reader.line());
  return lines;
}

// Whether the lines that the hunks have on one side stand in `lines` at their numbers.
bool stand(const std::vector<std::string_view>& lines, const FileChange& file, Numbers side) {
  for (const Hunk& hunk : file.hunks) {
    for (const Line& line : hunk.lines) {
      const std::uint32_t number = side == Numbers::old_ones ? line.old_no : line.new_no;
      if (number != 0 && (number > lines.size() || lines[number - 1] != line.text)) return false;
    }
  }
  return true;
}

bool may_have_image(const FileChange& file) {
  return !file.new_path.empty() && !file.binary && !file.submodule && !file.unread && file.unreadable.empty();
}

// A file that was read whole is its own post-image.
std::shared_ptr<const std::string> image_in_storage(const FileChange& file) {
  if (file.kind != FileKind::added || file.storage.size() != 1 || file.hunks.size() > 1) return nullptr;
  const std::string& text = *file.storage[0];
  if (file.hunks.empty()) return text.empty() ? file.storage[0] : nullptr;
  const bool whole = !file.hunks[0].lines.empty() && file.hunks[0].lines[0].text.data() == text.data();
  return whole ? file.storage[0] : nullptr;
}

class Loader {
 public:
  Loader(const Change& change, const World& world, const ImageLimits& limits)
      : change_(change), world_(world), limits_(limits), left_(limits.max_total.value) {}

  void keep(const FileChange& file, std::shared_ptr<const std::string> image) {
    if (image->size() > std::min(limits_.max_file.value, left_)) return;
    left_ -= image->size();
    images_[file.path()] = std::move(image);
  }

  std::optional<std::string> from_tree(std::string_view path) {
    auto read = world_.tree->read(path, limits_.max_file);
    if (!read || read->size > limits_.max_file.value) return std::nullopt;
    return std::move(read->bytes);
  }

  void from_working_tree(const FileChange& file) {
    if (auto image = image_in_storage(file)) return keep(file, std::move(image));
    if (auto bytes = from_tree(file.new_path)) keep(file, std::make_shared<const std::string>(std::move(*bytes)));
  }

  void from_patch(const FileChange& file) {
    if (file.kind == FileKind::added) {
      if (auto made = apply_hunks({}, file)) keep(file, std::make_shared<const std::string>(std::move(*made)));
      return;
    }
    if (change_.repository.empty()) return;
    auto bytes = from_tree(file.new_path);
    if (bytes && is_post_image(*bytes, file)) {
      return keep(file, std::make_shared<const std::string>(std::move(*bytes)));
    }
    if (!bytes || file.old_path != file.new_path) bytes = from_tree(file.old_path);
    if (!bytes) return;
    if (auto made = apply_hunks(*bytes, file)) keep(file, std::make_shared<const std::string>(std::move(*made)));
  }

  // `files` by the object names of their index lines.
  Result<bool> from_objects(std::vector<const FileChange*> files) {
    std::erase_if(files, [](const FileChange* file) { return file->new_blob.empty(); });
    if (files.empty()) return true;
    TRY_ASSIGN(GitAnswer answer, world_.git->run({"cat-file", "--batch"}, names_of(files)));
    if (answer.cut) {  // something huge among them: ask for the sizes first
      TRY_ASSIGN(const GitAnswer sizes, world_.git->run({"cat-file", "--batch-check"}, names_of(files)));
      files = small_ones(files, sizes.out);
      TRY_ASSIGN(answer, world_.git->run({"cat-file", "--batch"}, names_of(files)));
      if (answer.cut) return true;
    }
    read_batch(answer.out, files);
    return true;
  }

  PostImages take() { return std::move(images_); }

 private:
  static std::string names_of(const std::vector<const FileChange*>& files) {
    std::string names;
    for (const FileChange* file : files) names += file->new_blob + "\n";
    return names;
  }

  // "<object> blob <size>"; empty for "<name> missing".
  static std::optional<std::uint64_t> size_in(std::string_view header) {
    const std::size_t at = header.find(" blob ");
    if (at == std::string_view::npos) return std::nullopt;
    header.remove_prefix(at + 6);
    std::uint64_t size = 0;
    if (std::from_chars(header.data(), header.data() + header.size(), size).ec != std::errc()) return std::nullopt;
    return size;
  }

  std::vector<const FileChange*> small_ones(const std::vector<const FileChange*>& files, std::string_view sizes) const {
    std::vector<const FileChange*> small;
    std::uint64_t left = left_;
    LineReader reader(sizes);
    for (std::size_t i = 0; i < files.size() && !reader.at_end(); ++i, reader.advance()) {
      const auto size = size_in(reader.line());
      if (!size || *size > std::min(limits_.max_file.value, left)) continue;
      left -= *size;
      small.push_back(files[i]);
    }
    return small;
  }

  void read_batch(std::string_view out, const std::vector<const FileChange*>& files) {
    for (const FileChange* file : files) {
      const std::size_t end = out.find('\n');
      if (end == std::string_view::npos) return;
      const auto size = size_in(out.substr(0, end));
      out.remove_prefix(end + 1);
      if (!size) continue;
      if (*size > out.size()) return;
      keep(*file, std::make_shared<const std::string>(out.substr(0, *size)));
      out.remove_prefix(std::min<std::size_t>(out.size(), *size + 1));
    }
  }

  const Change& change_;
  const World& world_;
  ImageLimits limits_;
  std::uint64_t left_;
  PostImages images_;
};

}  // namespace

bool is_post_image(std::string_view image, const FileChange& file) {
  return stand(lines_of(image), file, Numbers::new_ones);
}

std::optional<std::string> apply_hunks(std::string_view image, const FileChange& file) {
  const std::vector<std::string_view> old_lines = lines_of(image);
  if (!stand(old_lines, file, Numbers::old_ones)) return std::nullopt;
  std::string out;
  bool ends_in_newline = image.empty() || image.ends_with('\n');
  std::size_t done = 0;  // of old_lines
  const auto copy_to = [&](std::size_t end) {
    for (; done < end; ++done) out.append(old_lines[done]).push_back('\n');
  };
  for (const Hunk& hunk : file.hunks) {
    const std::size_t begin = hunk.old_count == 0 ? hunk.old_start : hunk.old_start - std::size_t{1};
    if (begin < done || begin > old_lines.size()) return std::nullopt;  // out of order, or behind the end
    copy_to(begin);
    for (const Line& line : hunk.lines) {
      if (line.kind != LineKind::added) ++done;
      if (line.kind == LineKind::removed) continue;
      out.append(line.text).push_back('\n');
      ends_in_newline = !line.no_newline;
    }
  }
  if (done < old_lines.size()) ends_in_newline = image.ends_with('\n');
  copy_to(old_lines.size());
  if (!ends_in_newline && !out.empty()) out.pop_back();
  return out;
}

Result<PostImages> load_post_images(const Change& change, const Plan& plan, const Source& source, const World& world,
                                    const ImageLimits& limits) {
  Loader loader(change, world, limits);
  std::vector<const FileChange*> in_git;
  for (const PlannedFile& planned : plan.files) {
    const FileChange& file = change.files[planned.index];
    if (planned.set_aside || !may_have_image(file)) continue;
    switch (source.kind) {
      case Source::Kind::worktree:
      case Source::Kind::unstaged:
      case Source::Kind::files:
        loader.from_working_tree(file);
        break;
      case Source::Kind::patch:
        loader.from_patch(file);
        break;
      case Source::Kind::staged:
      case Source::Kind::base:
      case Source::Kind::commit:
      case Source::Kind::range:
        in_git.push_back(&file);
        break;
    }
  }
  TRY(loader.from_objects(std::move(in_git)));
  return loader.take();
}

}  // namespace assize
