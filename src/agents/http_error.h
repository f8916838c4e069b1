// What a model server's refusal means: its status, and the error that it wrote, in the forms of the three vendors and
// of the servers that imitate them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/call.h"

namespace boost::json {
class object;
}

namespace assize {

// An error as a server wrote it, in a body or in the middle of a stream.
struct ServerError {
  std::string message;
  std::string words;          // type, code, status and reasons in one line, for classifying
  std::optional<int> status;  // where the error itself names one
  std::optional<Millis> retry_after;
};

// The error in this object, if it is one: {"error": {…}} or {"error": "…"}, {"object": "error", "message": …},
// {"detail": …}.
std::optional<ServerError> read_server_error(const boost::json::object& body);

// The kind of an error. `status` is the exchange's own; 200 for an error in the middle of a stream.
CallErrorKind kind_of_server_error(int status, const ServerError& error);

// The same from the status alone, and `text` where it is no error in a form that we know.
CallErrorKind kind_of_http_status(int status, std::string_view text);

}  // namespace assize
