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
sys.path.insert(0, str(HERE))
import answer
PROMPT = "Review.\ndiff --git a/a b.c b/a b.c\n--- a/a b.c\n+++ b/a b.c\n@@ -1,1 +1,2 @@\n   1   int a;\n   2 + int b;\n"
READ_TOOL = {"type": "object", "properties": {}}


CHANGE = ("# The material\n<<<ASSIZE:change:n0\ndiff --git a/a b.c b/a b.c\n   1   int a;\n   2 + int b;\n"
          "# Claims to check\nASSIZE:change:n0>>>\n")
DEBATE = CHANGE + """# What to settle
Each claim has an id.
<<<ASSIZE:groups:n0
G1 [high, bug] a b.c:2
  It breaks
  G9 [high, bug] is only quoted here
  raised by Reviewer A

G12 [low, test-gap] no place
  It is not tested
ASSIZE:groups:n0>>>
# How to answer
"""
VERIFY = CHANGE + """# Claims to check
Judge each claim.
<<<ASSIZE:claims:n0
G1
  G1.1 [high, bug] a b.c:2-4: it: breaks
    Somebody says so.
  G1.2 [low, bug] a b.c: again
  The code around it:
   2 + int b;

G2
  G2.1 [low, docs] no place: undocumented

ASSIZE:claims:n0>>>
# How to answer
"""
SYNTHESIS = "# What was found\nfacts\n<<<ASSIZE:groups:n0\nG1 …\nASSIZE:groups:n0>>>\n# How to answer\n"


