"""The providers' wire formats: what a request holds, and how an answer is put on the wire.

api is one of: messages (Anthropic), responses and chat/completions (OpenAI), generateContent and
streamGenerateContent (Gemini); the two token counters answer with a constant.
"""
import json
import re
import shlex
import uuid

PIECE = 48  # characters a streamed piece: small, so that readers see splits everywhere
USAGE = {"input": 1234, "cached": 200, "output": 56}  # input: at least
BYTES_PER_TOKEN = 4
# How a provider says that an answer is not whole: (Anthropic, OpenAI, Gemini).
FINISHES = {"length": ("max_tokens", "length", "MAX_TOKENS"), "filtered": ("refusal", "content_filter", "SAFETY")}

_READ_TOOLS = {  # name in lower case -> arguments that read one file
    "read": lambda path: {"file_path": path, "filePath": path},
    "read_file": lambda path: {"absolute_path": path, "file_path": path, "path": path},
    "exec_command": lambda path: {"cmd": f"cat {path}"},
    "shell": lambda path: {"command": ["cat", path]},
}
_WRITE_TOOLS = {  # name in lower case -> arguments that write one file, by its absolute path
    "write": lambda path, text: {"file_path": path, "filePath": path, "content": text},
    "write_file": lambda path, text: {"file_path": path, "content": text},
    "exec_command": lambda path, text: {"cmd": f"printf %s {shlex.quote(text)} > {shlex.quote(path)}"},
}
# How the CLIs tell a model where it works.
_DIRECTORY = re.compile(r"(?:working directory: |in the directory: |<cwd>|Workspace Directories:\*\*\s+- )(/[^\s<]+)", re.IGNORECASE)


def wants_stream(api, path, body):
    return api == "streamGenerateContent" if "enerateContent" in api else bool(body.get("stream"))


class Reply:
    """One model turn: a text, or a call of one tool (name, arguments). `finish` is one of FINISHES when it is not whole."""

    def __init__(self, text="", tool=None, finish=None):
        self.text = text
        self.tool = tool
        self.finish = finish

    def reason(self, provider):
        """The word for how it ended; provider is 0 Anthropic, 1 OpenAI, 2 Gemini."""
        if self.finish:
            return FINISHES[self.finish][provider]
        return (("tool_use", "tool_calls", "STOP") if self.tool else ("end_turn", "stop", "STOP"))[provider]


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
        self._counted = None

    def set_counted(self, tokens):
        self._counted = tokens

    def input_tokens(self):
        """What is reported: about what a tokenizer would count."""
        if self._counted is not None:
            return self._counted
        return max(USAGE["input"], len(self.user_text().encode()) // BYTES_PER_TOKEN)

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

    def write_call(self, name, text):
        """A call that writes the file `name` in the directory where the CLI works; nothing when it cannot."""
        place = next((match for match in map(_DIRECTORY.search, self.all_texts()) if match), None)
        for tool in self.tool_names() if place else ():
            if tool.lower() in _WRITE_TOOLS:
                arguments = _WRITE_TOOLS[tool.lower()](f"{place[1].rstrip('/')}/{name}", text)
                known = dict(self._tools())[tool]
                schema = known.get("parametersJsonSchema") or known.get("parameters") or known.get("input_schema") or {}
                names = schema.get("properties") or arguments  # some take no others than they know
                return tool, {key: value for key, value in arguments.items() if key in names}
        return None

    def is_side_question(self):
        return self.api in ("messages/count_tokens", "countTokens") or "model_choice" in json.dumps(
            self.body.get("generationConfig", {}))

    def side_answer(self):
        return json.dumps({"reasoning": "small", "model_choice": "flash"})


# -- whole answers -----------------------------------------------------------------------------------------------------

def _id(prefix):
    return f"{prefix}_{uuid.uuid4().hex[:24]}"


def _anthropic_usage(request):
    return {"input_tokens": request.input_tokens() - _cached(request), "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": _cached(request), "output_tokens": USAGE["output"]}


def _cached(request):
    return min(USAGE["cached"], request.input_tokens())


def _responses_usage(request):
    return {"input_tokens": request.input_tokens(), "input_tokens_details": {"cached_tokens": _cached(request)},
            "output_tokens": USAGE["output"], "output_tokens_details": {"reasoning_tokens": 10},
            "total_tokens": request.input_tokens() + USAGE["output"]}


def _chat_usage(request):
    return {"prompt_tokens": request.input_tokens(), "completion_tokens": USAGE["output"],
            "total_tokens": request.input_tokens() + USAGE["output"],
            "prompt_tokens_details": {"cached_tokens": _cached(request)}}


def _gemini_usage(request):
    return {"promptTokenCount": request.input_tokens(), "candidatesTokenCount": USAGE["output"],
            "cachedContentTokenCount": _cached(request), "totalTokenCount": request.input_tokens() + USAGE["output"]}


def whole(request, reply):
    api, model = request.api, request.model
    if api == "messages/count_tokens":
        return {"input_tokens": request.input_tokens()}
    if api == "countTokens":
        return {"totalTokens": request.input_tokens()}
    if api == "messages":
        block = {"type": "text", "text": reply.text}
        if reply.tool:
            block = {"type": "tool_use", "id": _id("toolu"), "name": reply.tool[0], "input": reply.tool[1]}
        return {"id": _id("msg"), "type": "message", "role": "assistant", "model": model, "content": [block],
                "stop_reason": reply.reason(0), "stop_sequence": None, "usage": _anthropic_usage(request)}
    if api == "responses":
        return {"id": _id("resp"), "object": "response", "status": "completed", "model": model,
                "output": [_responses_item(reply)], "usage": _responses_usage(request)}
    if api == "chat/completions":
        message = {"role": "assistant", "content": reply.text}
        if reply.tool:
            message = {"role": "assistant", "content": None, "tool_calls": [_chat_call(reply)]}
        return {"id": _id("chatcmpl"), "object": "chat.completion", "created": 0, "model": model,
                "choices": [{"index": 0, "message": message, "finish_reason": reply.reason(1)}],
                "usage": _chat_usage(request)}
    return _gemini(request, _gemini_part(reply), reply.reason(2))


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


def _gemini(request, part, reason=None):
    candidate = {"index": 0, "content": {"role": "model", "parts": [part]}}
    if reason:
        candidate["finishReason"] = reason
    return {"candidates": [candidate], "modelVersion": request.model, "usageMetadata": _gemini_usage(request)}


# -- streams -----------------------------------------------------------------------------------------------------------

def _pieces(text):
    return [text[start:start + PIECE] for start in range(0, len(text), PIECE)]


def _sse(data, named):
    name = f"event: {data['type']}\n" if named else ""
    return f"{name}data: {json.dumps(data, ensure_ascii=False)}\n\n"


def events(request, reply):
    """The server-sent events of a whole, successful stream."""
    maker = {"messages": _anthropic_events, "responses": _responses_events, "chat/completions": _chat_events}
    return maker.get(request.api, _gemini_events)(request, reply)


def first_half(all_events):
    """A stream that breaks in the middle: it has begun, and has not said how it ends."""
    return all_events[:max(1, len(all_events) // 2)]


def _anthropic_events(request, reply):
    start = {"id": _id("msg"), "type": "message", "role": "assistant", "model": request.model, "content": [],
             "stop_reason": None, "stop_sequence": None, "usage": {**_anthropic_usage(request), "output_tokens": 1}}
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
             "delta": {"stop_reason": reply.reason(0), "stop_sequence": None}},
            {"type": "message_stop"}]
    return [_sse(row, named=True) for row in rows]


def _responses_events(request, reply):
    response = {"id": _id("resp"), "object": "response", "status": "in_progress", "model": request.model, "output": []}
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
              "response": {**response, "status": "completed", "output": [item], "usage": _responses_usage(request)}}]
    return [_sse({**row, "sequence_number": number}, named=True) for number, row in enumerate(rows)]


