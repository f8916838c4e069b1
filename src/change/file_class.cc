#include "change/file_class.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace assize {
namespace {

// Sorted, for binary search; lower case.
constexpr std::array<std::string_view, 147> kSourceExtensions = {
    "4th",    "ada",    "adb",   "ads",   "as",  "asm",    "asp",     "aspx",   "astro", "awk",        "bash",
    "bat",    "bazel",  "bzl",   "c",     "c++", "cc",     "cfg",     "cfm",    "cgi",   "cjs",        "cl",
    "clj",    "cljc",   "cljs",  "cmake", "cmd", "coffee", "conf",    "cpp",    "cr",    "cs",         "csh",
    "cshtml", "csproj", "css",   "cts",   "cu",  "cuh",    "cxx",     "d",      "dart",  "dockerfile", "el",
    "elm",    "erb",    "erl",   "ex",    "exs", "f",      "f03",     "f08",    "f90",   "f95",        "fish",
    "for",    "fs",     "fsi",   "fsx",   "go",  "gradle", "graphql", "groovy", "h",     "h++",        "haml",
    "hcl",    "hh",     "hpp",   "hrl",   "hs",  "htm",    "html",    "hxx",    "inc",   "ini",        "inl",
    "ino",    "ipp",    "ipynb", "java",  "jl",  "js",     "json",    "json5",  "jsonc", "jsp",        "jsx",
    "kt",     "kts",    "l",     "less",  "lhs", "lisp",   "lua",     "m",      "m4",    "mak",        "mjs",
    "mk",     "ml",     "mli",   "mm",    "mts", "nim",    "nix",     "pas",    "php",   "pl",         "pm",
    "pp",     "proto",  "ps1",   "psm1",  "pug", "py",     "pyi",     "pyx",    "r",     "rb",         "rego",
    "rs",     "s",      "sass",  "scala", "scm", "scss",   "sh",      "sol",    "sql",   "svelte",     "swift",
    "t",      "tcl",    "tf",    "toml",  "ts",  "tsx",    "v",       "vala",   "vb",    "vue",        "xml",
    "xsl",    "yaml",   "yml",   "zig"};
constexpr std::string_view kSourceNames[] = {
    "makefile", "gnumakefile",      "dockerfile",     "containerfile",  "jenkinsfile", "vagrantfile", "rakefile",
    "gemfile",  "procfile",         "cmakelists.txt", "build",          "workspace",   "justfile",    "brewfile",
    "podfile",  "fastfile",         "configure",      "meson.build",    "sconstruct",  "sconscript",  "wscript",
    "go.mod",   "requirements.txt", "codeowners",     ".gitattributes", ".gitmodules", ".bashrc",     ".profile",
    ".zshrc",   ".envrc",           ".npmrc",         ".htaccess",      "crontab",     "pre-commit"};
constexpr std::string_view kExecutableExtensions[] = {
    "a",   "apk",   "app",  "appimage", "beam", "bin",  "class", "com", "deb", "dex",  "dll",
    "dmg", "dylib", "ear",  "efi",      "elf",  "exe",  "gem",   "hex", "ipa", "jar",  "ko",
    "lib", "msi",   "node", "o",        "obj",  "out",  "pkg",   "pyc", "pyd", "pyo",  "rpm",
    "run", "scr",   "so",   "sys",      "war",  "wasm", "whl",   "xpi", "crx", "vsix", "nupkg"};
constexpr std::string_view kLockFiles[] = {"package-lock.json",
                                           "npm-shrinkwrap.json",
                                           "yarn.lock",
                                           "pnpm-lock.yaml",
                                           "bun.lock",
                                           "bun.lockb",
                                           "deno.lock",
                                           "cargo.lock",
                                           "go.sum",
                                           "go.work.sum",
                                           "poetry.lock",
                                           "pipfile.lock",
                                           "pdm.lock",
                                           "uv.lock",
                                           "conda-lock.yml",
                                           "pixi.lock",
                                           "gemfile.lock",
                                           "composer.lock",
                                           "podfile.lock",
                                           "cartfile.resolved",
                                           "package.resolved",
                                           "pubspec.lock",
                                           "mix.lock",
                                           "rebar.lock",
                                           "flake.lock",
                                           "gradle.lockfile",
                                           "buildscript-gradle.lockfile",
                                           "packages.lock.json",
                                           "paket.lock",
                                           "project.assets.json",
                                           "stack.yaml.lock",
                                           "cabal.project.freeze",
                                           "chart.lock",
                                           ".terraform.lock.hcl",
                                           "module.bazel.lock",
                                           "manifest.toml.lock",
                                           "shard.lock",
                                           "conan.lock",
                                           "vcpkg-lock.json"};

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string_view extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
}

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

