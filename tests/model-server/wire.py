"""The providers' wire formats: what a request holds, and how an answer is put on the wire.

api is one of: messages (Anthropic), responses and chat/completions (OpenAI), generateContent and
streamGenerateContent (Gemini); the two token counters answer with a constant.
"""
import json
import uuid

PIECE = 48  # characters a streamed piece: small, so that readers see splits everywhere
USAGE = {"input": 1234, "cached": 200, "output": 56}

_READ_TOOLS = {  # name in lower case -> arguments that read one file
    "read": lambda path: {"file_path": path, "filePath": path},
    "read_file": lambda path: {"absolute_path": path, "file_path": path, "path": path},
    "exec_command": lambda path: {"cmd": f"cat {path}"},
    "shell": lambda path: {"command": ["cat", path]},
}


def wants_stream(api, path, body):
    return api == "streamGenerateContent" if "enerateContent" in api else bool(body.get("stream"))


class Reply:
    """One model turn: a text, or a call of one tool (name, arguments)."""

    def __init__(self, text="", tool=None):
        self.text = text
        self.tool = tool


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


class Request:
    def __init__(self, api, model, body, streamed):
        self.api = api
        self.body = body
        self.model = model or body.get("model", "")
        self.streamed = streamed

    def all_texts(self):
        return _strings(self.body)

    def _turns(self):
        """[(role, content)] in one shape for all formats."""
        body = self.body
        if self.api == "responses":
            items = body.get("input", [])
            items = [{"role": "user", "content": items}] if isinstance(items, str) else items
            return [(item.get("role", item.get("type", "")), item) for item in items]
        if "enerateContent" in self.api or self.api == "countTokens":
            return [(turn.get("role", "user"), turn) for turn in body.get("contents", [])]
        return [(turn.get("role", ""), turn) for turn in body.get("messages", [])]

    def user_text(self):
        """What the user said: every text of the user's turns, tool results left out."""
        parts = []
        for role, turn in self._turns():
            if role != "user":
                continue
            content = turn.get("content", turn.get("parts", ""))
            for part in [content] if isinstance(content, str) else content:
                if isinstance(part, str):
                    parts.append(part)
                elif isinstance(part.get("text"), str):
                    parts.append(part["text"])
        return "\n".join(parts)

    def _tools(self):
        for tool in self.body.get("tools", []) or []:
            if "functionDeclarations" in tool:
                yield from ((item["name"], item) for item in tool["functionDeclarations"])
            elif "function" in tool:
                yield tool["function"]["name"], tool["function"]
            else:
                yield tool.get("name") or tool.get("type") or "/".join(tool), tool

    def tool_names(self):
        return [name for name, _ in self._tools()]

    def has_schema(self):
        body = self.body
        return bool(
            self.schema_tool() or (body.get("text") or {}).get("format", {}).get("type") == "json_schema"
            or body.get("response_format") or (body.get("output_config") or {}).get("format")
            or (body.get("generationConfig") or {}).get("responseJsonSchema"))

    def schema_tool(self):
        """The tool by which a CLI takes an answer that must follow a schema."""
        return next((name for name in self.tool_names() if name.lower() in ("structuredoutput", "structured_output")),
                    None)

    def _tool_results(self):
        for role, turn in self._turns():
            if role in ("tool", "function_call_output"):
                yield turn
            content = turn.get("content", turn.get("parts", []))
            for part in content if isinstance(content, list) else []:
                if isinstance(part, dict) and (part.get("type") == "tool_result" or "functionResponse" in part):
                    yield part

    def has_tool_result(self):
        return any(True for _ in self._tool_results())

    def has_tool_result_of(self, tool):
        text = json.dumps(self.body.get("messages", self.body.get("contents", [])))
        return self.has_tool_result() and f'"name": "{tool}"' in text

    def read_call(self, path):
        for name in self.tool_names():
            if name.lower() in _READ_TOOLS:
                return name, _READ_TOOLS[name.lower()](path)
        return None

    def is_side_question(self):
        return self.api in ("messages/count_tokens", "countTokens") or "model_choice" in json.dumps(
            self.body.get("generationConfig", {}))

    def side_answer(self):
        return json.dumps({"reasoning": "small", "model_choice": "flash"})