def _chat_events(request, reply):
    base = {"id": _id("chatcmpl"), "object": "chat.completion.chunk", "created": 0, "model": request.model}

    def chunk(delta, finish=None):
        return {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    rows = [chunk({"role": "assistant", "content": ""})]
    if reply.tool:
        rows.append(chunk({"tool_calls": [_chat_call(reply)]}))
    else:
        rows += [chunk({"content": piece}) for piece in _pieces(reply.text)]
    rows.append(chunk({}, reply.reason(1)))
    rows.append({**base, "choices": [], "usage": _chat_usage(request)})
    return [_sse(row, named=False) for row in rows] + ["data: [DONE]\n\n"]


def _gemini_events(request, reply):
    parts = [_gemini_part(reply)] if reply.tool else [{"text": piece} for piece in _pieces(reply.text)] or [{"text": ""}]
    return [_sse(_gemini(request, part, reply.reason(2) if number == len(parts) else None), named=False)
            for number, part in enumerate(parts, 1)]


# -- errors ------------------------------------------------------------------------------------------------------------

_ERRORS = {  # mode: (Anthropic type, OpenAI type, Gemini status, message)
    "400": ("invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT",
          "prompt is too long: 250000 tokens > 200000 maximum"),
    "401": ("authentication_error", "invalid_request_error", "UNAUTHENTICATED", "invalid api key"),
    "403": ("permission_error", "permission_error", "PERMISSION_DENIED", "forbidden"),
    "404": ("not_found_error", "invalid_request_error", "NOT_FOUND", "model not found"),
    "413": ("request_too_large", "invalid_request_error", "INVALID_ARGUMENT", "request exceeds the maximum size"),
    "429": ("rate_limit_error", "rate_limit_exceeded", "RESOURCE_EXHAUSTED", "rate limit reached, try again later"),
    "500": ("api_error", "server_error", "INTERNAL", "internal server error"),
    "503": ("api_error", "server_error", "UNAVAILABLE", "service unavailable"),
    "529": ("overloaded_error", "server_error", "UNAVAILABLE", "overloaded"),
    "quota": ("rate_limit_error", "insufficient_quota", "RESOURCE_EXHAUSTED",
              "You exceeded your current quota, please check your plan and billing details."),
}


def error_body(api, mode):
    anthropic, openai, gemini, message = _ERRORS[mode]
    if api.startswith("messages"):
        return {"type": "error", "error": {"type": anthropic, "message": message}, "request_id": _id("req")}
    if "enerateContent" in api or api == "countTokens":
        return {"error": {"code": 429 if mode == "quota" else int(mode), "message": message, "status": gemini}}
    codes = {"400": "context_length_exceeded", "401": "invalid_api_key", "404": "model_not_found",
             "quota": "insufficient_quota"}
    return {"error": {"message": message, "type": openai, "code": codes.get(mode), "param": None}}


def error_event(api):
    """The event by which a provider that is overloaded ends a stream."""
    if api == "responses":
        return _sse({"type": "error", "code": "server_error", "message": "overloaded"}, named=True)
    return _sse(error_body(api, "529"), named=api == "messages")
