"""Writes the answer that a member of the panel would give to the prompt it was shown, in the project's contracts: a review,
stances in a debate, verdicts on claims, a synthesis, or the rest of a task. The prompts are src/trial/prompts/*.md."""
import json
import re

# Material from outside is fenced in a prompt (src/guard/fence.h); a prompt without a fence is read as a whole.
_FENCE = re.compile(r"^<<<ASSIZE:(?P<kind>\w+):(?P<nonce>\w+)\n(?P<text>.*?)^ASSIZE:(?P=kind):(?P=nonce)>>>$",
                    re.MULTILINE | re.DOTALL)
# As src/change/render.h shows it: "  42 + code".
_ADDED = re.compile(r"^ *(?P<line>\d+) \+ (?P<code>.*)$")
# A group in a debate: "G1 [high, bug] src/a.c:3"; a statement in a verification: "  G1.1 [high, bug] src/a.c:3: title".
_GROUP = re.compile(r"^(?P<id>G\w+) \[\w+, [\w-]+\] ", re.MULTILINE)
_CLAIM = re.compile(r"^(?P<id>G\w+)$", re.MULTILINE)
_STATEMENT = re.compile(r"^  (?P<label>(?P<id>G\w+)\.\d+) \[\w+, [\w-]+\] (?P<rest>.*)$", re.MULTILINE)
_PLACE = re.compile(r"^(?P<place>.+?:\d+)(?:-\d+)?: ")
_RECEIPT = re.compile(r"The (?:first|last) receipt word is (\w+)\.")
# Our own headings tell which prompt it is; what is fenced may hold any heading.
_PHASES = (("# What to settle", "debate"), ("# Claims to check", "verify"), ("# What was found", "synthesis"),
           ("# What to look for", "review"), ("# The task", "task"))

PHASES = ("review", "repair", "debate", "verify", "synthesis", "task")


def phase_of(prompt):
    headings = set(_FENCE.sub("", prompt).split("\n"))
    for heading, phase in _PHASES:
        if heading in headings:
            return phase
    return "repair" if fenced(prompt, "answer") else "review"


def fenced(prompt, *kinds):
    """The text of the first fence of one of these kinds, or nothing."""
    for match in _FENCE.finditer(prompt):
        if match["kind"] in kinds:
            return match["text"]
    return ""


def _new_path(line):
    """The path in a line `diff --git a/PATH b/PATH`, which may hold spaces and even ` b/`."""
    both = line[len("diff --git "):]
    half = (len(both) - 1) // 2
    if both[2:half] == both[half + 3:]:
        return both[2:half]
    return both.rpartition(" b/")[2]


def shown(prompt):
    """[(path, [(line number, added code)])] in the order shown."""
    files = []
    for line in (fenced(prompt, "change", "document") or prompt).split("\n"):
        if line.startswith("diff --git a/"):
            files.append((_new_path(line), []))
            continue
        match = _ADDED.match(line)
        if match and files:
            files[-1][1].append((int(match["line"]), match["code"]))
    return files


def _with_receipts(summary, prompt):
    return " ".join([summary, *_RECEIPT.findall(prompt)])


def review(prompt, with_finding):
    files = shown(prompt)
    findings = []
    for path, added in files:
        code = [(line, text) for line, text in added if text.strip()]
        if with_finding and code:
            line, text = code[0]
            findings.append({
                "severity": "medium", "category": "bug", "title": f"The first added line of {path} is not tested",
                "file": path, "line": line, "end_line": line, "quote": text,
                "detail": "Nothing in the change exercises this line, so a mistake in it would not be noticed.",
                "fix": "Add a test that fails when this line is removed.", "confidence": 0.7})
            break
    about_a_document = bool(fenced(prompt, "document"))
    verdict = ("NEEDS_INFO" if findings else "READY") if about_a_document else ("comment" if findings else "approve")
    return {
        "verdict": verdict,
        "summary": _with_receipts(f"Read {len(files)} files and found {len(findings)} problems.", prompt),
        "checked": [path for path, _ in files],
        "findings": findings}


def stances(prompt, stance):
    ids = _GROUP.findall(fenced(prompt, "groups"))
    reason = {"agree": "The line is there and nothing exercises it.", "disagree": "The line cannot go wrong."}
    return {"stances": [{"group": group, "stance": stance, "reason": reason.get(stance, "The material does not tell."),
                         "severity": None} for group in dict.fromkeys(ids)],
            "missed": []}


def _evidence(statements, prompt):
    """The place of the claim; of a claim without one, the first line of the change."""
    for statement in statements:
        place = _PLACE.match(statement["rest"])
        if place:
            return place["place"]
    for path, added in shown(prompt):
        if added:
            return f"{path}:{added[0][0]}"
    return ""


def verdicts(prompt, status):
    claims = fenced(prompt, "claims")
    statements = list(_STATEMENT.finditer(claims))
    rows = []
    for group in dict.fromkeys(_CLAIM.findall(claims)):
        own = [statement for statement in statements if statement["id"] == group]
        rows.append({"group": group, "status": status,
                     "members": [statement["label"] for statement in own] if status == "unsupported" else [],
                     "reason": "The lines shown say so.", "evidence": _evidence(own, prompt)})
    return {"verdicts": rows}


def synthesis(prompt, with_finding):
    return {"summary": "The panel read the change; what it found is listed with its places.",
            "recommendation": "comment" if with_finding else "approve"}


def _repaired(prompt):
    """The review that was not readable, as far as it is JSON; else one without findings."""
    found = re.search(r"\{.*\}", fenced(prompt, "answer"), re.DOTALL)
    try:
        return json.loads(found[0]) if found else {"verdict": "comment", "summary": "", "checked": [], "findings": []}
    except ValueError:
        return {"verdict": "comment", "summary": "", "checked": [], "findings": []}


def write(mode, prompt):
    if mode == "empty":
        return ""
    if mode == "prose":
        return "I looked at the change and it seems fine to me. Good work overall, nothing stands out."
    if mode == "refusal":
        return "I'm sorry, but I can't help with that request."
    if mode == "echo":
        return prompt
    phase = phase_of(prompt)
    if phase == "task":
        return "The task is done; there was nothing to change.\n"
    doubts = mode == "unsure"
    against = mode == "disagree"
    answer = {
        "review": lambda: review(prompt, with_finding=mode not in ("clean", "disagree", "unsure")),
        "repair": lambda: _repaired(prompt),
        "debate": lambda: stances(prompt, "unsure" if doubts else "disagree" if against else "agree"),
        "verify": lambda: verdicts(prompt, "needs_human" if doubts else "unsupported" if against else "verified"),
        "synthesis": lambda: synthesis(prompt, with_finding=mode != "clean"),
    }[phase]()
    return json.dumps(answer, ensure_ascii=False)
