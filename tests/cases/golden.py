"""Compares what a program printed with what a case expects. Pure.

What changes from run to run is replaced first (normalise). In an expected text, `[..]` stands for anything within a line and
a line that is only `...` for any number of lines."""
import difflib
import json
import re

_VOLATILE = [  # applied in order
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"), "[DATE]"),
    (re.compile(r"\b\d{8}-\d{6}-[0-9a-z]{4,}\b"), "[RUN]"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "[SHA256]"),
    (re.compile(r"\b[0-9a-f]{40}\b"), "[SHA1]"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "[NONCE]"),
    (re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?: ?ms| ?s|m ?\d+ ?s)\b"), "[TIME]"),
    (re.compile(r'("(?:\w+_)?(?:ms|seconds)": ?)\d+(?:\.\d+)?'), r"\1[TIME]"),
    (re.compile(r'("seed": ?)\d+'), r"\1[SEED]"),
    (re.compile(r"\bassize \d+\.\d+\.\d+\S*"), "assize [VERSION]"),
]


def normalise(text, roots):
    """roots: {absolute path: name}; the longest path wins."""
    for path in sorted(roots, key=len, reverse=True):
        text = text.replace(path, roots[path])
    for pattern, name in _VOLATILE:
        text = pattern.sub(name, text)
    return text


def _line_matches(expected, actual):
    if "[..]" not in expected:
        return expected == actual
    return re.fullmatch(".*".join(re.escape(part) for part in expected.split("[..]")), actual) is not None


def matches(expected, actual):
    """Both are lists of lines. Linear in their product at worst: states are the positions in `expected`."""
    states = {0}

    def closure(positions):
        positions = set(positions)
        for position in sorted(positions):
            while position < len(expected) and expected[position] == "...":
                position += 1
                positions.add(position)
        return positions

    states = closure(states)
    for line in actual:
        following = set()
        for position in states:
            if position >= len(expected):
                continue
            if expected[position] == "...":
                following.add(position)
            elif _line_matches(expected[position], line):
                following.add(position + 1)
        states = closure(following)
    return len(expected) in states


def difference(name, expected, actual):
    """Nothing when it matches, else the lines of a diff."""
    if matches(expected.splitlines(), actual.splitlines()):
        return []
    return list(difflib.unified_diff(expected.splitlines(), actual.splitlines(), f"expected {name}", f"actual {name}",
                                     lineterm=""))


def _at(document, pointer):
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list) and "=" in part:  # /panel/id=claude: the item with that member
            key, value = part.split("=", 1)
            document = next(item for item in document if str(item.get(key)) == value)
        elif isinstance(document, list):
            document = document[int(part)]
        else:
            document = document[part]
    return document


def _parts(line):
    """A pointer may hold spaces: the value begins at the last ` ` that leaves something readable behind it."""
    for mark in (" ~ ", " # "):
        if mark in line:
            pointer, _, rest = line.partition(mark)
            return pointer, mark[1:] + rest
    for position in (index for index, character in enumerate(line) if character == " "):
        try:
            json.loads(line[position + 1:])
        except ValueError:
            continue
        return line[:position], line[position + 1:]
    raise ValueError(f"not an assertion: {line}")


def failed_assertions(lines, text):
    """Each line is `POINTER JSON`, `POINTER ~ REGEX`, or `POINTER # COUNT`; text is the JSON document."""
    try:
        document = json.loads(text)
    except ValueError as error:
        return [f"standard output is not JSON: {error}"]
    problems = []
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        pointer, wanted = _parts(line.strip())
        try:
            value = _at(document, "" if pointer == "/" else pointer)
        except (KeyError, IndexError, StopIteration, TypeError, ValueError):
            problems.append(f"{pointer}: not there; wanted {wanted}")
            continue
        if wanted.startswith("~ "):
            good = re.search(wanted[2:], value if isinstance(value, str) else json.dumps(value)) is not None
        elif wanted.startswith("# "):
            good = len(value) == int(wanted[2:])
        else:
            good = value == json.loads(wanted)
        if not good:
            problems.append(f"{pointer}: wanted {wanted}, is {json.dumps(value, ensure_ascii=False)[:300]}")
    return problems
