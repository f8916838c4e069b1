// Errors as values. A `Result<T>` is a T or an `Error` that a user or an outside thing caused; a bug of ours is a
// CHECK.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace assize {

// What the caller does next. Nothing parses messages.
enum class ErrorCode {
  invalid,       // the input is wrong: say so, exit 2
  not_found,     // what was named does not exist
  io,            // the system refused: disk, permissions, pipes
  timed_out,     // a deadline passed
  cancelled,     // somebody asked to stop
  rate_limited,  // try later
  unavailable,   // a program or a server that is needed is not there
  corrupt,       // stored data that cannot be what we wrote
  unsupported,   // asked for something that this version does not do
};

struct Error {
  ErrorCode code = ErrorCode::invalid;
  std::string message;  // one line: what is wrong, with the value that is wrong
  std::string hint;     // one line: what to do about it; may be empty
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(Error error) : tl::expected<T, Error>(tl::unexpect, std::move(error)) {}  // NOLINT: errors convert
};

inline Error invalid(std::string message, std::string hint = {}) {
  return Error{ErrorCode::invalid, std::move(message), std::move(hint)};
}

}  // namespace assize

// Returns the error of `expr` from the enclosing function, if it is one.
#define TRY(expr)                                                                    \
  do {                                                                               \
    if (auto try_result = (expr); !try_result) return std::move(try_result).error(); \
  } while (false)

#define ASSIZE_CONCAT2(a, b) a##b
#define ASSIZE_CONCAT(a, b) ASSIZE_CONCAT2(a, b)
#define ASSIZE_TRY_ASSIGN(tmp, lhs, expr)  \
  auto tmp = (expr);                       \
  if (!tmp) return std::move(tmp).error(); \
  lhs = std::move(tmp).value()

// `TRY_ASSIGN(Change change, read_patch(bytes));` — the value, or return the error.
#define TRY_ASSIGN(lhs, expr) ASSIZE_TRY_ASSIGN(ASSIZE_CONCAT(try_assign_, __LINE__), lhs, expr)

// A bug of ours: says where and aborts. Never for anything that comes from outside.
#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "assize: internal error: %s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                                \
    }                                                                                              \
  } while (false)
