// Keeps keys out of everything that is shown or recorded, whatever a server sends back. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assize {

// A shorter value is no secret: local servers are given words like "none" for a key, which occur in any text.
inline constexpr std::size_t kShortestSecret = 8;
inline constexpr std::string_view kHidden = "[key]";

class Secrets {
 public:
  Secrets() = default;
  explicit Secrets(std::vector<std::string> values);

  // The text with kHidden in the place of each value.
  std::string hide(std::string_view text) const;

  // The same for a stream that comes in pieces: what may go out so far, and what is left at the end. A value that is
  // cut in two is found as well.
  std::string next(std::string_view bytes);
  std::string rest();

 private:
  std::vector<std::string> values_;  // the longest first, so that one that holds another goes whole
  std::string held_;
};

}  // namespace assize
