"""Find what changed the numbers from one run to another: the plan is made again, one ingredient at a time."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from procrastinate.contrib.django import app

from fordel.law import LawError
from fordel.runs.compare import NotComparable, recipe_of, waterfall
from fordel.runs.record import BadRun, read_run
from fordel.runs.waterfalls import read_waterfall, write_waterfall
from fordel.stores import BadInput, read_snapshot
from fordel.web.comparisons import actions
from fordel.worker.told import reason_of

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from fordel.web.comparisons.models import Comparison

EXPECTED = (LawError, BadInput, BadRun, OSError)  # each says what is wrong in a sentence


@app.task(name=actions.TASK, queue="runs")
def find_causes(*, comparison_id: int) -> None:
    """Make a comparison, unless it is over. May be begun again at any point."""
    made = actions.begin(comparison_id, at=timezone.now())
    if made is None:
        return
    try:
        _make(made)
    except NotComparable as error:
        actions.refuse(comparison_id, error.reason, str(error), at=timezone.now())
    except DatabaseError:
        raise  # the comparison stays as it is: the next worker begins it again
    except Exception as error:
        said = reason_of(error)
        actions.refuse(comparison_id, "", said.english, said.danish, at=timezone.now())
        if not isinstance(error, EXPECTED):
            raise
    else:
        actions.finish(comparison_id, at=timezone.now())


def _make(made: Comparison) -> None:
    """Write the table of a comparison; what a killed worker wrote of it is kept where it is whole."""
    folder = settings.HOME / made.folder
    pair = {"before": made.before_id, "after": made.after_id}
    if not _whole(folder, pair):
        shutil.rmtree(folder, ignore_errors=True)
        write_waterfall(_steps(made), folder, **pair)


def _whole(folder: Path, pair: dict[str, str]) -> bool:
    try:
        read_waterfall(folder, **pair)
    except (BadRun, OSError):
        return False
    return True


def _steps(made: Comparison) -> pl.DataFrame:
    old, new = made.before, made.after
    tables = read_snapshot(settings.HOME / old.snapshot.folder)
    same = old.snapshot_id == new.snapshot_id
    newer = tables if same else read_snapshot(settings.HOME / new.snapshot.folder)
    start = recipe_of(read_run(settings.HOME / old.folder), tables)
    return waterfall(start, recipe_of(read_run(settings.HOME / new.folder), newer))
