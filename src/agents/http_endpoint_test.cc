#include "agents/http_endpoint.h"

#include <gtest/gtest.h>

namespace assize {
namespace {

TEST(Endpoint, is_taken_apart_and_put_together_again) {
  struct Row {
    const char *url, *host, *path, *base;
    bool loopback;
  };
  for (const Row& row : {Row{"https://api.openai.com/v1", "api.openai.com", "/v1", "https://api.openai.com/v1", false},
                         {"HTTPS://Api.Example.COM//", "api.example.com", "", "https://api.example.com", false},
                         {"http://127.0.0.1:11434/v1/", "127.0.0.1", "/v1", "http://127.0.0.1:11434/v1", true},
                         {"http://LOCALHOST:8080", "localhost", "", "http://localhost:8080", true},
                         {"http://[::1]:8080/a/b", "::1", "/a/b", "http://[::1]:8080/a/b", true},
                         {"https://[2001:db8::1]", "2001:db8::1", "", "https://[2001:db8::1]", false},
                         {"https://h/x%20y/~z", "h", "/x%20y/~z", "https://h/x%20y/~z", false}}) {
    const auto endpoint = parse_endpoint(row.url);
    ASSERT_TRUE(endpoint) << row.url;
    EXPECT_EQ(endpoint->host, row.host);
    EXPECT_EQ(endpoint->path, row.path);
    EXPECT_EQ(endpoint->base, row.base);
    EXPECT_EQ(endpoint->loopback, row.loopback);
  }
}

TEST(Endpoint, refuses_what_could_be_read_in_two_ways_or_hold_a_secret) {
  for (const char* url : {"",
                          "api.openai.com/v1",
                          "ftp://h/",
                          "file:///etc/passwd",
                          "https://",
                          "https:///v1",
                          "http://user:pw@h/",
                          "http://127.0.0.1@evil.example/",
                          "https://h/?key=secret",
                          "https://h/#x",
                          "https://h/a b",
                          "https://h/\r\nX: y",
                          "https://h\n/",
                          "http://h:0/",
                          "http://h:65536/",
                          "http://h:/",
                          "http://h:80x/",
                          "http://[::1",
                          "http://[::1]x/",
                          "http://[localhost]/",
                          "http://h\\@e/",
                          "https://h/%",
                          "https://h/%2",
                          "https://h/%zz",
                          "https://b\xC3\xBC.de/",
                          "https://h/\x01"}) {
    const auto endpoint = parse_endpoint(url);
    ASSERT_FALSE(endpoint) << url;
    EXPECT_EQ(endpoint.error().code, ErrorCode::invalid);
    EXPECT_FALSE(endpoint.error().hint.empty());
    EXPECT_EQ(endpoint.error().message.find("secret"), std::string::npos);
    EXPECT_EQ(endpoint.error().message.find("pw"), std::string::npos);
  }
  EXPECT_FALSE(parse_endpoint("https://h/" + std::string(3'000, 'a')));
}

TEST(Endpoint, only_loopback_is_loopback) {
  for (const char* host : {"localhost", "127.0.0.1", "127.255.0.9", "::1", "0:0:0:0:0:0:0:1"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const char* host : {"127.0.0.1.evil.example", "127.1", "127.0.0.256", "127.0.0.01", "0.0.0.0", "128.0.0.1",
                           "localhost.evil.example", "127.0.0.", "127.0.0.1x", "::2", "2130706433", ""}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

TEST(Endpoint, a_segment_of_a_path_stays_one) {
  EXPECT_EQ(path_segment("gemini-2.5_pro~x"), "gemini-2.5_pro~x");
  EXPECT_EQ(path_segment("../a?b#c%\xC3\xBC"), "..%2Fa%3Fb%23c%25%C3%BC");
}

}  // namespace
}  // namespace assize
