"""Write the generated pages of the documentation, or with --check tell which are out of date."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable
from pathlib import Path

import api_page
import attribution
import pages
import states
import web_pages

ROOT = Path(__file__).resolve().parents[1]
NOTICE = "<!-- Written by `make generate`; do not change by hand. -->\n\n"
PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/snapshot-tables.md": pages.snapshot_tables,
    "docs/reference/run-tables.md": pages.run_tables,
    "docs/reference/rules.md": pages.rules,
    "docs/reference/parameters.md": pages.parameters,
    "docs/reference/field-rules.md": pages.field_rules,
    "docs/reference/capacity-states.md": states.capacity_states,
    "docs/reference/command-line.md": pages.command_line,
    "docs/reference/data-sources.md": attribution.data_sources,
    "docs/explanation/web-pages.md": web_pages.web_pages,
    "docs/reference/api.md": api_page.api,
    "docs/glossary.md": pages.glossary,
    "ATTRIBUTION.md": attribution.data_sources,
}


def stale(name: str, content: str) -> str:
    """Show how the committed page differs from what the code says now; nothing when it does not."""
    path = ROOT / name
    committed = path.read_text(encoding="utf-8") if path.exists() else ""
    changes = list(
        difflib.unified_diff(committed.splitlines(), content.splitlines(), "committed", "now", lineterm="", n=0)
    )
    shown = "\n".join(changes[2:12])
    return f"{name} is out of date; run `make generate`.\n{shown}" if changes else ""


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
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(content, encoding="utf-8", newline="\n")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
