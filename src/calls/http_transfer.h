// One request as libcurl takes it, and what came of it. For .cc files of this folder only.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "agents/adapter.h"
#include "calls/curl_library.h"
#include "calls/http_route.h"
#include "core/units.h"

namespace assize {

inline constexpr Millis kConnectDeadline{10'000};  // names, connection and TLS together

// Owns the handle and everything that it points to. Must not move while it is in use.
class HttpTransfer {
 public:
  // Takes bytes of the body, or of the head; none of them may throw.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void on_body(std::string_view bytes) noexcept = 0;
    virtual void on_head(std::string_view line) noexcept = 0;
  };

  // REQUIRES: `sink` outlives it. HTTP and HTTPS alone; certificates are verified; redirects are not followed.
  HttpTransfer(const CurlLibrary& curl, HttpRequest request, const HttpRoute& route, Millis connect_deadline,
               Sink& sink);
  ~HttpTransfer();
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  CURL* handle() const { return handle_; }

  // Status and headers as far as they came; `code` is how the transfer ended, if it did by itself.
  HttpEnding ending(std::optional<CURLcode> code) const;

 private:
  template <class T>
  void set(CURLoption option, T value);
  CallError broken_by(CURLcode code) const;
  CallError redirect_refused(int status) const;
  std::string header(const char* name) const;

  const CurlLibrary& curl_;
  HttpRequest request_;
  Millis connect_deadline_;
  CURL* handle_;
  curl_slist* headers_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

}  // namespace assize
