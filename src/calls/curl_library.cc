#include "calls/curl_library.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include <array>

namespace assize {
namespace {

// The two builds that Debian has, which differ in their TLS library only.
constexpr std::array kNames = {"libcurl.so.4", "libcurl-gnutls.so.4"};
constexpr unsigned kOldest = 0x075500;  // 7.85: the first with CURLOPT_PROTOCOLS_STR

template <class F>
bool find(void* library, const char* name, F& function) {
  void* symbol = ::dlsym(library, name);
  function = reinterpret_cast<F>(symbol);
  return symbol != nullptr;
}

Error unavailable(std::string message) {
  return Error{ErrorCode::unavailable, std::move(message), "install it, e.g. with: apt-get install libcurl4"};
}

Result<CurlLibrary> load() {
  void* library = nullptr;
  for (const char* name : kNames) {
    library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library != nullptr) break;
  }
  if (library == nullptr) return unavailable("libcurl.so.4 cannot be loaded");
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_version_info) version_info = nullptr;
  CurlLibrary curl{};
  const bool whole =
      find(library, "curl_global_init", global_init) && find(library, "curl_version_info", version_info) &&
      find(library, "curl_easy_init", curl.easy_init) && find(library, "curl_easy_setopt", curl.easy_setopt) &&
      find(library, "curl_easy_perform", curl.easy_perform) && find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
      find(library, "curl_easy_header", curl.easy_header) && find(library, "curl_easy_strerror", curl.easy_strerror) &&
      find(library, "curl_easy_cleanup", curl.easy_cleanup) && find(library, "curl_slist_append", curl.slist_append) &&
      find(library, "curl_slist_free_all", curl.slist_free_all) && find(library, "curl_multi_init", curl.multi_init) &&
      find(library, "curl_multi_setopt", curl.multi_setopt) &&
      find(library, "curl_multi_add_handle", curl.multi_add_handle) &&
      find(library, "curl_multi_remove_handle", curl.multi_remove_handle) &&
      find(library, "curl_multi_socket_action", curl.multi_socket_action) &&
      find(library, "curl_multi_info_read", curl.multi_info_read) &&
      find(library, "curl_multi_cleanup", curl.multi_cleanup);
  if (!whole || version_info(CURLVERSION_NOW)->version_num < kOldest) {
    return unavailable("libcurl is older than 7.85");
  }
  if (const CURLcode code = global_init(CURL_GLOBAL_DEFAULT); code != CURLE_OK) {
    return unavailable(fmt::format("libcurl does not start: error {}", static_cast<int>(code)));
  }
  return curl;
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const Result<CurlLibrary> loaded = load();
  if (!loaded) return loaded.error();
  return &*loaded;
}

}  // namespace assize
