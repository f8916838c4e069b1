"""The vocabulary of the scenario table, and how a row becomes a folder that tests/cases/run can run. Pure but for write()."""
import copy
import json
from dataclasses import dataclass, field
from pathlib import Path

# What the prompt of each phase holds and no other's does.
PHASES = {
    "review": "You are one of several independent reviewers",
    "repair": "Your review of a code change was received",
    "debate": "# What to settle",
    "verify": "# Claims to check",
    "synthesis": "# What was found",
}


# -- what agents say ---------------------------------------------------------------------------------------------------

class Finding(dict):
    def but(self, **changes):
        return Finding({**copy.deepcopy(self), **changes})


def finding(severity, path, line, quote, title, detail, category="bug"):
    return Finding(severity=severity, category=category, title=title, file=path, line=line, end_line=line, quote=quote,
                   detail=detail, fix="Mend it.", confidence=0.9)


def review(*findings, verdict=None, checked=None):
    """A review in the contract. Without `verdict` it is what goes with the findings; `checked`: all files of the change."""
    if verdict is None:
        serious = any(item["severity"] in ("critical", "high") for item in findings)
        verdict = "request_changes" if serious else "comment" if findings else "approve"
    return {"verdict": verdict, "summary": f"{len(findings)} problems.", "checked": checked, "findings": list(findings)}


def stance(group, value, severity=None, reason="I read the code again."):
    return {"group": group, "stance": value, "reason": reason, "severity": severity}


def agree(group, severity=None):
    return stance(group, "agree", severity)


def disagree(group):
    return stance(group, "disagree")


def debate(*stances, missed=()):
    return {"stances": list(stances), "missed": list(missed)}


def verdict(group, status, evidence=None, members=()):
    return {"group": group, "status": status, "members": list(members), "reason": "I read the lines.", "evidence": evidence}


def verified(group, evidence="src/queue.c:3"):
    return verdict(group, "verified", evidence)


def unsupported(group, evidence="src/queue.c:3", members=()):
    """Without `members` it is the form for a group of one: its only member."""
    return verdict(group, "unsupported", evidence, members or [f"{group}.1"])


def needs_human(group):
    return verdict(group, "needs_human")


def check(*verdicts):
    return {"verdicts": list(verdicts)}


def synthesis(text, recommendation):
    return {"summary": text, "recommendation": recommendation}


class Do(str):
    """Steps of the fake agent instead of an answer."""


CRASH = Do("signal 11")
FAIL = Do("stderr it broke\\n; exit 7")
SILENT = Do("exit 0")
HANG = Do("hang")


@dataclass
class Agent:
    """What it does when it is asked, phase by phase. An answer is text, or an object that becomes JSON; or a Do. A phase that
    is not named is answered, and says nothing: a clean review, no stances, no verdicts."""
    review: object = None
    debate: object = None
    verify: object = None
    synthesis: object = None
    repair: object = None
    kind: str = "command"
    model: str = ""
    settings: dict = field(default_factory=dict)  # more keys of its section
    script: str = ""                              # instead of all of the above; `@AGENTS@` is where `files` are
    files: dict = field(default_factory=dict)
    missing: bool = False                         # its program is not installed


_NOTHING = {"review": review(), "debate": debate(), "verify": check(), "repair": "NONE",
            "synthesis": synthesis("The reviews are summed up here.", None)}


# -- rows --------------------------------------------------------------------------------------------------------------

@dataclass
class Change:
    before: dict
    after: dict


@dataclass
class Scenario:
    name: str
    what: str                    # the rule of the specification that it is about
    agents: dict
    decision: str
    rule: str
    groups: dict = field(default_factory=dict)   # id -> status, all of them
    because: tuple = ()                          # ids of the groups that the rule names
    exit: int = None                             # when it is not the decision's own
    change: str = "queue"
    panel: dict = field(default_factory=dict)    # [panel] of the config
    sections: dict = field(default_factory=dict)  # other sections of it
    options: str = ""                            # more of the command line
    asked: dict = field(default_factory=dict)    # "agent.phase" -> number of calls
    fields: tuple = ()                           # assertions on the JSON, as in a case's `json`
    warns: tuple = ()                            # regular expressions, each for some warning
    says: tuple = ()                             # regular expressions that the whole JSON holds
    never: tuple = ()                            # ... does not hold
    setup: str = ""                              # shell, before the run; in the repository