# -- whole answers -----------------------------------------------------------------------------------------------------

def _id(prefix):
    return f"{prefix}_{uuid.uuid4().hex[:24]}"


def _anthropic_usage():
    return {"input_tokens": USAGE["input"], "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": USAGE["cached"], "output_tokens": USAGE["output"]}


def _responses_usage():
    return {"input_tokens": USAGE["input"], "input_tokens_details": {"cached_tokens": USAGE["cached"]},
            "output_tokens": USAGE["output"], "output_tokens_details": {"reasoning_tokens": 10},
            "total_tokens": USAGE["input"] + USAGE["output"]}


def _chat_usage():
    return {"prompt_tokens": USAGE["input"], "completion_tokens": USAGE["output"],
            "total_tokens": USAGE["input"] + USAGE["output"],
            "prompt_tokens_details": {"cached_tokens": USAGE["cached"]}}


def _gemini_usage():
    return {"promptTokenCount": USAGE["input"], "candidatesTokenCount": USAGE["output"],
            "cachedContentTokenCount": USAGE["cached"], "totalTokenCount": USAGE["input"] + USAGE["output"]}


def whole(request, reply):
    api, model = request.api, request.model
    if api == "messages/count_tokens":
        return {"input_tokens": USAGE["input"]}
    if api == "countTokens":
        return {"totalTokens": USAGE["input"]}
    if api == "messages":
        block = {"type": "text", "text": reply.text}
        if reply.tool:
            block = {"type": "tool_use", "id": _id("toolu"), "name": reply.tool[0], "input": reply.tool[1]}
        return {"id": _id("msg"), "type": "message", "role": "assistant", "model": model, "content": [block],
                "stop_reason": "tool_use" if reply.tool else "end_turn", "stop_sequence": None,
                "usage": _anthropic_usage()}
    if api == "responses":
        return {"id": _id("resp"), "object": "response", "status": "completed", "model": model,
                "output": [_responses_item(reply)], "usage": _responses_usage()}
    if api == "chat/completions":
        message = {"role": "assistant", "content": reply.text}
        if reply.tool:
            message = {"role": "assistant", "content": None, "tool_calls": [_chat_call(reply)]}
        return {"id": _id("chatcmpl"), "object": "chat.completion", "created": 0, "model": model,
                "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if reply.tool else "stop"}],
                "usage": _chat_usage()}
    return _gemini(model, _gemini_part(reply), last=True)


def _responses_item(reply):
    if reply.tool:
        return {"type": "function_call", "id": _id("fc"), "call_id": _id("call"), "name": reply.tool[0],
                "arguments": json.dumps(reply.tool[1]), "status": "completed"}
    return {"type": "message", "id": _id("msg"), "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": reply.text, "annotations": []}]}


def _chat_call(reply):
    return {"index": 0, "id": _id("call"), "type": "function",
            "function": {"name": reply.tool[0], "arguments": json.dumps(reply.tool[1])}}


def _gemini_part(reply):
    if reply.tool:
        return {"functionCall": {"name": reply.tool[0], "args": reply.tool[1]}}
    return {"text": reply.text}


def _gemini(model, part, last):
    candidate = {"index": 0, "content": {"role": "model", "parts": [part]}}
    if last:
        candidate["finishReason"] = "STOP"
    return {"candidates": [candidate], "modelVersion": model, "usageMetadata": _gemini_usage()}


# -- streams -----------------------------------------------------------------------------------------------------------

def _pieces(text):
    return [text[start:start + PIECE] for start in range(0, len(text), PIECE)]


def _sse(data, named):
    name = f"event: {data['type']}\n" if named else ""
    return f"{name}data: {json.dumps(data, ensure_ascii=False)}\n\n"


def events(request, reply):
    """The server-sent events of a whole, successful stream."""
    maker = {"messages": _anthropic_events, "responses": _responses_events, "chat/completions": _chat_events}
    return maker.get(request.api, _gemini_events)(request.model, reply)


