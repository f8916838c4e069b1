#!/usr/bin/env python3
"""A checker that finds nothing wrong with anything would be no proof: each of these outcomes breaks one promise."""
import copy
import importlib.machinery
import importlib.util
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
_LOADER = importlib.machinery.SourceFileLoader("check", str(Path(__file__).resolve().parent / "check"))
check = importlib.util.module_from_spec(importlib.util.spec_from_loader("check", _LOADER))
_LOADER.exec_module(check)


def agent(name, **changes):
    return {"agent": name, "role": "reviewer", "valid": True, "status": "clean", "chair_only": False, "available": True,
            "optional": False, **changes}


def verdict(who, status, **changes):
    return {"group": "G1", "agent": who, "status": status, "task": "check", "raiser": False, "evidence_anchored": True, **changes}


# ann raised a critical problem; bob and cid refuted it.
REFUTED = {
    "decision": {"value": "PASS", "rule": "all_clear", "exit": 0, "fail_on": ["critical", "high"], "trace": [
        {"rule": rule, "fired": rule == "all_clear", "reason": "", "groups": []} for rule in (
            "blocking_group", "not_reviewed_enough", "unverified_blocking_group", "unreviewed_risky", "some_agents_failed",
            "all_clear")]},
    "verification": True,
    "panel": [agent("ann"), agent("bob"), agent("cid")],
    "findings": [{"id": "ann-1", "agent": "ann", "category": "bug"}],
    "groups": [{"id": "G1", "severity": "critical", "status": "unsupported", "anchored": True, "members": ["ann-1"],
                "support": ["ann"], "against": [], "split_from": None, "agreement": {"level": "single"}}],
    "verdicts": [verdict("bob", "unsupported"), verdict("cid", "unsupported")],
    "stances": []}


class Sound(unittest.TestCase):
    def wrong(self, change):
        outcome = copy.deepcopy(REFUTED)
        change(outcome)
        return list(check.sound(outcome))

    def test_a_sound_outcome_is_sound(self):
        self.assertEqual(self.wrong(lambda outcome: None), [])

    def test_each_broken_promise_is_told(self):
        def status(word):
            return lambda outcome: outcome["groups"][0].update(status=word)

        def decide(value, rule, last):
            def change(outcome):
                del outcome["decision"]["trace"][last + 1:]
                outcome["decision"]["trace"][last].update(fired=True, groups=["G1"])
                outcome["decision"].update(value=value, rule=rule, exit={"FAIL": 1, "PASS": 0}[value])
            return change

        broken = {
            "unverified and passed": status("unverified"),
            "disputed and passed": status("disputed"),
            "verified by nobody": status("verified"),
            "refuted by one": lambda outcome: outcome["verdicts"].pop(),
            "refuted twice by one": lambda outcome: outcome["verdicts"][1].update(agent="bob"),
            "refuted by nobody": lambda outcome: outcome["verdicts"].clear(),
            "without evidence": lambda outcome: outcome["verdicts"][0].update(evidence_anchored=False),
            "still supported by as many": lambda outcome: outcome["groups"][0].update(support=["ann", "dan"]),
            "passed over silence": lambda outcome: outcome["panel"][2].update(valid=False, status="unavailable"),
            "silence against": lambda outcome: (outcome["groups"][0].update(against=["cid"]),
                                                outcome["panel"][2].update(valid=False, status="unavailable")),
            "a verdict on nothing": lambda outcome: outcome["verdicts"].append(verdict("bob", "verified", group="G9")),
            "an analyser's verdict": lambda outcome: outcome["panel"][1].update(role="analyser"),
            "a stance on nothing": lambda outcome: outcome["stances"].append({"group": "G9", "agent": "bob"}),
            "a raiser told as none": lambda outcome: outcome["verdicts"].append(verdict("ann", "needs_human")),
            "failed for a refuted group": decide("FAIL", "blocking_group", 0),
            "rules out of order": lambda outcome: outcome["decision"]["trace"].reverse(),
            "two rules fired": lambda outcome: outcome["decision"]["trace"][0].update(fired=True),
            "another rule than the trace's": lambda outcome: outcome["decision"].update(rule="some_agents_failed"),
            "an exit code of another decision": lambda outcome: outcome["decision"].update(exit=3),
        }
        for what, change in broken.items():
            with self.subTest(what):
                self.assertTrue(self.wrong(change))


if __name__ == "__main__":
    unittest.main()
