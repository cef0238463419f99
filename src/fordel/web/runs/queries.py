"""Read runs for somebody: what of a run a person sees is decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl
from django.conf import settings
from django.http import Http404

from fordel.publish.disclosure import shown_areas, shown_practices
from fordel.publish.formats import danish_order
from fordel.runs.record import Run, read_run
from fordel.web.runs.models import FinishedRun

if TYPE_CHECKING:
    from django.http import HttpRequest

    from fordel.web.accounts.models import User

WHOLE = ("region", "health_council")


@lru_cache(maxsize=8)
def tables_of(folder: str) -> Run:
    """Read a run's tables, checksums verified; kept, since a run never changes."""
    return read_run(settings.HOME / folder)


@dataclass(frozen=True)
class Seen:
    """A run as one person sees it: the areas and practices of their part of the country, and what that lies in."""

    record: FinishedRun
    user: User

    @property
    def run(self) -> Run:
        """The whole run; for numbers of the nation and for explanations of what ``areas`` and ``practices`` let see."""
        return tables_of(self.record.folder)

    @cached_property
    def areas(self) -> pl.DataFrame:
        """The rows of the person's own area, of what lies in it and of what it lies in; all for national roles.

        Small counts of people are held back, the same ones for everybody: two people cannot put theirs together.
        """
        areas, own = shown_areas(self.run).areas, self.user.area_id
        if not own:
            return areas
        inside = (pl.col("area_id") == own) | (pl.col("region") == own) | (pl.col("health_council") == own)
        row = areas.filter(pl.col("area_id") == own)
        above = [row["region"].item(), row["health_council"].item()] if row.height == 1 else []
        wholes = pl.col("area_id").is_in([area for area in above if area])
        return areas.filter(inside | (pl.col("level") == "nation") | wholes)

    @cached_property
    def practices(self) -> pl.DataFrame:
        """The practices that lie in the person's own area; all for national roles.

        What small lists tell of their patients' need is held back.
        """
        practices = shown_practices(self.run)
        if not self.user.area_id:
            return practices
        inside = (pl.col("region") == self.user.area_id) | (pl.col("health_council") == self.user.area_id)
        own = self.run.areas.filter((pl.col("level") == "municipality") & inside)["area_id"]
        return practices.filter(pl.col("municipality").is_in(own.to_list()))

    def own_area(self) -> dict[str, Any]:
        """Give the row of the person's own area; the nation's for national roles."""
        own = self.user.area_id
        there = own and self.areas.filter(pl.col("area_id") == own).height == 1
        return self.area(own) if there else self.at_level("nation")[0]

    def area(self, area_id: str) -> dict[str, Any]:
        """Give an area's row.

        Raises:
            Http404: there is none, or it is not for this person.
        """
        return _only(self.areas.filter(pl.col("area_id") == area_id))

    def practice(self, practice_id: str) -> dict[str, Any]:
        """Give a practice's row.

        Raises:
            Http404: there is none, or it is not for this person.
        """
        return _only(self.practices.filter(pl.col("practice_id") == practice_id))

    def at_level(self, level: str, within: str = "") -> list[dict[str, Any]]:
        """Give the areas of a level, in Danish order of names; ``within``: only those that lie in that area."""
        found = self.areas.filter(pl.col("level") == level)
        if within:
            found = found.filter((pl.col("region") == within) | (pl.col("health_council") == within))
        return sorted(found.to_dicts(), key=lambda row: (danish_order(row["name"]), row["area_id"]))

    def name_of(self, area_id: str | None) -> str:
        """Name an area; a municipality's practice is told by the name of its municipality."""
        found = self.run.areas.filter(pl.col("area_id") == area_id)
        return str(found["name"].item()) if found.height == 1 else ""


def all_runs() -> list[FinishedRun]:
    """Give the runs, newest first."""
    return list(FinishedRun.objects.select_related("snapshot"))


def run_for(request: HttpRequest, run_id: str = "") -> Seen | None:
    """Give the run a page is about: the one asked for (``koersel``), else the newest; None where there is none yet.

    A run from a snapshot that was withdrawn is shown to those who ask for it only.

    Raises:
        Http404: no run has the id that was asked for.
    """
    asked = run_id or request.GET.get("koersel", "")
    runs = FinishedRun.objects.select_related("snapshot")
    record = runs.filter(run_id=asked).first() if asked else runs.filter(snapshot__withdrawn_at=None).first()
    if record is None and asked:
        raise Http404
    return None if record is None else Seen(record, request.user)  # type: ignore[arg-type]


def _only(found: pl.DataFrame) -> dict[str, Any]:
    if found.height != 1:
        raise Http404
    return found.row(0, named=True)