def first_half(all_events):
    """A stream that breaks in the middle: it has begun, and has not said how it ends."""
    return all_events[:max(1, len(all_events) // 2)]


def _anthropic_events(model, reply):
    start = {"id": _id("msg"), "type": "message", "role": "assistant", "model": model, "content": [],
             "stop_reason": None, "stop_sequence": None, "usage": {**_anthropic_usage(), "output_tokens": 1}}
    if reply.tool:
        block = {"type": "tool_use", "id": _id("toolu"), "name": reply.tool[0], "input": {}}
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in _pieces(json.dumps(reply.tool[1]))]
    else:
        block = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": piece} for piece in _pieces(reply.text)]
    rows = [{"type": "message_start", "message": start},
            {"type": "content_block_start", "index": 0, "content_block": block},
            *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "usage": {"output_tokens": USAGE["output"]},
             "delta": {"stop_reason": "tool_use" if reply.tool else "end_turn", "stop_sequence": None}},
            {"type": "message_stop"}]
    return [_sse(row, named=True) for row in rows]


def _responses_events(model, reply):
    response = {"id": _id("resp"), "object": "response", "status": "in_progress", "model": model, "output": []}
    item = _responses_item(reply)
    rows = [{"type": "response.created", "response": response}]
    if reply.tool:
        rows.append({"type": "response.output_item.added", "output_index": 0,
                     "item": {**item, "arguments": "", "status": "in_progress"}})
    else:
        rows.append({"type": "response.output_item.added", "output_index": 0,
                     "item": {**item, "content": [], "status": "in_progress"}})
        rows += [{"type": "response.output_text.delta", "item_id": item["id"], "output_index": 0, "content_index": 0,
                  "delta": piece} for piece in _pieces(reply.text)]
    rows += [{"type": "response.output_item.done", "output_index": 0, "item": item},
             {"type": "response.completed",
              "response": {**response, "status": "completed", "output": [item], "usage": _responses_usage()}}]
    return [_sse({**row, "sequence_number": number}, named=True) for number, row in enumerate(rows)]


def _chat_events(model, reply):
    base = {"id": _id("chatcmpl"), "object": "chat.completion.chunk", "created": 0, "model": model}

    def chunk(delta, finish=None):
        return {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    rows = [chunk({"role": "assistant", "content": ""})]
    if reply.tool:
        rows.append(chunk({"tool_calls": [_chat_call(reply)]}))
    else:
        rows += [chunk({"content": piece}) for piece in _pieces(reply.text)]
    rows.append(chunk({}, "tool_calls" if reply.tool else "stop"))
    rows.append({**base, "choices": [], "usage": _chat_usage()})
    return [_sse(row, named=False) for row in rows] + ["data: [DONE]\n\n"]


def _gemini_events(model, reply):
    parts = [_gemini_part(reply)] if reply.tool else [{"text": piece} for piece in _pieces(reply.text)] or [{"text": ""}]
    return [_sse(_gemini(model, part, last=number == len(parts)), named=False) for number, part in enumerate(parts, 1)]


# -- errors ------------------------------------------------------------------------------------------------------------

_ERRORS = {  # status: (Anthropic type, OpenAI type, Gemini status, message)
    400: ("invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT",
          "prompt is too long: 250000 tokens > 200000 maximum"),
    401: ("authentication_error", "invalid_request_error", "UNAUTHENTICATED", "invalid api key"),
    403: ("permission_error", "permission_error", "PERMISSION_DENIED", "forbidden"),
    404: ("not_found_error", "invalid_request_error", "NOT_FOUND", "model not found"),
    429: ("rate_limit_error", "rate_limit_exceeded", "RESOURCE_EXHAUSTED", "rate limit reached, try again later"),
    500: ("api_error", "server_error", "INTERNAL", "internal server error"),
    503: ("api_error", "server_error", "UNAVAILABLE", "service unavailable"),
    529: ("overloaded_error", "server_error", "UNAVAILABLE", "overloaded"),
}


def error_body(api, status):
    anthropic, openai, gemini, message = _ERRORS[status]
    if api.startswith("messages"):
        return {"type": "error", "error": {"type": anthropic, "message": message}, "request_id": _id("req")}
    if "enerateContent" in api or api == "countTokens":
        return {"error": {"code": status, "message": message, "status": gemini}}
    codes = {400: "context_length_exceeded", 401: "invalid_api_key", 404: "model_not_found"}
    return {"error": {"message": message, "type": openai, "code": codes.get(status), "param": None}}
