"""Writes the answer that a reviewer would give to the prompt it was shown, in the project's contract."""
import json
import re

# The change is fenced in a prompt (src/guard/fence.h); a prompt without a fence is read as a whole.
_FENCE = re.compile(r"^<<<ASSIZE:change:(\w+)\n(.*?)^ASSIZE:change:\1>>>$", re.MULTILINE | re.DOTALL)
# As src/change/render.h shows it: "  42 + code".
_ADDED = re.compile(r"^ *(?P<line>\d+) \+ (?P<code>.*)$")


def _new_path(line):
    """The path in a line `diff --git a/PATH b/PATH`, which may hold spaces and even ` b/`."""
    both = line[len("diff --git "):]
    half = (len(both) - 1) // 2
    if both[2:half] == both[half + 3:]:
        return both[2:half]
    return both.rpartition(" b/")[2]


def shown(prompt):
    """[(path, [(line number, added code)])] in the order shown."""
    fenced = _FENCE.search(prompt)
    files = []
    for line in (fenced[2] if fenced else prompt).split("\n"):
        if line.startswith("diff --git a/"):
            files.append((_new_path(line), []))
            continue
        match = _ADDED.match(line)
        if match and files:
            files[-1][1].append((int(match["line"]), match["code"]))
    return files


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
