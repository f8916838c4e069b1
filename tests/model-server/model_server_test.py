#!/usr/bin/env python3
"""What the suites rely on in the model server: every format carries the same review, failures are as asked for, and the log
tells what was sent without telling a secret."""
import http.client
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROMPT = "Review.\ndiff --git a/a b.c b/a b.c\n--- a/a b.c\n+++ b/a b.c\n@@ -1,1 +1,2 @@\n   1   int a;\n   2 + int b;\n"
READ_TOOL = {"type": "object", "properties": {}}


def request(api, streamed, tools=()):
    """(path, body) as a CLI would send it."""
    if api == "messages":
        return "v1/messages", {"model": "m", "stream": streamed, "messages": [{"role": "user", "content": PROMPT}],
                               "tools": [{"name": name, "input_schema": READ_TOOL} for name in tools]}
    if api == "responses":
        return "v1/responses", {"model": "m", "stream": streamed, "tools": [{"type": "function", "name": t} for t in tools],
                                "input": [{"role": "user", "content": [{"type": "input_text", "text": PROMPT}]}]}
    if api == "chat":
        return "v1/chat/completions", {"model": "m", "stream": streamed, "messages": [{"role": "user", "content": PROMPT}],
                                       "tools": [{"type": "function", "function": {"name": name}} for name in tools]}
    verb = "streamGenerateContent?alt=sse" if streamed else "generateContent"
    return f"v1beta/models/m:{verb}", {"contents": [{"role": "user", "parts": [{"text": PROMPT}]}],
                                       "tools": [{"functionDeclarations": [{"name": name} for name in tools]}]}


def text_of(api, streamed, raw):
    """The answer's text, put together as a client would."""
    if not streamed:
        body = json.loads(raw)
        return {"messages": lambda: body["content"][0].get("text"),
                "responses": lambda: body["output"][0]["content"][0]["text"],
                "chat": lambda: body["choices"][0]["message"]["content"],
                "gemini": lambda: body["candidates"][0]["content"]["parts"][0]["text"]}[api]()
    rows = [json.loads(line[6:]) for line in raw.decode().splitlines() if line.startswith("data: {")]
    if api == "messages":
        return "".join(row["delta"].get("text", "") for row in rows if row["type"] == "content_block_delta")
    if api == "responses":
        return "".join(row["delta"] for row in rows if row["type"] == "response.output_text.delta")
    if api == "chat":
        return "".join(row["choices"][0]["delta"].get("content", "") for row in rows if row["choices"])
    return "".join(row["candidates"][0]["content"]["parts"][0]["text"] for row in rows)


class ModelServer(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / "log"
        self.server = subprocess.Popen(
            [sys.executable, str(HERE / "model-server"), "--with-stdin", "--log", str(self.log), "--mark", "seen=int b;",
             "--mark", "unseen=CANARY"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.server.stdout.readline())

    def tearDown(self):
        self.server.stdin.close()  # the end of its standard input stops it
        self.assertEqual(self.server.wait(10), 0)
        self.server.stdout.close()
        self.folder.cleanup()

    def post(self, mode, api="chat", streamed=False, tools=()):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        path, body = request(api, streamed, tools)
        connection.request("POST", f"/{mode}/tag/{path}", json.dumps(body), {"Authorization": "Bearer top-secret"})
        response = connection.getresponse()
        try:
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def rows(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def test_every_format_carries_a_review_of_the_change_in_the_prompt(self):
        for api in ("messages", "responses", "chat", "gemini"):
            for streamed in (False, True):
                with self.subTest(api=api, streamed=streamed):
                    status, _, raw = self.post("ok", api, streamed)
                    review = json.loads(text_of(api, streamed, raw))
                    self.assertEqual(status, 200)
                    self.assertEqual(review["checked"], ["a b.c"])
                    self.assertEqual([(f["file"], f["line"], f["quote"]) for f in review["findings"]],
                                     [("a b.c", 2, "int b;")])

    def test_a_schema_tool_is_called_with_the_review(self):
        _, _, raw = self.post("ok", "messages", tools=["StructuredOutput"])
        self.assertEqual(json.loads(raw)["content"][0]["input"]["checked"], ["a b.c"])

    def test_toolread_asks_for_a_file_when_it_can(self):
        _, _, raw = self.post("toolread", "chat", tools=["read_file"])
        self.assertEqual(json.loads(raw)["choices"][0]["message"]["tool_calls"][0]["function"]["name"], "read_file")
        _, _, raw = self.post("toolread", "chat")
        self.assertIn("findings", text_of("chat", False, raw))

    def test_statuses_come_with_the_providers_own_errors(self):
        status, headers, raw = self.post("429-after-7", "messages")
        self.assertEqual((status, headers["Retry-After"]), (429, "7"))
        self.assertEqual(json.loads(raw)["error"]["type"], "rate_limit_error")
        status, _, raw = self.post("401", "gemini")
        self.assertEqual((status, json.loads(raw)["error"]["status"]), (401, "UNAUTHENTICATED"))

    def test_a_failure_with_a_count_passes(self):
        self.assertEqual([self.post("500x2")[0] for _ in range(3)], [500, 500, 200])

    def test_truncated_answers_break_on_the_wire(self):
        for streamed in (False, True):
            with self.subTest(streamed=streamed), self.assertRaises(http.client.IncompleteRead):
                self.post("trunc", streamed=streamed)
        _, _, raw = self.post("cut", streamed=True)
        self.assertNotIn(b"[DONE]", raw)

    def test_the_log_names_tools_and_marks_and_no_secret(self):
        self.post("ok", "gemini", tools=["glob"])
        row = self.rows()[0]
        self.assertEqual((row["mode"], row["tag"], row["tools"], row["marks"]), ("ok", "tag", ["glob"], ["seen"]))
        self.assertIn("authorization", row["headers"])
        self.assertNotIn("top-secret", self.log.read_text())

    def test_an_unknown_mode_is_refused(self):
        self.assertEqual(self.post("fine")[0], 404)


if __name__ == "__main__":
    unittest.main()
