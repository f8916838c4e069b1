# A thousand files, 5 MB of new code, and one bug at the very end.
git init --quiet --initial-branch main
mkdir src
python3 - "$AGENTS" <<'END'
import json, sys
names = [f"src/part{number // 50:02}/file{number:04}.c" for number in range(1000)]
from pathlib import Path
for name in names:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("int before;\n")
answer = {"verdict": "approve", "summary": "Fine.", "checked": names, "findings": []}
Path(sys.argv[1], "clean").write_text(json.dumps(answer))
bug = {"severity": "critical", "category": "bug", "title": "Division by zero in total()", "file": names[-1], "line": 90,
       "end_line": None, "quote": "int total(int sum) { return sum / 0; }", "detail": "total() divides by 0 and stops the program.",
       "fix": "Divide by the count.", "confidence": 0.9}
Path(sys.argv[1], "bug").write_text(json.dumps({**answer, "verdict": "request_changes", "findings": [bug]}))
verdict = {"group": "G1", "status": "verified", "members": [], "reason": "It divides by 0.", "evidence": names[-1] + ":90"}
Path(sys.argv[1], "verified").write_text(json.dumps({"verdicts": [verdict]}))
END
git add --all
git commit --quiet -m Base
python3 - <<'END'
from pathlib import Path
for number, path in enumerate(sorted(Path("src").rglob("*.c"))):
    lines = [f"int value_{number:04}_{line:02} = update(table[{line:02}], {number * 31 % 997:03});  // kept sorted" for line in range(88)]
    path.write_text("\n".join(["int before;"] + lines + ["int total(int sum) { return sum / 0; }" if number == 999 else "// end"]) + "\n")
END
