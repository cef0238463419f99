"""Write the generated pages of the documentation, or with --check tell which are out of date."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable
from pathlib import Path

import pages

DOCS = Path(__file__).resolve().parents[1] / "docs"
NOTICE = "<!-- Written by `make generate`; do not change by hand. -->\n\n"
PAGES: dict[str, Callable[[], str]] = {
    "reference/snapshot-tables.md": pages.snapshot_tables,
    "reference/run-tables.md": pages.run_tables,
    "reference/rules.md": pages.rules,
    "reference/parameters.md": pages.parameters,
    "reference/command-line.md": pages.command_line,
    "glossary.md": pages.glossary,
}


def stale(name: str, content: str) -> str:
    """Show how the committed page differs from what the code says now; nothing when it does not."""
    path = DOCS / name
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    changes = list(
        difflib.unified_diff(committed.splitlines(), content.splitlines(), "committed", "now", lineterm="", n=0)
    )
    shown = "\n".join(changes[2:12])
    return f"docs/{name} is out of date; run `make generate`.\n{shown}" if changes else ""


def main() -> int:
    """Write or check every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a page is out of date")
    check = parser.parse_args().check
    faults: list[str] = []
    for name, page in PAGES.items():
        content = NOTICE + page()
        if check:
            faults += filter(None, [stale(name, content)])
        else:
            (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
            (DOCS / name).write_text(content, encoding="utf-8", newline="\n")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
