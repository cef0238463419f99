"""Take in files made up by number, and write how they ended, how long each took and how much memory.

Usage: fuzz_imports.py [FILES] [FIRST] [MINUTES]; `make fuzz FILES=100000` does it, for as long as it takes. One file
again, with its traceback: fuzz_imports.py --one NUMBER. Each process says which file it is at, so that one that is
killed by a file is noticed.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests")]
RECORD = ROOT / "docs" / "performance" / "fuzz" / "imports.json"
PAGE = ROOT / "docs" / "performance" / "imports.md"
PROCESSES = int(os.environ.get("FUZZ_PROCESSES", os.cpu_count() or 1))
AT_A_TIME = 2000  # files of a process
SHOWN = 20  # faults of ours that are printed
MIB = 2**20
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - names there are made up by tempfile
SOUND = ("read", "taken in")
PACKAGES = ("fordel", "polars", "python-calamine")


def work(first: int, end: int, step: int, until: float, log: Path) -> None:
    """Take in every ``step``-th file until a moment, and write a line before and after each."""
    from made_up_files import made_up
    from made_up_judged import judged

    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    with log.open("a", encoding="utf-8") as told:
        for number in range(first, end, step):
            if time.time() > until:
                break
            told.write(json.dumps({"begun": number}) + "\n")
            told.flush()
            file = made_up(number)
            (place := folder / "f").mkdir()
            started, before = time.perf_counter(), _memory(anew=True)
            fault = ""
            try:
                outcome = judged(file, place)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                outcome, fault = "traceback", "".join(traceback.format_exception(error)[-4:])
            seconds = time.perf_counter() - started
            mib = max(0.0, _memory() - before) / MIB
            line = {"number": number, "suffix": file.suffix, "size": len(file.content), "outcome": outcome}
            told.write(json.dumps({**line, "fault": fault, "seconds": seconds, "mib": mib}) + "\n")
            shutil.rmtree(place)
    shutil.rmtree(folder)


def _memory(*, anew: bool = False) -> float:
    """Give the most memory held since it was last asked for anew, in bytes; 0 where the system does not tell."""
    if not Path("/proc/self/clear_refs").exists():
        return 0.0
    if anew:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(float(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def run(files: int, first: int, until: float) -> list[dict[str, Any]]:
    """Let processes take in all files, some at a time; one that dies is followed by one that begins after that file."""
    if IN_MEMORY.is_dir():  # a disk would only be waited for
        os.environ["TMPDIR"] = str(IN_MEMORY)
    logs = Path(tempfile.mkdtemp(prefix="fuzz-logs-"))
    end, names = first + files, {n: logs / f"{n}.log" for n in range(PROCESSES)}
    running = {n: _started(first + n, end, until, log) for n, log in names.items()}
    while running:
        time.sleep(0.2)
        for n in [n for n, process in running.items() if process.poll() is not None]:
            following = _last(names[n]) + PROCESSES
            if following < end and time.time() < until:
                running[n] = _started(following, end, until, names[n])
            else:
                del running[n]
    lines = [json.loads(line) for log in names.values() for line in log.read_text(encoding="utf-8").splitlines()]
    shutil.rmtree(logs)
    ended = {line["number"]: line for line in lines if "number" in line}
    killed = [line["begun"] for line in lines if "begun" in line and line["begun"] not in ended]
    return [*ended.values(), *({"number": n, "suffix": "", "outcome": "killed"} for n in killed)]


def _started(first: int, end: int, until: float, log: Path) -> subprocess.Popen[bytes]:
    end = min(end, first + AT_A_TIME * PROCESSES)
    command = [sys.executable, __file__, "--work", str(first), str(end), str(PROCESSES), str(until), str(log)]
    return subprocess.Popen(
        command, env=os.environ | {"POLARS_MAX_THREADS": "1", "RUST_BACKTRACE": "0"}, stderr=subprocess.DEVNULL
    )


def _last(log: Path) -> int:
    """Give the file a process was at when it ended, or had ended with."""
    last: dict[str, int] = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    return last.get("begun", last.get("number", 0))


def summary(lines: list[dict[str, Any]], first: int) -> dict[str, Any]:
    """Count how files ended, and what they took, by their suffix."""
    from run import processor

    kept = [line for line in lines if line["outcome"] != "killed"]
    suffixes = sorted({line["suffix"] for line in kept})
    return {
        "files": len(lines),
        "first": first,
        "tracebacks": sum(line["outcome"] == "traceback" for line in lines),
        "killed": sum(line["outcome"] == "killed" for line in lines),
        "read": sum(line["outcome"] in SOUND for line in lines),
        "taken_in": sum(line["outcome"] == "taken in" for line in lines),
        "outcomes": dict(Counter(line["outcome"] for line in lines).most_common()),
        "by_suffix": {suffix: _of([line for line in kept if line["suffix"] == suffix]) for suffix in suffixes},
        "machine": f"{processor()}, {PROCESSES} cores, {platform.system()}",
        "versions": {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "day": datetime.now(UTC).date().isoformat(),
    }


def _of(lines: list[dict[str, Any]]) -> dict[str, Any]:
    seconds, mib = (sorted(line[name] for line in lines) for name in ("seconds", "mib"))
    middle, late = len(lines) // 2, len(lines) * 99 // 100
    return {
        "files": len(lines),
        "read": sum(line["outcome"] in SOUND for line in lines),
        "median_ms": round(seconds[middle] * 1000, 1),
        "p99_ms": round(seconds[late] * 1000, 1),
        "most_ms": round(seconds[-1] * 1000, 1),
        "p99_mib": round(mib[late], 1),
        "most_mib": round(mib[-1], 1),
    }


def write(record: dict[str, Any]) -> None:
    """Write the record and its page."""
    RECORD.parent.mkdir(parents=True, exist_ok=True)
    RECORD.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    rows = [
        f"| `{suffix}` | {of['files']:,} | {of['read']:,} | {of['median_ms']:,.0f} | {of['p99_ms']:,.0f} "
        f"| {of['most_ms']:,.0f} | {of['p99_mib']:,.0f} | {of['most_mib']:,.0f} |"
        for suffix, of in record["by_suffix"].items()
    ]
    PAGE.write_text(
        ABOUT.format(**record, rows="\n".join(rows), codes=len(record["outcomes"].keys() - SOUND)), encoding="utf-8"
    )


ABOUT = """<!-- Written by `make fuzz`; do not change by hand. -->

