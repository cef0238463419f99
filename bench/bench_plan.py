"""The whole plan of the demo, step by step: no peer does this, so only our own time is noted."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from _case import Case

from fordel.demo import make_snapshot
from fordel.law import Lawbook
from fordel.plan import make_plan
from fordel.professions import GP
from fordel.publish.report import write_report
from fordel.runs.execute import execute
from fordel.runs.record import read_run, write_run
from fordel.stores import read_snapshot, write_snapshot

TITLE = "A plan of all of Denmark"
ABOUT = (
    "Every step from the shipped open data to the report, on the demo snapshot: 98 municipalities, 5,837,213 people in "
    "1-km cells, synthetic practices and lists. There is no peer to compare with."
)
PACKAGES = ("dataframely", "polars")
DAY = date(2026, 2, 1)


def afresh(folder: Path) -> Path:
    """Give the folder, empty: what is written before is not to be found again."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def cases() -> Iterator[Case]:
    """The steps of `fordel demo make`, and the exports."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        tables = make_snapshot()
        size = f"{sum(frame.height for frame in tables.frames().values()):,} rows"
        yield Case("make the demo snapshot", size, make_snapshot, repeat=3)
        yield Case("write the snapshot", size, lambda: write_snapshot(tables, afresh(place / "snapshot")), repeat=3)
        yield Case("read and check the snapshot", size, partial(read_snapshot, place / "snapshot"), repeat=3)
        law = Lawbook.shipped().on(DAY)
        yield Case("compute the plan", size, partial(make_plan, law, tables, GP))
        run = execute(tables, day=DAY)
        size = f"{sum(frame.height for frame in run.frames().values()):,} rows"
        yield Case("write the run", size, lambda: write_run(run, afresh(place / "run")))
        yield Case("read the run, checksums verified", size, partial(read_run, place / "run"))
        yield Case("write the report", size, lambda: write_report(run, afresh(place / "report")), repeat=3)
