"""The house rules that no off-the-shelf linter knows: sizes, lock files, machine paths, changelog, floors of text.

Each check gives a list of faults, one sentence each; an empty list means the rule is kept.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
FUNCTION_LINES, MEDIAN_LINES, FILE_LINES = 40, 12, 300
FRAGMENT = re.compile(r"[+a-z0-9-]+\.(feature|bugfix|doc|removal|misc|law)\.md")
HOST = re.compile(r"https?://|--(extra-)?index-url|--find-links|\S+ @ ")
# Absolute paths of somebody's machine. Text that shows a path uses a relative one.
MACHINE_PATH = re.compile(r"(?<![\w.$}-])/(?:home|Users|root|work)/[\w.-]+")
TEXT_SUFFIXES = {".cfg", ".css", ".csv", ".html", ".js", ".json", ".lock", ".md", ".py", ".sh", ".toml", ".txt", ".yml"}


def tracked_files() -> list[Path]:
    """List the files of the project: those git knows or would add; outside git, all but hidden folders and builds."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        found = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    else:
        hidden = ("/.", "/site/", "/out/", "/build/", "/dist/", "__pycache__")
        found = [p for p in ROOT.rglob("*") if not any(part in f"/{p.relative_to(ROOT)}" for part in hidden)]
    return sorted(p for p in found if p.is_file())


def sizes() -> list[str]:
    """Functions of at most 40 lines with a median of 12, files of at most 300. Docstrings of functions do not count."""
    faults, lengths = [], []
    for path in (p for p in tracked_files() if p.suffix == ".py"):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT)
        if (lines := text.count("\n")) > FILE_LINES:
            faults.append(f"{name} has {lines} lines; split it so that no file has more than {FILE_LINES}.")
        for function, length in function_lengths(text):
            lengths.append(length)
            if length > FUNCTION_LINES:
                faults.append(f"{name}: {function} has {length} lines; at most {FUNCTION_LINES}.")
    if lengths and median(lengths) > MEDIAN_LINES:
        faults.append(f"The median function has {median(lengths)} lines; at most {MEDIAN_LINES}.")
    return faults


def function_lengths(text: str) -> list[tuple[str, int]]:
    """Give each function's name and its lines from ``def`` to its end, its docstring left out."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
            own = (doc.end_lineno or 0) - doc.lineno + 1 if doc else 0
            found.append((node.name, (node.end_lineno or 0) - node.lineno + 1 - own))
    return found


def locks() -> list[str]:
    """Lock files name no host, and every package in them has a hash."""
    faults = []
    for path in (p for p in tracked_files() if p.suffix == ".lock"):
        name = path.relative_to(ROOT)
        text = path.read_text(encoding="utf-8")
        faults += [
            f"{name}:{number} names a place to download from; run `make lock`."
            for number, line in enumerate(text.splitlines(), start=1)
            if HOST.search(line)
        ]
        faults += [f"{name}: {pin} has no hash; run `make lock`." for pin in pins_without_hash(text)]
    return faults


def pins_without_hash(lock: str) -> list[str]:
    """List the pins of a requirements lock that no ``--hash`` follows."""
    joined = lock.replace("\\\n", " ")
    return [line.split()[0] for line in joined.splitlines() if line.strip(" #") and "--hash=sha256:" not in line]


def machine_paths() -> list[str]:
    """No file of the project names a path of the machine it was written on."""
    faults = []
    for path in (p for p in tracked_files() if p.suffix in TEXT_SUFFIXES or not p.suffix):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # not text after all: nothing a reader would see
        faults += [
            f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, hit.start()) + 1} names a path of one machine: {hit[0]}"
            for hit in MACHINE_PATH.finditer(text)
        ]
    return faults


def changelog() -> list[str]:
    """Fragments are well named, not empty, and there is one whenever the package changed since the last release."""
    folder = ROOT / "changelog.d"
    fragments = sorted(p for p in folder.glob("*.md") if p.name != "README.md")
    faults = [
        f"changelog.d/{p.name} is not named like `what-changed.feature.md` ({FRAGMENT.pattern})."
        for p in fragments
        if not FRAGMENT.fullmatch(p.name)
    ]
    faults += [f"changelog.d/{p.name} is empty." for p in fragments if not p.read_text(encoding="utf-8").strip()]
    if not fragments and package_changed_since("CHANGELOG.md"):
        faults.append("src/fordel changed since the last release; write a fragment in changelog.d/ (see its README).")
    return faults


def package_changed_since(mark: str) -> bool:
    """Whether the package was committed to after ``mark`` was last committed; False outside git."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    last = git("log", "-1", "--format=%H", "--", mark)
    return bool(last and git("log", "-1", "--format=%H", f"{last}..HEAD", "--", "src/fordel"))


CHECKS = (sizes, locks, machine_paths, changelog)
