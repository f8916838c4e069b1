"""Writes the answer that a reviewer would give to the prompt it was shown, in the project's contract."""
import json
import re

# How a prompt names a file: git's and plain diff headers, as they stand or behind a marker of the prompt's own.
_HEADERS = (
    re.compile(r'^(?:diff --git )"?a/.+?"? "?b/(?P<path>.+?)"?$'),
    re.compile(r'^\+\+\+ "?(?:b/)?(?P<path>[^"\t]+)"?'),
    re.compile(r"^(?:#+ |=+ )?[Ff]ile:? `?(?P<path>[^`\s][^`]*?)`?(?: \(.*\))?$"),
)
# A numbered line: "  42 + code".
_ADDED = re.compile(r"^\s*(?P<line>\d+) \+ ?(?P<code>.*)$")


def shown(prompt):
    """[(path, [(line number, added code)])] in the order shown."""
    files = {}
    current = None
    for line in prompt.splitlines():
        for header in _HEADERS:
            match = header.match(line)
            if match and match["path"] != "/dev/null":
                current = files.setdefault(match["path"], [])
        match = _ADDED.match(line)
        if match and current is not None:
            current.append((int(match["line"]), match["code"]))
    return list(files.items())


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
    return {
        "verdict": "comment" if findings else "approve",
        "summary": f"Read {len(files)} files and found {len(findings)} problems.",
        "checked": [path for path, _ in files],
        "findings": findings}


def write(mode, prompt):
    if mode == "empty":
        return ""
    if mode == "prose":
        return "I looked at the change and it seems fine to me. Good work overall, nothing stands out."
    if mode == "refusal":
        return "I'm sorry, but I can't help with that request."
    if mode == "echo":
        return prompt
    return json.dumps(review(prompt, with_finding=mode != "clean"), ensure_ascii=False)