# Files made up by the hundred thousand

{files:,} files made up by number: registers, capacities, lists, areas, ceilings, decisions and stated maxima as
programs, people and enemies would hand them over. CSV in many encodings, separators and states of disrepair; .xlsx,
.ods and .xls written part by part with cells, places, sizes and entities that no program writes; Parquet with other
types; bytes flipped, files cut, repeated and renamed. Each is read as an import is, or refused in sentences of both
languages that the database can store. Of those without a fault of their own, one in forty goes all the way: to a
snapshot that is written and read again, or to what does not agree with the other tables. `make fuzz FILES=100000`
does it; some hundred of them are part of the test suite.

**Tracebacks: {tracebacks}. Processes ended by a file: {killed}.** {read:,} files were read without fault, of which
{taken_in:,} went all the way; the others were refused for {codes} different reasons.

| Suffix | Files | Read | Median, ms | 99 %, ms | Most, ms | Memory 99 %, MiB | Most, MiB |
|---|--:|--:|--:|--:|--:|--:|--:|
{rows}

Memory is what a file took beyond what the process held before. {machine}, other work included; measured {day}.
"""


def main() -> int:
    """Run, and fail where a file was neither taken in nor refused."""
    given = sys.argv[1:]
    if given[:1] == ["--work"]:
        first, end, step = map(int, given[1:4])
        work(first, end, step, float(given[4]), Path(given[5]))
        return 0
    if given[:1] == ["--one"]:
        from made_up_files import made_up
        from made_up_judged import judged

        print(judged(made_up(int(given[1])), Path(tempfile.mkdtemp())))
        return 0
    files, first, minutes = (*map(int, given), *(100_000, 0, 24 * 60)[len(given) :])[:3]
    lines = run(files, first, time.time() + minutes * 60)
    record = summary(lines, first)
    bad = [line for line in lines if line["outcome"] in ("traceback", "killed")]
    for line in bad[:SHOWN]:
        print(line["number"], line["suffix"], line["outcome"], line.get("fault", ""))
    print(
        f"{files:,} files: {record['tracebacks']} tracebacks, {record['killed']} killed, {record['taken_in']} taken in"
    )
    if not bad:
        write(record)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
