"""Offers of practices (høringssvar) against the citizens of an area of a finished run: three fair answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from fordel.law import Law
from fordel.minimum import RAISES, higher_minimums
from fordel.stores import read_table
from fordel.tables import StatedMaxima

if TYPE_CHECKING:
    from fordel.runs.record import Run


class BadOffers(Exception):
    """The offers do not fit the area."""


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Fair answers side by side.

    Attributes:
        said: what is missing, in a sentence.
        table: ``practice_id, name, capacities, offer`` and one column of minimums per method, in patients.
        why: what each method means and what it does here.
    """

    said: str
    table: pl.DataFrame
    why: dict[str, str]


MEANING = {
    "proportional": "the same number more per capacity for all",
    "equal_burden": "those with the fewest weighted patients per capacity take first",
    "fewest_practices": "as few practices as possible are asked, those with most room",
}


def read_offers(path: Path) -> pl.DataFrame:
    """Read offers: ``practice_id, stated_maximum``.

    Raises:
        BadInput: with every fault of the file.
    """
    return read_table(path, StatedMaxima)


def alternatives(run: Run, law: Law, area: str, offers: pl.DataFrame, citizens: int | None = None) -> Alternatives:
    """Share out what the practices of an area do not offer, by every method.

    Args:
        run: the finished run; its practices' capacities and mean weights count.
        law: the law; its upper closing limit holds.
        area: id of any area of the run.
        offers: ``practice_id, stated_maximum``, one row for every practice of the area.
        citizens: citizens who need a place; by default the people who live in the area.

    Raises:
        BadOffers: no such area, or practices without an offer, or offers of practices elsewhere; all are named.
        LawError: no set of minimums is enough.
    """
    here = _practices(run, area, offers)
    if citizens is None:
        citizens = int(run.areas.filter(pl.col("area_id") == area)["people"][0])
    given = [here[name].to_list() for name in ("stated_maximum", "capacities_released", "mean_weight")]
    table = here.select("practice_id", "name", capacities="capacities_released", offer="stated_maximum")
    why: dict[str, str] = {}
    for method in RAISES:
        by_method = law.setting("raise_method", method, source="Assumption: one of several answers compared")
        minimums = pl.Series(method, by_method.apply(higher_minimums, citizens, *given), dtype=pl.Int64)
        table = table.with_columns(minimums)
        why[method] = f"{MEANING[method]}; {_effect(table, method)}."
    offered = int(table["offer"].sum())
    missing = max(0, citizens - offered)
    said = f"{citizens:,} citizens need a place; the practices offer {offered:,}: " + (
        f"{missing:,} are missing." if missing else "all are covered."
    )
    return Alternatives(said, table, why)


def _effect(table: pl.DataFrame, method: str) -> str:
    more = table.select(more=pl.col(method) - pl.col("offer")).filter(pl.col("more") > 0)["more"].to_list()
    if not more:
        return "nobody is asked for more than it offers"
    return f"{len(more)} of {table.height} practices take more, {max(more):,} patients at most"


def _practices(run: Run, area: str, offers: pl.DataFrame) -> pl.DataFrame:
    found = run.areas.filter(pl.col("area_id") == area)
    if found.is_empty():
        raise BadOffers(f"The run has no area {area!r}; see: fordel plan show RUN --level municipality")
    level = str(found["level"][0])
    within = pl.lit(True) if level == "nation" else pl.col("area_id" if level == "municipality" else level) == area
    codes = run.areas.filter((pl.col("level") == "municipality") & within)["area_id"]
    here = run.practices.filter(pl.col("municipality").is_in(codes.implode()))
    lacking = here.join(offers, on="practice_id", how="anti")["practice_id"].to_list()
    strange = offers.join(here, on="practice_id", how="anti")["practice_id"].to_list()
    faults = [f"no offer from {', '.join(lacking[:10])} ({len(lacking):,} in all)"] if lacking else []
    faults += [f"{', '.join(strange[:10])} not in {area} ({len(strange):,} in all)"] if strange else []
    if faults:
        raise BadOffers(f"The offers do not fit {area}: {'; '.join(faults)}.")
    # An empty list has no weight of its own; its future patients are taken to be average.
    return here.join(offers, on="practice_id").with_columns(pl.col("mean_weight").fill_null(1.0))
