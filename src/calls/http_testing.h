// For the tests of HTTP calls: a server on loopback that answers as the test says, turned by the same event loop.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "sys/event_loop.h"
#include "sys/unique_fd.h"

namespace assize {

struct TestReply {
  std::string bytes;  // the head as well
  enum class Then { next_request, close, wait, reset } then = Then::close;
};

inline std::string http_head(int status, std::string_view type, std::string_view more = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Word\r\nContent-Type: " + std::string(type) + "\r\n" +
         std::string(more);
}
// With its length.
inline TestReply http_whole(int status, std::string_view type, std::string_view body, std::string_view more = "") {
  return {
      http_head(status, type, more) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body),
      TestReply::Then::next_request};
}
// Ended by the connection's end.
inline TestReply http_stream(std::string_view body, TestReply::Then then = TestReply::Then::close) {
  return {http_head(200, "text/event-stream") + "\r\n" + std::string(body), then};
}

class TestServer {
 public:
  explicit TestServer(EventLoop& loop) : loop_(loop), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    CHECK(::listen(listener_.get(), 64) == 0);
    CHECK(::fcntl(listener_.get(), F_SETFL, O_NONBLOCK) == 0);
    socklen_t size = sizeof address;
    CHECK(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    accept_ = loop_.watch(listener_.get(), Ready::readable, [this] { accept_one(); });
  }

  std::string url(std::string_view path = "") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }

  std::function<TestReply(const std::string& request)> answer;  // REQUIRED before the first request
  std::vector<std::string> requests;                            // whole, head and body
  int connections = 0;
  int closed_by_client = 0;  // while we were waiting

 private:
  struct Connection {
    UniqueFd fd;
    std::string in, out;
    std::size_t sent = 0;  // of `out`
    TestReply::Then then = TestReply::Then::next_request;
    Subscribed read, write;
  };

  void accept_one() {
    const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    ++connections;
    Connection& made = open_[fd];
    made.fd = UniqueFd(fd);
    made.read = loop_.watch(fd, Ready::readable, [this, fd] { read_some(fd); });
  }

  void read_some(int fd) {
    Connection& here = open_.at(fd);
    char piece[1 << 16];
    const ssize_t got = ::recv(fd, piece, sizeof piece, 0);
    if (got <= 0) {
      if (got < 0 && errno == EAGAIN) return;
      ++closed_by_client;
      return drop(fd);
    }
    here.in.append(piece, static_cast<std::size_t>(got));
    const auto head = here.in.find("\r\n\r\n");
    if (head == std::string::npos) return;
    std::size_t length = 0;
    if (const auto at = here.in.find("Content-Length: "); at < head) {
      std::from_chars(here.in.data() + at + 16, here.in.data() + head, length);
    }
    if (here.in.size() < head + 4 + length) return;
    requests.push_back(std::exchange(here.in, {}));
    TestReply reply = answer(requests.back());
    here.out = std::move(reply.bytes);
    here.sent = 0;
    here.then = reply.then;
    write_some(fd);
  }

  void write_some(int fd) {
    Connection& here = open_.at(fd);
    while (here.sent < here.out.size()) {
      const ssize_t sent = ::send(fd, here.out.data() + here.sent, here.out.size() - here.sent, MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) {
        if (!here.write) here.write = loop_.watch(fd, Ready::writable, [this, fd] { write_some(fd); });
        return;
      }
      if (sent <= 0) {
        ++closed_by_client;
        return drop(fd);
      }
      here.sent += static_cast<std::size_t>(sent);
    }
    here.write.reset();
    if (here.then == TestReply::Then::reset) {
      const linger now{1, 0};
      ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    if (here.then == TestReply::Then::close || here.then == TestReply::Then::reset) drop(fd);
  }

  // On the next turn: we are called from its own watch.
  void drop(int fd) {
    Connection& here = open_.at(fd);
    here.read.reset();
    here.write = loop_.after(Millis(0), [this, fd] { open_.erase(fd); });
  }

  EventLoop& loop_;
  UniqueFd listener_;
  int port_ = 0;
  std::map<int, Connection> open_;
  Subscribed accept_;
};

}  // namespace assize
