"""Open a run or a snapshot and survey its coverage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fordel.cli._coverage_measure import measured
from fordel.coverage.errors import CoverageError
from fordel.coverage.survey import Survey, survey
from fordel.engines.straight_line import fastest
from fordel.law import Law, Lawbook
from fordel.runs.record import Run, read_run

if TYPE_CHECKING:
    from datetime import date

    import polars as pl


@dataclass(frozen=True, eq=False)
class Surveyed:
    """A survey with what it was made from; registrations only where a snapshot was given.

    Attributes:
        source: what was measured by; empty for the straight line.
        beyond: people who live beyond the roads: left out of the survey where it is ``partial``, else without choices.
    """

    run: Run
    law: Law
    survey: Survey
    registrations: pl.DataFrame | None
    source: str = ""
    beyond: int = 0
    partial: bool = False

    def in_a_line(self) -> Survey:
        """Survey the same places again in a straight line, to compare with."""
        places, practices = self.survey.places, self.survey.practices
        return survey(self.law, places, practices, fastest(places.height))


def surveyed(
    folder: Path,
    day: date | None,
    measure: str,
    *,
    again: bool = False,
    stated: Path | None = None,
    partial: bool = False,
) -> Surveyed:
    """Read a folder that `fordel plan make` or a snapshot lies in, and survey it.

    Args:
        folder: of a run or a snapshot.
        day: law date for a snapshot; a run has its own.
        measure: see ``survey``, or a file of roads or of travel.
        again: whether many questions follow.
        stated: a table of the most patients practices have said they will have, in place of what the snapshot holds;
            for others the law's reserve counts.
        partial: whether roads of a part of the country will do; people beyond them are then left out.

    Raises:
        CoverageError: the folder is neither, a day was given for a run that has another, the table names a practice
            that is not there, or there is no such measure.
        BadInput: a table cannot be read; every fault.
    """
    run, registrations = _read(folder, day)
    law = Lawbook.shipped().on(run.manifest.law_date)
    places = run.places.select("cell_id", "municipality", "easting", "northing", "landmass", "people")
    practices = run.practices if stated is None else _with_stated(run.practices, stated)
    by = measured(measure, law, places, practices, again=again, partial=partial)
    beyond = 0
    if by.known is not None:
        beyond = int(places.filter(~by.known)["people"].sum())
        places = places.filter(by.known) if partial else places
    found = survey(law, places, practices, by.engine, measure=by.measure, shapes=run.area_shapes)
    return Surveyed(run, law, found, registrations, by.source, beyond, partial)


def _with_stated(practices: pl.DataFrame, stated: Path) -> pl.DataFrame:
    from fordel.runs.offers import read_offers  # noqa: PLC0415 - only who has such a table needs it

    offers = read_offers(stated)
    strange = offers.join(practices, on="practice_id", how="anti")["practice_id"].to_list()
    if strange:
        raise CoverageError(
            f"{stated.name} names {len(strange)} practices that are not there: {', '.join(strange[:5])}.\n"
            "  Expected: practice ids of the run or the snapshot\n  Try:      leave out those rows"
        )
    others = practices.drop("stated_maximum", strict=False)
    return others.join(offers, on="practice_id", how="left", maintain_order="left")


def _read(folder: Path, day: date | None) -> tuple[Run, pl.DataFrame | None]:
    if (folder / "manifest.json").is_file():
        run = read_run(folder)
        if day not in (None, run.manifest.law_date):
            raise CoverageError(
                f"{folder} is a run by the law of {run.manifest.law_date}; it cannot be read by that of {day}.\n"
                f"  Try: leave out --on, or give the snapshot in place of the run"
            )
        return run, None
    if not (folder / "snapshot.json").is_file():
        raise CoverageError(
            f"{folder} holds neither a run (manifest.json) nor a snapshot (snapshot.json).\n"
            f"  Try: fordel plan make --demo --to {folder}"
        )
    from fordel.runs.execute import execute  # noqa: PLC0415 - a run needs none of it
    from fordel.stores import read_snapshot  # noqa: PLC0415

    tables = read_snapshot(folder)
    return execute(tables, day=day or tables.snapshot_date), tables.registrations
