"""Run the benchmarks `bench_*.py`, or those named, and write their records and the page. Usage: run.py [ONLY]...

A benchmark is a module with ``TITLE``, ``ABOUT``, ``PACKAGES`` (whose versions to note) and ``cases()``.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from _case import Result, measure
from _page import RECORDS, page, shown

HERE = Path(__file__).resolve().parent


def processor() -> str:
    """Name the processor, as far as the system tells."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def run(name: str) -> list[Result]:
    """Measure every case of one benchmark and write its record."""
    module = importlib.import_module(f"bench_{name}")
    print(module.TITLE)
    results = []
    for case in module.cases():
        result = measure(case)
        ratio = f"{result.ratio:8.1f} x" if result.ratio is not None else ""
        wrong = "  DIFFERENT ANSWERS" if result.agrees is False else ""
        print(f"  {result.name[:34]:<34} {shown(result.seconds):>9} {ratio}  {result.peer_name}{wrong}", flush=True)
        results.append(result)
    write_record(name, module.TITLE, module.ABOUT, module.PACKAGES, results)
    return results


def write_record(name: str, title: str, about: str, packages: Iterable[str], results: list[Result]) -> None:
    """Write what was measured, where, and with which versions."""
    record = {
        "title": title,
        "about": about,
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()}",
        "versions": {"Python": platform.python_version(), **{p: version(p) for p in sorted({"fordel", *packages})}},
        "day": datetime.now(UTC).date().isoformat(),
        "cases": [result.as_dict() for result in results],
    }
    RECORDS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    (RECORDS / f"{name}.json").write_text(text, encoding="utf-8")


def main(asked: list[str]) -> int:
    """Run what was asked for; 1 when some case gave two answers, 2 when there is no such benchmark."""
    known = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    if unknown := sorted(set(asked) - set(known)):
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    results = [result for name in asked or known for result in run(name)]
    (RECORDS / "index.md").write_text(page(), encoding="utf-8")
    return 1 if any(result.agrees is False for result in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
