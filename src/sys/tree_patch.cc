#include "sys/tree_patch.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "core/text.h"
#include "sys/posix.h"
#include "sys/unique_fd.h"

namespace assize {
namespace {

using Type = OpenTree::Entry::Type;

Result<bool> write_new_file(const std::string& path, std::string_view content) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  const int code = fd ? write_all(fd.get(), content) : errno;
  if (code == 0) return true;
  return Error{ErrorCode::io, fmt::format("cannot write {}: {}", path, std::generic_category().message(code)), {}};
}

// As git's quoted paths are read back: in double quotes, with a backslash before what would end them, octal for the
// rest.
std::string quoted(std::string_view path) {
  std::string out = "\"";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

bool is_content(Type type) {
  return type == Type::regular || type == Type::link;
}

// One side of a file, for git fast-import.
Result<bool> append_file(OpenTree& tree, const std::string& path, std::string& stream) {
  const OpenTree::Entry entry = tree.look(path);
  TRY_ASSIGN(const std::string bytes, tree.read(path, kMaxPatchFile));
  const std::string_view mode = entry.type == Type::link ? "120000" : entry.executable ? "100755" : "100644";
  stream += fmt::format("M {} inline {}\ndata {}\n", mode, quoted(path), bytes.size());
  stream += bytes;
  stream += '\n';
  return true;
}

std::string commit(std::string_view name) {
  return fmt::format("commit refs/heads/{}\ncommitter assize <assize@localhost> 0 +0000\ndata 0\n", name);
}

// added TAB removed TAB path NUL; a dash for binary files.
void count_lines(std::string_view numstat, TreeDiff& diff) {
  std::map<std::string, ChangedFile*, std::less<>> by_path;
  for (ChangedFile& file : diff.files) by_path[file.path] = &file;
  for (const std::string_view row : split(numstat, '\0')) {
    const std::size_t first = row.find('\t');
    const std::size_t second = first == std::string_view::npos ? first : row.find('\t', first + 1);
    if (second == std::string_view::npos) continue;
    const auto file = by_path.find(row.substr(second + 1));
    if (file == by_path.end() || row[0] == '-') continue;
    file->second->added = std::stoull(std::string(row.substr(0, first)));
    file->second->removed = std::stoull(std::string(row.substr(first + 1, second - first - 1)));
  }
}

Result<std::string> checked(Result<GitAnswer> ran, std::string_view doing) {
  TRY_ASSIGN(GitAnswer answer, std::move(ran));
  if (answer.cut) return Error{ErrorCode::io, fmt::format("cannot {}: it is too large", doing), {}};
  if (answer.exit != 0) {
    return Error{ErrorCode::io, fmt::format("cannot {}: {}", doing, trim(answer.err)), {}};
  }
  return std::move(answer.out);
}

}  // namespace

Result<bool> make_repository(const std::string& directory, const RepositorySeed& seed) {
  for (const char* folder : {"", "/objects", "/objects/info", "/objects/pack", "/refs", "/refs/heads", "/info"}) {
    const std::string path = directory + "/.git" + folder;
    if (::mkdir(path.c_str(), 0700) != 0) {
      return Error{ErrorCode::io, fmt::format("cannot make {}: {}", path, std::generic_category().message(errno)), {}};
    }
  }
  const bool is_sha1 = seed.object_format == "sha1";
  std::string config =
      fmt::format("[core]\n\trepositoryformatversion = {}\n\tbare = false\n\thooksPath = /dev/null\n[gc]\n\tauto = 0\n",
                  is_sha1 ? 0 : 1);
  if (!is_sha1) config += fmt::format("[extensions]\n\tobjectFormat = {}\n", seed.object_format);
  const std::string git = directory + "/.git";
  TRY(write_new_file(git + "/config", config + seed.config));
  TRY(write_new_file(git + "/HEAD", seed.head.empty() ? std::string("ref: refs/heads/none\n") : seed.head + "\n"));
  TRY(write_new_file(git + "/info/exclude", seed.exclude));
  if (!seed.alternates.empty()) TRY(write_new_file(git + "/objects/info/alternates", seed.alternates + "\n"));
  if (!seed.shallow.empty()) TRY(write_new_file(git + "/shallow", seed.shallow));
  return true;
}

Result<TreeDiff> make_patch(OpenTree& before, OpenTree& after, const std::vector<std::string>& paths,
                            const std::string& directory, const GitOptions& options) {
  TreeDiff diff;
  std::string first = commit("before"), gone = commit("after") + "from refs/heads/before\n", last;
  std::uint64_t bytes = 0;
  for (const std::string& path : paths) {
    const OpenTree::Entry was = before.look(path), is = after.look(path);
    const bool had = is_content(was.type), has = is_content(is.type);
    if (!had && !has) continue;
    const std::uint64_t size = (had ? was.size : 0) + (has ? is.size : 0);
    if (was.size > kMaxPatchFile.value || is.size > kMaxPatchFile.value || bytes + size > kMaxPatchFiles.value) {
      diff.left_out.push_back({path, fmt::format("too large for a patch ({} bytes)", has ? is.size : was.size)});
      continue;
    }
    // Into strings of their own first: a file that cannot be read leaves nothing behind.
    std::string old_side, new_side;
    if (const auto read = had ? append_file(before, path, old_side) : true; !read) {
      diff.left_out.push_back({path, read.error().message});
      continue;
    }
    if (const auto read = has ? append_file(after, path, new_side) : true; !read) {
      diff.left_out.push_back({path, read.error().message});
      continue;
    }
    bytes += size;
    first += old_side;
    // Deletions come first: a file can become a directory, and the other way round.
    if (had) gone += fmt::format("D {}\n", quoted(path));
    last += new_side;
    diff.files.push_back({!had   ? ChangedFile::Kind::added
                          : !has ? ChangedFile::Kind::deleted
                                 : ChangedFile::Kind::modified,
                          path,
                          {},
                          {}});
  }
  if (diff.files.empty()) return diff;

  TRY(make_repository(directory, {}));
  TRY_ASSIGN(const std::unique_ptr<Git> git, open_git(directory, options));
  // Names that Windows could not hold are names here.
  TRY(checked(git->run({"-c", "core.protectNTFS=false", "fast-import", "--quiet", "--done"},
                       fmt::format("{}\n{}{}\ndone\n", first, gone, last)),
              "store the changed files"));
  std::vector<std::string> command = {
      "diff-tree",      "-r", "--no-renames", "--no-ext-diff", "--no-color", "--no-textconv", "--src-prefix=a/",
      "--dst-prefix=b/"};
  const auto run = [&](std::initializer_list<std::string> options_of_it) {
    std::vector<std::string> args = command;
    args.insert(args.end(), options_of_it);
    args.insert(args.end(), {"refs/heads/before", "refs/heads/after"});
    return git->run(args);
  };
  TRY_ASSIGN(diff.patch, checked(run({"-p", "--binary", "--full-index"}), "write the patch"));
  TRY_ASSIGN(const std::string numstat, checked(run({"--numstat", "-z"}), "count the changed lines"));
  count_lines(numstat, diff);
  return diff;
}

}  // namespace assize
