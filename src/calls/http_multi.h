// Transfers of libcurl side by side on the event loop (its multi_socket interface): the loop watches the sockets and
// keeps the time, and libcurl is called when something is due. For .cc files of this folder only.
#pragma once

#include <functional>
#include <map>

#include "calls/curl_library.h"
#include "calls/http_transfer.h"
#include "sys/event_loop.h"

namespace assize {

class HttpMulti {
 public:
  // `on_done` is told of each transfer that ended by itself, `on_turn` that sinks were given bytes; both from the loop,
  // outside of libcurl, so that they may do anything.
  HttpMulti(const CurlLibrary& curl, EventLoop& loop, std::function<void(CURL*, CURLcode)> on_done,
            std::function<void()> on_turn);
  ~HttpMulti();
  HttpMulti(const HttpMulti&) = delete;
  HttpMulti& operator=(const HttpMulti&) = delete;

  void add(HttpTransfer& transfer);
  // REQUIRES: not called from a sink. Closes the connection when the transfer has not ended.
  void remove(HttpTransfer& transfer);

 private:
  struct Watches {
    Subscribed read, write;
  };

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept;
  static int on_timer(CURLM*, long millis, void* self) noexcept;
  static curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) noexcept;
  static int close_socket(void* self, curl_socket_t socket) noexcept;
  void act(curl_socket_t socket, int events);

  const CurlLibrary& curl_;
  EventLoop& loop_;
  std::function<void(CURL*, CURLcode)> on_done_;
  std::function<void()> on_turn_;
  std::map<curl_socket_t, Watches> watches_;
  Subscribed timer_;
  CURLM* multi_;
};

}  // namespace assize
