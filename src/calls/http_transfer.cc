#include "calls/http_transfer.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "agents/http_endpoint.h"
#include "calls/words.h"

namespace assize {
namespace {

constexpr Millis kLongestWait = std::chrono::hours(24);

CallError error_of(CallErrorKind kind, std::string message) {
  return CallError{kind, std::move(message), {}, {}, {}};
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* sink) {
  static_cast<HttpTransfer::Sink*>(sink)->on_body({bytes, size * count});
  return size * count;
}

std::size_t take_head(char* bytes, std::size_t size, std::size_t count, void* sink) {
  static_cast<HttpTransfer::Sink*>(sink)->on_head({bytes, size * count});
  return size * count;
}

Millis bounded(double millis) {
  return Millis(static_cast<Millis::rep>(std::clamp(millis, 0.0, static_cast<double>(kLongestWait.count()))));
}

}  // namespace

template <class T>
void HttpTransfer::set(CURLoption option, T value) {
  CHECK(curl_.easy_setopt(handle_, option, value) == CURLE_OK);
}

HttpTransfer::HttpTransfer(const CurlLibrary& curl, HttpRequest request, const HttpRoute& route,
                           Millis connect_deadline, Sink& sink)
    : curl_(curl), request_(std::move(request)), connect_deadline_(connect_deadline), handle_(curl.easy_init()) {
  CHECK(handle_ != nullptr);
  set(CURLOPT_NOSIGNAL, 1L);
  // A name that nobody resolves must not hold up the end of a call. Unknown before 7.87, and no loss there.
  curl.easy_setopt(handle_, CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_ERRORBUFFER, error_.data());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));  // one connection a call: they fail alone
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_deadline.count()));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_PROXY, route.proxy.c_str());  // an empty one: libcurl must not look for one itself
  set(CURLOPT_NOPROXY, route.no_proxy.c_str());
  if (!route.ca_file.empty()) set(CURLOPT_CAINFO, route.ca_file.c_str());
  if (!route.ca_path.empty()) set(CURLOPT_CAPATH, route.ca_path.c_str());
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_USERAGENT, "assize/" ASSIZE_VERSION);
  if (request_.method == HttpRequest::Method::post) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, request_.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }
  const auto add = [this](const std::string& line) {
    curl_slist* longer = curl_.slist_append(headers_, line.c_str());
    CHECK(longer != nullptr);
    headers_ = longer;
  };
  for (const auto& [name, value] : request_.headers) add(name + ": " + value);
  add("Expect:");  // no pause of a second before large prompts
  set(CURLOPT_HTTPHEADER, headers_);
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&sink));
  set(CURLOPT_HEADERFUNCTION, &take_head);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&sink));
}

HttpTransfer::~HttpTransfer() {
  curl_.easy_cleanup(handle_);
  curl_.slist_free_all(headers_);
}

std::string HttpTransfer::header(const char* name) const {
  curl_header* found = nullptr;
  constexpr int kLastRequest = -1;
  const CURLHcode code = curl_.easy_header(handle_, name, 0, CURLH_HEADER, kLastRequest, &found);
  return code == CURLHE_OK ? std::string(found->value) : std::string();
}

CallError HttpTransfer::broken_by(CURLcode code) const {
  const std::string why = error_[0] != '\0' ? error_.data() : curl_.easy_strerror(code);
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return error_of(CallErrorKind::failed, fmt::format("the server's certificate cannot be verified: {}", why));
    case CURLE_URL_MALFORMAT:
      return error_of(CallErrorKind::invalid_request, why);
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
      return error_of(CallErrorKind::internal, why);
    case CURLE_OPERATION_TIMEDOUT:  // the only deadline that libcurl watches
      return error_of(CallErrorKind::network, fmt::format("no connection within {}", in_words(connect_deadline_)));
    default:
      return error_of(CallErrorKind::network, why);
  }
}

// The key would go along to wherever the server points; and a page behind a redirect is no model.
CallError HttpTransfer::redirect_refused(int status) const {
  const char* location = nullptr;
  curl_.easy_getinfo(handle_, CURLINFO_REDIRECT_URL, &location);
  const std::string_view url = location == nullptr ? "" : location;
  const auto target = parse_endpoint(url.substr(0, url.find_first_of("?#")));
  return error_of(CallErrorKind::failed, fmt::format("redirect refused: HTTP {} to {}", status,
                                                     target ? target->host : std::string("another place")));
}

HttpEnding HttpTransfer::ending(std::optional<CURLcode> code) const {
  HttpEnding ending;
  long status = 0;
  curl_.easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  ending.status = static_cast<int>(status);
  ending.content_type = header("content-type");
  curl_off_t seconds = 0;  // of a date as well
  curl_.easy_getinfo(handle_, CURLINFO_RETRY_AFTER, &seconds);
  const std::string exact = header("retry-after-ms");  // OpenAI's
  double millis = 0;
  if (std::from_chars(exact.data(), exact.data() + exact.size(), millis).ec == std::errc() && millis > 0) {
    ending.retry_after = bounded(millis);
  } else if (seconds > 0) {
    ending.retry_after = bounded(static_cast<double>(seconds) * 1e3);
  }
  if (code && *code != CURLE_OK) {
    ending.broken = broken_by(*code);
  } else if (status >= 300 && status <= 399) {
    ending.broken = redirect_refused(ending.status);
  }
  return ending;
}

}  // namespace assize
