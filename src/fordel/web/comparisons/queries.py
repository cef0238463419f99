"""What a person sees of two runs beside each other: their own areas and practices, rounded so that steps add up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl
from django.conf import settings

from fordel.publish.formats import danish_order
from fordel.runs.differences import LEVELS, compare
from fordel.runs.record import columns
from fordel.runs.waterfalls import INGREDIENTS, KEPT, BadRun, read_waterfall
from fordel.web.comparisons.models import Comparison
from fordel.web.jobs.work import State
from fordel.web.runs.queries import all_runs, run_for, tables_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from fordel.web.runs.queries import Seen

TABLES = {level: "practices" if level == "practice" else "areas" for level in LEVELS}
USUAL = {"areas": "headroom", "practices": "closing_minimum"}
ZERO = Decimal(0)


@dataclass(frozen=True)
class View:
    """What of a comparison is asked for: a level of areas or the practices, and one of their numbers."""

    level: str
    number: str

    @property
    def table(self) -> str:
        """The table of runs in which the number stands."""
        return TABLES[self.level]

    @property
    def decimals(self) -> int:
        """How many decimals the number is shown with."""
        return columns()[self.table][self.number].decimals or 0


@dataclass(frozen=True)
class Row:
    """How one number of one area or practice went from one run to the other.

    Attributes:
        status: ``both``, ``new`` or ``ended``.
        before, after: the number, rounded as it is shown.
        steps: what each ingredient changed, or the one change; ``before`` and all of them give ``after``.
    """

    known_as: str
    name: str
    status: str
    before: Decimal
    steps: tuple[Decimal, ...]
    after: Decimal

    @property
    def moved(self) -> Decimal:
        """How much was changed in all, up and down."""
        return sum((abs(step) for step in self.steps), ZERO)


@dataclass(frozen=True)
class Causes:
    """Two runs as one person sees them.

    Attributes:
        before, after: the runs.
        made: whether somebody asked what changed the numbers, and how far that is; None where nobody has.
        steps: the columns between before and after: the ingredients, or ``change`` where they are not known.
        frame: the rows of the areas and practices the person sees, numbers exact.
    """

    before: Seen
    after: Seen
    made: Comparison | None
    steps: tuple[str, ...]
    frame: pl.DataFrame

    def rows(self, view: View) -> list[Row]:
        """Give the rows of a level whose number changed, most changed first; then in Danish order of names."""
        asked = self.frame.filter(level=view.level, number=view.number)
        found = [_rounded(row, self.steps, view.decimals) for row in asked.to_dicts()]
        changed = [row for row in found if row.moved]
        return sorted(changed, key=lambda row: (-row.moved, danish_order(row.name), row.known_as))

    def row_of(self, view: View, known_as: str) -> Row | None:
        """Give the row of one area or practice that the person sees; None where there is none."""
        asked = self.frame.filter(number=view.number, known_as=known_as, table=view.table)
        return _rounded(asked.row(0, named=True), self.steps, view.decimals) if asked.height == 1 else None

    def exact(self, view: View) -> pl.DataFrame:
        """Give the rows that ``rows`` gives, in its order, with all their decimals."""
        order = pl.DataFrame({"known_as": [row.known_as for row in self.rows(view)]}, {"known_as": pl.String})
        asked = self.frame.filter(level=view.level, number=view.number)
        return order.join(asked, on="known_as", how="left", maintain_order="left").with_columns(
            pl.col(pl.Decimal).cast(pl.Float64)
        )


def pair_for(request: HttpRequest) -> tuple[Seen, Seen] | None:
    """Give the two runs a page is about: those asked for, else the newest and the one before it.

    Raises:
        Http404: no run has an id that was asked for.
    """
    standing = [run.pk for run in all_runs() if run.snapshot.withdrawn_at is None]
    newest, older = [*standing[:2], *standing[:1], "", ""][:2]
    before = run_for(request, request.GET.get("fra") or older)
    after = run_for(request, request.GET.get("til") or newest)
    return None if before is None or after is None else (before, after)


def causes_of(before: Seen, after: Seen) -> Causes:
    """Give what changed from one run to another, by its causes where they are known."""
    made = Comparison.objects.filter(before=before.record.pk, after=after.record.pk).first()
    steps: tuple[str, ...] = ("change",)
    frame = None
    if made is not None and made.state == State.DONE:
        try:
            steps, frame = INGREDIENTS, table_of(made.folder, made.before_id, made.after_id)
        except (BadRun, OSError):  # the page then offers to find the causes anew
            steps, made = ("change",), None
    if frame is None:
        frame = plain(before.record.folder, after.record.folder)
    return Causes(before, after, made, steps, _seen(frame, before, after))


@lru_cache(maxsize=8)
def table_of(folder: str, before: str, after: str) -> pl.DataFrame:
    """Read a comparison, verified; kept, since it never changes."""
    return read_waterfall(settings.HOME / folder, before=before, after=after)


@lru_cache(maxsize=8)
def plain(before: str, after: str) -> pl.DataFrame:
    """Tell what changed between two runs from their records alone; kept, since runs never change."""
    kept = [number for numbers in KEPT.values() for number in numbers]
    return compare(tables_of(before), tables_of(after)).filter(pl.col("number").is_in(kept))


def changes(before: Seen, after: Seen) -> list[dict[str, Any]]:
    """Give the numbers of areas that changed, level by level."""
    rows = _seen(plain(before.record.folder, after.record.folder), before, after)
    return rows.filter((pl.col("table") == "areas") & (pl.col("change") != 0)).cast({pl.Decimal: pl.Float64}).to_dicts()


def view_for(request: HttpRequest, seen: Seen) -> View:
    """Give the level and number that are asked for, or those most people look at first."""
    level, number = request.GET.get("niveau", ""), request.GET.get("tal", "")
    if level not in LEVELS:
        level = "municipality" if seen.user.area_id else "region"
    table = TABLES[level]
    return View(level, number if number in KEPT[table] else USUAL[table])


def _seen(frame: pl.DataFrame, before: Seen, after: Seen) -> pl.DataFrame:
    areas, practices = (
        pl.concat([getattr(seen, table).select(pl.col(key)) for seen in (before, after)])[key].unique()
        for table, key in (("areas", "area_id"), ("practices", "practice_id"))
    )
    own_area = (pl.col("table") == "areas") & pl.col("known_as").is_in(areas.to_list())
    own_practice = (pl.col("table") == "practices") & pl.col("known_as").is_in(practices.to_list())
    return frame.filter(own_area | own_practice)


def _rounded(row: dict[str, Any], steps: tuple[str, ...], decimals: int) -> Row:
    """Round where each step leads to, not the step: then what is shown adds up."""
    unit = Decimal(1).scaleb(-decimals)
    exact = [row["before"]]
    for step in steps:
        exact.append(exact[-1] + row[step])
    levels = [level.quantize(unit, ROUND_HALF_UP) for level in exact]
    changes = tuple(new - old for old, new in pairwise(levels))
    return Row(row["known_as"], row["name"], row["status"], levels[0], changes, levels[-1])
