"""A citizen's options (borgerens muligheder): which practices, how far, and which rule lets one choose each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from fordel.coverage.distance import metres_between
from fordel.coverage.errors import CoverageError
from fordel.coverage.matrix import locate
from fordel.coverage.rules import TOO_FEW, choice_radius, ground_for_choice, keeps_home_visits, reachable
from fordel.coverage.tree import TreeEngine

if TYPE_CHECKING:
    from fordel.coverage.water import Land
    from fordel.law import Law


@dataclass(frozen=True)
class Citizen:
    """Where a citizen lives and which grounds of their own they have.

    Attributes:
        easting, northing: EPSG:25832. Unit: metres.
        municipality: kommunekode.
        landmass: the land the home stands on.
        own_ground: the one of ``closed_list_exceptions`` that holds for the citizen, such as a household member's list.
    """

    easting: float
    northing: float
    municipality: str
    landmass: str
    own_ground: str | None = None


@dataclass(frozen=True)
class Option:
    """One practice a citizen may or may not choose.

    Attributes:
        practice_id, name: which.
        metres: straight line.
        is_open: open for intake; within: within the citizen's radius; same_land: no ferry between.
        crosses_water: whether the straight line lies over water for longer than the stated stretch.
        ground: why it may be chosen; ``none`` when it may not, ``consent`` when the doctor must agree.
        home_visits: whether the right to home visits is kept.
    """

    practice_id: str
    name: str
    metres: float
    is_open: bool
    within: bool
    same_land: bool
    ground: str
    home_visits: bool
    crosses_water: bool = False

    def sentence(self, lang: str = "da") -> str:
        """Say in one or two sentences whether and why the practice may be chosen: ``da`` or ``en``."""
        words = _sentences()[lang]
        parts = [words["ground"][self.ground]]
        if not self.same_land:
            parts.append(words["over_water"])
        elif self.crosses_water:
            parts.append(words["crosses_water"])
        if self.ground != "none" and not self.home_visits:
            parts.append(words["no_visits"])
        elif self.ground != "none" and not self.within:
            parts.append(words["visits_kept"])
        return " ".join(parts)


def _refuse_unknown_ground(citizen: Citizen, law: Law) -> None:
    known = [ground for ground in law.value("closed_list_exceptions") if ground != TOO_FEW]
    if citizen.own_ground not in (None, *known):
        raise CoverageError(
            f"No ground for choosing a closed practice is called {citizen.own_ground!r}.\n  Try: {', '.join(known)}"
        )


def options_for(
    citizen: Citizen, practices: pl.DataFrame, law: Law, *, most: int = 20, land: Land | None = None
) -> list[Option]:
    """List the practices nearest to a citizen, with the right to choose each (frit lægevalg).

    Args:
        citizen: where they live.
        practices: ``practice_id, name, easting, northing, landmass, open`` (with a doctor and open for intake).
        law: the law on the day asked for.
        most: how many to list.
        land: where straight lines cross water, so that they are marked.

    Raises:
        CoverageError: a ground that the law does not know, or a location outside Denmark.
    """
    _refuse_unknown_ground(citizen, law)
    home, practices = _home(citizen, law), practices.with_columns(land=law.apply(reachable, pl.col("landmass")))
    here, there = locate(home, practices)
    cover = TreeEngine().cover(here, there, home["radius"].to_numpy())
    homes = np.repeat(here.xy, len(there), axis=0)
    stretch = law.value("water_stretch") * 1000
    crossed = np.zeros(len(there), np.bool_) if land is None else land.crossed(homes, there.xy, stretch)
    rows = practices.select(
        "practice_id",
        "name",
        metres=pl.Series(metres_between(homes, there.xy)),
        is_open=pl.col("open"),
        within=pl.Series(np.isin(np.arange(len(there)), cover.practice)),
        same_land=pl.Series(there.land == here.land[0]),
        own_ground=pl.lit(citizen.own_ground, pl.String),
        crosses_water=pl.Series(crossed),
    ).with_columns(open_choices=(pl.col("is_open") & pl.col("within")).sum())
    state = [pl.col(name) for name in ("is_open", "within", "open_choices", "own_ground")]
    ground = law.apply(ground_for_choice, *state)
    visits = law.apply(keeps_home_visits, pl.col("metres") / 1000, pl.col("open_choices"))
    rows = rows.with_columns(ground=ground, home_visits=visits).drop("open_choices", "own_ground")
    return [Option(**row) for row in rows.sort("metres", "practice_id").head(most).iter_rows(named=True)]


def summary(options: list[Option], law: Law, lang: str = "da") -> str:
    """Say how many open practices lie within the radius and what follows: ``da`` or ``en``."""
    open_choices = sum(option.is_open and option.within for option in options)
    words = _sentences()[lang]["summary"]
    required = law.value("open_choices_required")
    which = "met" if open_choices >= required else ("one" if open_choices else "none")
    text: str = words[which]
    return text.format(open_choices=open_choices, required=required)


def _home(citizen: Citizen, law: Law) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "easting": [citizen.easting],
            "northing": [citizen.northing],
            "municipality": [citizen.municipality],
            "landmass": [citizen.landmass],
        },
        schema_overrides={"easting": pl.Float64, "northing": pl.Float64},
    )
    land = law.apply(reachable, pl.col("landmass")).alias("land")
    return frame.with_columns(land, radius=law.apply(choice_radius, pl.col("municipality")))


@cache
def _sentences() -> dict[str, Any]:
    return tomllib.loads((files("fordel.coverage") / "options.toml").read_text(encoding="utf-8"))