ANALYSERS = ("lint", "tool")  # these find by rule, and are asked nothing else
EXITS = {"PASS": 0, "PARTIAL": 0, "FAIL": 1, "INCONCLUSIVE": 3, "ESCALATE": 4}


def _toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return str(value)


def _text_of(answer, all_files):
    if isinstance(answer, str):
        return answer
    if isinstance(answer, dict) and answer.get("checked", ()) is None:
        answer = {**answer, "checked": all_files}
    return json.dumps(answer, indent=1)


def _script(name, agent, folder, all_files):
    """The fake agent's lines for one agent; its answers go into files."""
    if agent.script:
        for file, answer in agent.files.items():
            (folder / file).write_text(_text_of(answer, all_files))
        return agent.script.replace("@AGENTS@", "@CASE@/agents")
    lines = []
    for phase, mark in PHASES.items():
        answer = getattr(agent, phase)
        answer = _NOTHING[phase] if answer is None else answer
        if isinstance(answer, Do):
            steps = str(answer)
        else:
            file = f"{name}.{phase}"
            (folder / file).write_text(_text_of(answer, all_files))
            steps = f"answer @CASE@/agents/{file}"
        lines.append(f'when "{mark}" count @ROOT@/asked.{name}.{phase}; {steps}')
    return "\n".join(lines)


def write(scenario, change, folder, check_program):
    """Makes the folder of one case."""
    agents = folder / "agents"
    agents.mkdir(parents=True)
    for side, files in (("repo", change.before), ("after", change.after)):
        for path, text in files.items():
            target = folder / side / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    all_files = sorted(path for path, text in change.after.items() if change.before.get(path) != text)

    config = ["[panel]", f"agents = {_toml(list(scenario.agents))}"]
    config += [f"{key} = {_toml(value)}" for key, value in scenario.panel.items()]
    for section, values in scenario.sections.items():
        config += [f"[{section}]"] + [f"{key} = {_toml(value)}" for key, value in values.items()]
    for name, agent in scenario.agents.items():
        config += [f"[agents.{name}]", f"kind = {_toml(agent.kind)}"]
        if agent.kind in ANALYSERS:
            continue
        script = _script(name, agent, agents, all_files)
        if agent.model:
            config.append(f"model = {_toml(agent.model)}")
        if agent.kind == "command":
            program = "no-such-program" if agent.missing else "fake-agent"
            note = "# as {model}\n" if agent.model else ""  # a command must say where its model goes
            config.append(f"command = [{_toml(program)}, '''{note}{script}''']")
        else:
            if agent.missing:
                config.append('command = ["no-such-program"]')
            config += ['api_key_env = "KEY"', f"env = {{ FAKE_AGENT = '''{script}''' }}"]
        config += [f"{key} = {_toml(value)}" for key, value in agent.settings.items()]
    (folder / "config.toml").write_text("\n".join(config) + "\n")

    code = EXITS[scenario.decision] if scenario.exit is None else scenario.exit
    (folder / "exit").write_text(f"{code}\n")
    (folder / "expected.json").write_text(json.dumps({
        "decision": scenario.decision, "rule": scenario.rule, "exit": code, "groups": scenario.groups,
        "because": list(scenario.because), "asked": scenario.asked, "fields": list(scenario.fields),
        "warns": list(scenario.warns), "says": list(scenario.says), "never": list(scenario.never)}, indent=1))
    vendors = any(agent.kind not in ("command", *ANALYSERS) for agent in scenario.agents.values())
    (folder / "cmd").write_text(
        f"# {scenario.what}\n" + ("vendors\nexport KEY=dummy\n" if vendors else "") + scenario.setup +
        f'assize review --config "$CONFIG" --quiet --format json --retries 0 {scenario.options} > "$ROOM/outcome.json"\n'
        f'code=$?\n"{Path(check_program)}" "$ROOM" "$CASE/expected.json"\nexit $code\n')
