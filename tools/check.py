"""Run every check of the house, two at a time, and show all faults at once. Usage: check.py [--but STEP]..."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import house

ROOT = house.ROOT
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    """One check: its name and what runs it, giving what is wrong or nothing."""

    name: str
    run: Callable[[], str]


def command(*words: str) -> str:
    """Run a program of the virtual environment; give all it said when it failed."""
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = (done.stdout + done.stderr).strip()
    return "" if done.returncode == 0 else said or f"{words[0]} left with exit code {done.returncode}"


def docs() -> str:
    """Build the documentation strictly, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as site:
        return command("mkdocs", "build", "--quiet", "--strict", "--site-dir", site)


def rule_of_the_house(check: Callable[[], list[str]]) -> str:
    """Run one check of `house`; give its faults, one a line."""
    return "\n".join(check())


# Longest first, so that two workers finish at about the same time.
STEPS = (
    Step("tests", partial(command, "pytest", "-m", "not slow", "-n", "2")),
    Step("types", partial(command, "mypy")),
    Step("generated", partial(command, "python", "tools/generate.py", "--check")),
    Step("docs", docs),
    Step("floors", partial(command, "lint-imports", "--no-cache")),
    Step("format", partial(command, "ruff", "format", "--check")),
    Step("lint", partial(command, "ruff", "check")),
    *(Step(check.__name__.replace("_", " "), partial(rule_of_the_house, check)) for check in house.CHECKS),
)


def timed(step: Step) -> tuple[Step, str, float]:
    """Run one step and print its line as soon as it is done."""
    started = time.perf_counter()
    fault = step.run()
    seconds = time.perf_counter() - started
    print(f"{'FAIL' if fault else 'ok':>4}  {step.name:<14}{seconds:6.1f} s", flush=True)
    return step, fault, seconds


def main() -> int:
    """Run the steps that were not left out; 0 when all is well, 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [step.name for step in STEPS]
    parser.add_argument("--but", action="append", default=[], choices=names, help="leave a step out")
    parser.add_argument("--only", action="append", default=[], choices=names, help="run only this step")
    asked = parser.parse_args()
    steps = [s for s in STEPS if s.name not in asked.but and (not asked.only or s.name in asked.only)]
    started = time.perf_counter()
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(timed, steps))
    faults = [(step.name, fault) for step, fault, _ in results if fault]
    for name, fault in faults:
        print(f"\n--- {name} ---\n{fault}")
    verdict = f"{len(faults)} of {len(steps)} checks failed" if faults else f"All {len(steps)} checks are clean"
    print(f"\n{verdict} ({time.perf_counter() - started:.0f} s).")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