template <class List>
bool ends_with_any(std::string_view name, const List& endings) {
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](std::string_view ending) { return name.size() > ending.size() && name.ends_with(ending); });
}

// libfoo.so.1.2 is a shared object too.
bool is_versioned_so(std::string_view name) {
  const std::size_t so = name.rfind(".so.");
  return so != std::string_view::npos && name.find_first_not_of("0123456789.", so + 4) == std::string_view::npos;
}

// Up to kBinaryProbe bytes of the changed lines: how many are no text (controls, or not UTF-8).
struct Probe {
  std::size_t bytes = 0;
  std::size_t odd = 0;
  bool nul = false;
};

void probe_line(std::string_view text, Probe& probe) {
  if (text.find('\0') != std::string_view::npos) probe.nul = true;
  if (probe.bytes >= kBinaryProbe) return;
  text = text.substr(0, kBinaryProbe - probe.bytes);
  probe.bytes += text.size() + 1;
  const bool valid = is_valid_utf8(text);
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    const bool control = u < 0x20 && !(u >= '\t' && u <= '\r') && u != 0x1B;
    if (control || u == 0x7F || (u >= 0x80 && !valid)) ++probe.odd;
  }
}

std::string_view first_text(const FileChange& file) {
  for (const Hunk& hunk : file.hunks) {
    for (const Line& line : hunk.lines) {
      if (line.new_no == 1) return line.text;
    }
  }
  return {};
}

}  // namespace

bool is_source_name(std::string_view path) {
  const std::string name = to_lower_ascii(name_of(path));
  if (contains(kSourceNames, name) || name.starts_with("dockerfile.") || name.starts_with("makefile.")) return true;
  static_assert(std::is_sorted(kSourceExtensions.begin(), kSourceExtensions.end()));
  return std::binary_search(kSourceExtensions.begin(), kSourceExtensions.end(), extension_of(name));
}

bool is_executable_name(std::string_view path) {
  const std::string name = to_lower_ascii(name_of(path));
  return contains(kExecutableExtensions, extension_of(name)) || is_versioned_so(name);
}

