#!/usr/bin/env python3
"""Turns a dump of counters into a table."""
import sys


def read_dump(path):
    counters = {}
    with open(path, encoding="utf-8") as dump:
        for line in dump:
            name, _, value = line.partition(" ")
            counters[name] = int(value)
    return counters


def table(counters):
    width = max((len(name) for name in counters), default=0)
    return "\n".join(f"{name:<{width}} {value:>8}" for name, value in sorted(counters.items()))


if __name__ == "__main__":
    print(table(read_dump(sys.argv[1])))