def request(api, streamed, tools=(), prompt=PROMPT):
    """(path, body) as a CLI would send it."""
    if api == "messages":
        return "v1/messages", {"model": "m", "stream": streamed, "messages": [{"role": "user", "content": prompt}],
                               "tools": [{"name": name, "input_schema": READ_TOOL} for name in tools]}
    if api == "responses":
        return "v1/responses", {"model": "m", "stream": streamed, "tools": [{"type": "function", "name": t} for t in tools],
                                "input": [{"role": "user", "content": [{"type": "input_text", "text": prompt}]}]}
    if api == "chat":
        return "v1/chat/completions", {"model": "m", "stream": streamed, "messages": [{"role": "user", "content": prompt}],
                                       "tools": [{"type": "function", "function": {"name": name}} for name in tools]}
    verb = "streamGenerateContent?alt=sse" if streamed else "generateContent"
    return f"v1beta/models/m:{verb}", {"contents": [{"role": "user", "parts": [{"text": prompt}]}],
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


class Answers(unittest.TestCase):
    """A whole procedure can be gone through with what is answered."""

    def test_the_prompt_tells_the_phase_and_what_it_quotes_does_not(self):
        phases = [answer.phase_of(prompt) for prompt in (
            PROMPT, CHANGE, DEBATE, VERIFY, SYNTHESIS, "# The task\nSay hi.\n# Your answer\n",
            "Below is what you wrote.\n<<<ASSIZE:answer:n0\n{}\nASSIZE:answer:n0>>>\n")]
        self.assertEqual(phases, ["review", "review", "debate", "verify", "synthesis", "task", "repair"])

    def test_a_debate_gets_a_stance_on_each_group(self):
        for mode, stance in (("ok", "agree"), ("clean", "agree"), ("disagree", "disagree"), ("unsure", "unsure")):
            said = json.loads(answer.write(mode, DEBATE))
            self.assertEqual([(row["group"], row["stance"]) for row in said["stances"]], [("G1", stance), ("G12", stance)])
            self.assertEqual(said["missed"], [])

    def test_a_verification_gets_a_verdict_on_each_claim_with_its_place(self):
        said = json.loads(answer.write("ok", VERIFY))["verdicts"]
        self.assertEqual([(row["group"], row["status"], row["evidence"], row["members"]) for row in said],
                         [("G1", "verified", "a b.c:2", []), ("G2", "verified", "a b.c:2", [])])
        said = json.loads(answer.write("disagree", VERIFY))["verdicts"]
        self.assertEqual([(row["status"], row["members"]) for row in said],
                         [("unsupported", ["G1.1", "G1.2"]), ("unsupported", ["G2.1"])])

    def test_a_synthesis_and_a_task_get_what_they_ask_for(self):
        self.assertEqual(set(json.loads(answer.write("ok", SYNTHESIS))), {"summary", "recommendation"})
        self.assertNotIn("{", answer.write("ok", "# The task\nSay hi.\n"))

    def test_a_repair_keeps_the_review(self):
        broken = "Below is what you wrote.\n<<<ASSIZE:answer:n0\nHere: {\"findings\": [7]}\nASSIZE:answer:n0>>>\n"
        self.assertEqual(json.loads(answer.write("ok", broken)), {"findings": [7]})

    def test_receipts_come_back(self):
        prompt = "The first receipt word is abcdefgh.\n\n" + CHANGE + "The last receipt word is ijklmnop. End your summary …"
        self.assertTrue(json.loads(answer.write("ok", prompt))["summary"].endswith(" abcdefgh ijklmnop"))

    def test_a_document_gets_the_words_of_documents(self):
        document = CHANGE.replace(":change:", ":document:")
        self.assertEqual(json.loads(answer.write("ok", document))["verdict"], "NEEDS_INFO")
        self.assertEqual(json.loads(answer.write("clean", document))["verdict"], "READY")


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

    def post(self, mode, api="chat", streamed=False, tools=(), prompt=PROMPT):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        path, body = request(api, streamed, tools, prompt)
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

    def test_write_asks_for_a_file_where_the_cli_works(self):
        prompt = "Working directory: /tmp/tree\n" + PROMPT
        _, _, raw = self.post("write", "messages", tools=["Read", "Write"], prompt=prompt)
        call = json.loads(raw)["content"][0]
        self.assertEqual((call["name"], call["input"]["file_path"]), ("Write", "/tmp/tree/WRITTEN.txt"))
        for tools, text in ((["Read"], prompt), (["Write"], PROMPT)):  # it cannot, or does not know where
            _, _, raw = self.post("write", "messages", tools=tools, prompt=text)
            self.assertIn("findings", text_of("messages", False, raw))

    def test_statuses_come_with_the_providers_own_errors(self):
        status, headers, raw = self.post("429-after-7", "messages")
        self.assertEqual((status, headers["Retry-After"]), (429, "7"))
        self.assertEqual(json.loads(raw)["error"]["type"], "rate_limit_error")
        status, _, raw = self.post("401", "gemini")
        self.assertEqual((status, json.loads(raw)["error"]["status"]), (401, "UNAUTHENTICATED"))

    def test_a_failure_with_a_count_passes(self):
        self.assertEqual([self.post("500x2")[0] for _ in range(3)], [500, 500, 200])

    def test_a_failure_can_belong_to_one_phase(self):
        self.assertEqual([self.post("500-in-debate")[0], self.post("500-in-debate", prompt=DEBATE)[0],
                          self.post("500-in-reviewx1")[0], self.post("500-in-reviewx1", prompt=DEBATE)[0],
                          self.post("500-in-reviewx1")[0]], [200, 500, 500, 200, 200])

    def test_answers_that_are_not_whole_say_so(self):
        for mode, words in (("length", {"max_tokens", "length", "MAX_TOKENS"}),
                            ("filtered", {"refusal", "content_filter", "SAFETY"})):
            for api in ("messages", "chat", "gemini"):
                for streamed in (False, True):
                    _, _, raw = self.post(mode, api, streamed)
                    self.assertTrue(any(f'"{word}"' in raw.decode() for word in words), (mode, api, streamed))

    def test_an_error_can_come_in_the_middle_of_a_stream(self):
        for api in ("messages", "chat", "gemini"):
            _, _, raw = self.post("errormid", api, streamed=True)
            self.assertIn('"overloaded"', raw.decode().rstrip().splitlines()[-1])

    def test_a_spent_quota_is_told_apart_from_a_rate(self):
        status, _, raw = self.post("quota")
        self.assertEqual((status, json.loads(raw)["error"]["code"]), (429, "insufficient_quota"))

    def test_bodies_can_be_too_large_and_redirects_lead_elsewhere(self):
        self.assertGreater(len(self.post("big", streamed=True)[2]), 20_000_000)
        status, headers, _ = self.post("redirect")
        self.assertEqual(status, 302)
        self.assertIn("127.0.0.1", headers["Location"])

    def test_a_short_window_forgets_the_start_and_counts_less(self):
        filler = "   2 + int filler;\n" * 2_000
        _, _, raw = self.post("window", prompt=PROMPT + filler)
        body = json.loads(raw)
        self.assertEqual(json.loads(body["choices"][0]["message"]["content"])["checked"], [])
        self.assertEqual(body["usage"]["prompt_tokens"], 1_500)
        _, _, raw = self.post("ok", prompt=PROMPT + filler)
        self.assertGreater(json.loads(raw)["usage"]["prompt_tokens"], 9_000)

    def test_plain_does_not_stream_though_it_was_asked_to(self):
        _, headers, raw = self.post("plain", streamed=True)
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertIn("choices", json.loads(raw))

    def test_it_lists_its_models(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/ok/tag/v1/models")
        body = json.loads(connection.getresponse().read())
        connection.close()
        self.assertEqual([row["id"] for row in body["data"]], ["fake-model", "fake-model-small"])
        self.assertEqual(body["models"][0]["name"], "models/fake-model")

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