bool is_private_name(std::string_view path) {
  constexpr std::string_view kNames[] = {".netrc",
                                         "_netrc",
                                         ".pgpass",
                                         ".htpasswd",
                                         ".npmrc",
                                         ".pypirc",
                                         ".git-credentials",
                                         ".dockercfg",
                                         ".my.cnf",
                                         "credentials",
                                         "credentials.json",
                                         "secrets.json",
                                         "secrets.yml",
                                         "secrets.yaml",
                                         "secrets.toml",
                                         "service-account.json",
                                         "id_rsa",
                                         "id_dsa",
                                         "id_ecdsa",
                                         "id_ed25519",
                                         "id_ecdsa_sk",
                                         "id_ed25519_sk",
                                         "terraform.tfstate",
                                         "terraform.tfvars",
                                         "kubeconfig",
                                         "wallet.dat",
                                         "shadow",
                                         ".bash_history",
                                         ".zsh_history",
                                         ".python_history",
                                         ".mysql_history",
                                         ".psql_history",
                                         ".vault-token",
                                         "core"};
  constexpr std::string_view kEndings[] = {".pem",
                                           ".key",
                                           ".p12",
                                           ".pfx",
                                           ".jks",
                                           ".keystore",
                                           ".ppk",
                                           ".crt",
                                           ".cer",
                                           ".der",
                                           ".csr",
                                           ".p7b",
                                           ".p8",
                                           ".asc",
                                           ".gpg",
                                           ".kdbx",
                                           ".kdb",
                                           ".ovpn",
                                           ".mobileprovision",
                                           ".dump",
                                           ".dmp",
                                           ".hprof",
                                           ".core",
                                           ".sqlite",
                                           ".sqlite3",
                                           ".db",
                                           ".sql.gz",
                                           ".sql.zst",
                                           ".sql.xz",
                                           ".mdb",
                                           ".pcap",
                                           ".pcapng",
                                           ".tfstate",
                                           ".tfstate.backup",
                                           ".rdb",
                                           ".env"};
  const std::string name = to_lower_ascii(name_of(path));
  // Templates of settings are written to be read.
  constexpr std::string_view kTemplates[] = {".example", ".sample", ".template", ".dist"};
  if (name.starts_with(".env")) return !ends_with_any(name, kTemplates);
  const bool dump = name.ends_with(".sql") && name.find("dump") != std::string::npos;
  const bool core = name.starts_with("core.") && name.find_first_not_of("0123456789", 5) == std::string::npos;
  return contains(kNames, name) || ends_with_any(name, kEndings) || dump || core;
}

std::optional<GeneratedName> generated_by_name(std::string_view path) {
  const std::string name = to_lower_ascii(name_of(path));
  constexpr std::string_view kMinified[] = {".min.js", ".min.mjs", ".min.css", ".bundle.js", "-min.js"};
  constexpr std::string_view kMaps[] = {".js.map", ".mjs.map", ".cjs.map", ".css.map", ".ts.map"};
  constexpr std::string_view kSnapshots[] = {".snap", ".snap.new", ".ambr"};
  constexpr std::string_view kProtobuf[] = {".pb.go",       ".pb.gw.go",   "_grpc.pb.go", ".pb.cc",  ".pb.h",
                                            ".pb.c",        ".grpc.pb.cc", ".grpc.pb.h",  "_pb2.py", "_pb2.pyi",
                                            "_pb2_grpc.py", "_pb.js",      "_pb.d.ts",    "_pb.ts",  "_pb.rb",
                                            ".pb.swift",    ".pb.dart",    ".pbjson.dart"};
  if (contains(kLockFiles, name)) return GeneratedName{"lock file", false};
  if (ends_with_any(name, kMinified)) return GeneratedName{"minified", true};
  if (ends_with_any(name, kMaps)) return GeneratedName{"source map", false};
  if (ends_with_any(name, kSnapshots)) return GeneratedName{"snapshot", !name.ends_with(".ambr")};
  if (ends_with_any(name, kProtobuf)) return GeneratedName{"protobuf output", true};
  return std::nullopt;
}

bool looks_binary(const FileChange& file) {
  Probe probe;
  for (const Hunk& hunk : file.hunks) {
    for (const Line& line : hunk.lines) {
      probe_line(line.text, probe);
      if (probe.nul) return true;
    }
  }
  return probe.odd * 10 > probe.bytes * 3;  // Latin-1 prose stays below a tenth, compressed data is above a half
}

bool starts_like_program(const FileChange& file) {
  const std::string_view text = first_text(file);
  constexpr std::string_view kMagic[] = {"#!",
                                         "\177ELF",
                                         "MZ",
                                         "\xCF\xFA\xED\xFE",
                                         "\xFE\xED\xFA\xCE",
                                         "\xFE\xED\xFA\xCF",
                                         "\xCA\xFE\xBA\xBE",
                                         std::string_view("\0asm", 4)};
  return std::any_of(std::begin(kMagic), std::end(kMagic), [&](std::string_view m) { return text.starts_with(m); });
}

}  // namespace assize
