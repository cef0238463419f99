"""The generated page of data sources: licence and attribution of all data, of the demo snapshot and beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from fordel.demo.sources import sources as demo_sources

OTHER_SOURCES = Path(__file__).with_name("other_sources.toml")


def data_sources() -> str:
    """Licences and attributions of all data: the demo snapshot's own sources, then those that are in no snapshot."""
    parts = [
        "# Data sources, licences and attributions\n",
        "Fordel's code is under the Apache License 2.0 (`LICENSE`). The data it comes with, in `src/fordel/demo/data`, "
        "are not: each source keeps its own licence. Whoever passes on a snapshot, a report or a map made from them "
        "must name the sources with the words below; every report does so by itself. What is derived from "
        "OpenStreetMap is under the Open Database License: a changed or derived database must be shared alike. "
        "Synthetic means made up: it describes no real practice and no real person.\n",
    ]
    for source in demo_sources().iter_rows(named=True):
        synthetic = "**Synthetic.** " if source["synthetic"] else ""
        parts += [
            f"## {source['title']}\n",
            f"{synthetic}{source['note']}\n",
            f"- Attribution: {source['attribution']}",
            f"- Licence: {source['licence']}",
            f"- Describes: {source['vintage']}",
            f"- Used in: {source['tables']}\n",
        ]
    parts.append("---\n\nThe data below are in no snapshot: methods are shown and tested on them.\n")
    for source in other_sources():
        parts += [
            f"## {source['title']}\n",
            f"{source['note']}\n",
            f"- Attribution: {source['attribution']}",
            f"- Licence: {source['licence']}",
            f"- Describes: {source['vintage']}",
            f"- Kept in: {', '.join(f'`{folder}`' for folder in source['folders'])}\n",
        ]
    return "\n".join(parts)


def other_sources() -> list[dict[str, Any]]:
    """Data that only show or test a method."""
    found: list[dict[str, Any]] = tomllib.loads(OTHER_SOURCES.read_text(encoding="utf-8"))["source"]
    return found
