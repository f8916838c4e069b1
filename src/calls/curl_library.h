// libcurl, loaded when the first request is made and not before: it brings thirty libraries along, whose loading alone
// would cost every start of the program several milliseconds. For .cc files of this folder only.
#pragma once

#include <curl/curl.h>

#include "core/result.h"

namespace assize {

// The functions by their own names, without "curl_".
struct CurlLibrary {
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_perform) easy_perform;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_header) easy_header;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_setopt) multi_setopt;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_socket_action) multi_socket_action;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_multi_cleanup) multi_cleanup;
};

// Loaded and initialised once, for as long as the program runs. Error unavailable: it is not installed.
Result<const CurlLibrary*> curl_library();

}  // namespace assize
