"""The page of results, made from the committed records alone."""

from __future__ import annotations

import json
import math
import statistics
from pathlib import Path
from typing import Any

RECORDS = Path(__file__).resolve().parents[1] / "docs" / "performance"
HEAD = """<!-- Written by `make bench`; do not change by hand. -->

# Performance

Each benchmark runs Fordel and a peer in one go, turn by turn on the same input, checks that both give the same answer,
and notes the median. A ratio above 1 means that the peer took longer, below 1 that Fordel did. No test depends on a
time. Run them with `make bench`, or one with `make bench ONLY=coverage`.
"""


def page() -> str:
    """Write the page: one table per record, with the machine and versions it was measured on."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RECORDS.glob("*.json"))]
    return HEAD + "".join(section(record) for record in records)


def section(record: dict[str, Any]) -> str:
    """Write one record as a table."""
    lines = [f"\n## {record['title']}\n\n{record['about']}\n\n"]
    lines.append("| What | Size | Fordel | Peer | Peer's time | Ratio | Same answer |\n|---|---|--:|---|--:|--:|---|\n")
    lines += [row(case) for case in record["cases"]]
    lines += growth(record["cases"])
    lines += memory(record["cases"])
    versions = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    lines.append(f"\n{record['machine']}; {versions}. Measured {record['day']}.\n")
    return "".join(lines)


def row(case: dict[str, Any]) -> str:
    """Write one case as a table row."""
    theirs = (
        [case["peer_name"], shown(case["peer_seconds"]), f"{case['ratio']:.1f}"] if case["peer_name"] else ["", "", ""]
    )
    agrees = {True: "yes", False: "**no**", None: ""}[case["agrees"]]
    return "| " + " | ".join([case["name"], case["size"], shown(case["seconds"]), *theirs, agrees]) + " |\n"


def growth(cases: list[dict[str, Any]]) -> list[str]:
    """Tell how seconds grow where one thing was measured on three sizes or more: the slope of a line through logs."""
    lines = []
    for name in dict.fromkeys(case["name"] for case in cases):
        same = [case for case in cases if case["name"] == name]
        if len(same) >= 3:
            sizes = [math.log(int(case["size"].split()[0].replace(",", ""))) for case in same]
            slope = statistics.linear_regression(sizes, [math.log(case["seconds"]) for case in same]).slope
            lines.append(f"\n{name[:1].upper()}{name[1:]}: seconds grow as the size to the power {slope:.2f}.\n")
    return lines


def memory(cases: list[dict[str, Any]]) -> list[str]:
    """Write processor seconds and peak memory of the cases whose sides ran in processes of their own."""
    apart = [case for case in cases if case.get("megabytes")]
    if not apart:
        return []
    lines = [
        "\nEach side in a process of its own: processor seconds of all cores, and peak memory above "
        "what the process held with its packages loaded.\n\n",
        "| What | Size | Fordel | | Peer | | |\n|---|---|--:|--:|---|--:|--:|\n",
    ]
    for case in apart:
        own = [shown(case["cpu_seconds"]), f"{case['megabytes']:.0f} MB"]
        peer = ["", "", ""]
        if case.get("peer_megabytes"):
            peer = [case["peer_name"], shown(case["peer_cpu_seconds"]), f"{case['peer_megabytes']:.0f} MB"]
        lines.append("| " + " | ".join([case["name"], case["size"], *own, *peer]) + " |\n")
    return lines


def shown(seconds: float) -> str:
    """Show a time with three digits that count."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
