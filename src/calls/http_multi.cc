#include "calls/http_multi.h"

#include <sys/socket.h>
#include <unistd.h>

#include <utility>
#include <vector>

namespace assize {

HttpMulti::HttpMulti(const CurlLibrary& curl, EventLoop& loop, std::function<void(CURL*, CURLcode)> on_done,
                     std::function<void()> on_turn)
    : curl_(curl), loop_(loop), on_done_(std::move(on_done)), on_turn_(std::move(on_turn)), multi_(curl.multi_init()) {
  CHECK(multi_ != nullptr);
  CHECK(curl_.multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &HttpMulti::on_socket) == CURLM_OK);
  CHECK(curl_.multi_setopt(multi_, CURLMOPT_SOCKETDATA, this) == CURLM_OK);
  CHECK(curl_.multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &HttpMulti::on_timer) == CURLM_OK);
  CHECK(curl_.multi_setopt(multi_, CURLMOPT_TIMERDATA, this) == CURLM_OK);
}

HttpMulti::~HttpMulti() {
  curl_.multi_cleanup(multi_);  // closes what is kept open, through close_socket
}

void HttpMulti::add(HttpTransfer& transfer) {
  CURL* handle = transfer.handle();
  CHECK(curl_.easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &HttpMulti::open_socket) == CURLE_OK);
  // A connection keeps these when it outlives its transfer.
  CHECK(curl_.easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, &HttpMulti::close_socket) == CURLE_OK);
  CHECK(curl_.easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, this) == CURLE_OK);
  CHECK(curl_.multi_add_handle(multi_, handle) == CURLM_OK);
}

void HttpMulti::remove(HttpTransfer& transfer) {
  CHECK(curl_.multi_remove_handle(multi_, transfer.handle()) == CURLM_OK);
}

int HttpMulti::on_socket(CURL*, curl_socket_t socket, int what, void* self_pointer, void*) noexcept {
  auto& self = *static_cast<HttpMulti*>(self_pointer);
  if (what == CURL_POLL_REMOVE) {
    self.watches_.erase(socket);
    return 0;
  }
  Watches& watches = self.watches_[socket];
  const auto want = [&](Subscribed& watch, int flag, Ready ready, int event) {
    if ((what & flag) == 0) {
      watch.reset();
    } else if (!watch) {
      watch = self.loop_.watch(socket, ready, [&self, socket, event] { self.act(socket, event); });
    }
  };
  want(watches.read, CURL_POLL_IN, Ready::readable, CURL_CSELECT_IN);
  want(watches.write, CURL_POLL_OUT, Ready::writable, CURL_CSELECT_OUT);
  return 0;
}

// Never calls libcurl from here, also when nothing is to be waited for: it is already running.
int HttpMulti::on_timer(CURLM*, long millis, void* self_pointer) noexcept {
  auto& self = *static_cast<HttpMulti*>(self_pointer);
  self.timer_.reset();
  if (millis >= 0) {
    self.timer_ = self.loop_.after(Millis(millis), [&self] { self.act(CURL_SOCKET_TIMEOUT, 0); });
  }
  return 0;
}

// As libcurl opens one, but closed in the processes that we start.
curl_socket_t HttpMulti::open_socket(void*, curlsocktype, curl_sockaddr* address) noexcept {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// A socket must not be watched when its number is free for somebody else.
int HttpMulti::close_socket(void* self, curl_socket_t socket) noexcept {
  static_cast<HttpMulti*>(self)->watches_.erase(socket);
  return ::close(socket) == 0 ? 0 : 1;
}

void HttpMulti::act(curl_socket_t socket, int events) {
  int running = 0;
  CHECK(curl_.multi_socket_action(multi_, socket, events, &running) == CURLM_OK);
  std::vector<std::pair<CURL*, CURLcode>> ended;
  int left = 0;
  while (const CURLMsg* message = curl_.multi_info_read(multi_, &left)) {
    if (message->msg == CURLMSG_DONE) ended.emplace_back(message->easy_handle, message->data.result);
  }
  on_turn_();
  for (const auto& [handle, code] : ended) on_done_(handle, code);
}

}  // namespace assize
