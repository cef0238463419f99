"""Share the nation's capacities out, from the nation down to each municipality, with every sum kept on the way.

The total goes to the areas whose ceiling binds, each area's ceiling to the municipalities in it; levels above are sums.
A published ceiling takes the place of the computed one, and the areas within it share what was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

import polars as pl

from fordel.allocation.rules import ceilings, national_ceiling, rescaled, treatment_need, unscaled_ceilings
from fordel.law import LawError
from fordel.tables.sums import sum_exactly

if TYPE_CHECKING:
    from fordel.law import Law

NATION = "dk"
BINDING_LEVELS = ("region", "health_council", "municipality")
Published = Mapping[tuple[str, str], int]
Chains = Mapping[str, Mapping[str, str]]  # of an item: the area it lies in, by level


@dataclass(frozen=True)
class Pool:
    """Items that share one ceiling.

    Attributes:
        area: the area whose ceiling is shared.
        items: what shares it.
        total: that ceiling, less what published areas within it take; None where nothing fixes it.
        published: whether the ceiling is the area's own published one.
    """

    area: str
    items: tuple[str, ...]
    total: int | None
    published: bool = False


@dataclass(frozen=True)
class Shared:
    """Ceilings and the area whose ceiling each is a share of; none for a published one."""

    ceiling: dict[str, int]
    shared_from: dict[str, str | None]


def share_out(law: Law, municipalities: pl.DataFrame, published: pl.DataFrame, total: int | None) -> pl.DataFrame:
    """Give every municipality its ceiling (kapacitetsloft), computed and in force.

    Args:
        law: the law on the day.
        municipalities: one row each: its area on every level, ``binding_level``, ``weighted_citizens``.
        published: ``level, area_id, ceiling`` of the ceilings published for the year; may be empty.
        total: capacities the nation may have; by default what is published, else the need.

    Returns:
        The municipalities with ``ceiling``, ``computed_ceiling`` (with nothing published), and where each comes from:
        ``shared_from`` and ``binding_shared_from``, the area whose ceiling it, or its binding area's, is a share of.

    Raises:
        LawError: a negative total, a total where ceilings have none, or published ceilings that contradict each other.
    """
    of_area: Published = {(level, area): n for level, area, n in published.iter_rows()}
    binds = [pl.when(pl.col("binding_level") == level).then(pl.col(level)) for level in BINDING_LEVELS]
    frame = municipalities.with_columns(binding_area=pl.coalesce(binds)).sort("municipality")
    country = _Country(law, frame)
    computed = country.computed(total)
    if total is None:
        total = of_area.get(("nation", NATION))
    bound = country.in_force(computed, of_area, total)
    within = country.within(bound.ceiling, of_area)
    alone = within if not of_area else country.within(computed, {})
    codes, area = frame["municipality"].to_list(), frame["binding_area"].to_list()
    return frame.drop("binding_area").with_columns(
        pl.Series("ceiling", [within.ceiling[code] for code in codes], dtype=pl.Int64),
        pl.Series("computed_ceiling", [alone.ceiling[code] for code in codes], dtype=pl.Int64),
        pl.Series("shared_from", [within.shared_from[code] for code in codes], dtype=pl.String),
        pl.Series("binding_shared_from", [bound.shared_from[each] for each in area], dtype=pl.String),
    )


class _Country:
    """The areas whose ceiling binds and their municipalities, with need and the areas each lies in."""

    def __init__(self, law: Law, frame: pl.DataFrame) -> None:
        self.law = law
        areas = sum_exactly(frame, "binding_area", {"weighted_citizens": pl.col("weighted_citizens")})
        need = law.apply(treatment_need, pl.col("weighted_citizens"))
        self.need = dict(zip(frame["municipality"], frame.select(need).to_series(), strict=True))
        self.area_need = dict(zip(areas["binding_area"], areas.select(need).to_series(), strict=True))
        self.weighted = fsum(frame["weighted_citizens"])
        self.members: dict[str, list[str]] = {area: [] for area in self.area_need}
        self.above: dict[str, dict[str, str]] = {}  # of a binding area: areas at its level and above
        self.below: dict[str, dict[str, str]] = {}  # of a municipality: areas under the one that binds
        for row in frame.iter_rows(named=True):
            depth = BINDING_LEVELS.index(row["binding_level"]) + 1
            self.members[row["binding_area"]].append(row["municipality"])
            self.above[row["binding_area"]] = {level: row[level] for level in BINDING_LEVELS[:depth]}
            self.below[row["municipality"]] = {level: row[level] for level in BINDING_LEVELS[depth:]}

    def computed(self, total: int | None) -> dict[str, int]:
        """Give the ceilings of binding areas as if nothing were published."""
        need = list(self.area_need.values())
        if not self.law.apply(rescaled):
            if total is not None:
                raise LawError(
                    f"A total of {total} is given, but ceilings are not rescaled: each area's need is rounded alone.\n"
                    "  Try: without a total, or ceilings_rescaled = true",
                    code="total_not_used",
                    total=total,
                )
            return dict(zip(self.area_need, self.law.apply(unscaled_ceilings, need), strict=True))
        if total is None:
            total = self.law.apply(national_ceiling, self.weighted)
        elif total < 0:
            raise LawError(f"The total is {total}; give the capacities the nation may have, 0 or more.")
        return dict(zip(self.area_need, self.law.apply(ceilings, need, total), strict=True))

    def in_force(self, computed: dict[str, int], published: Published, total: int | None) -> Shared:
        """Let published ceilings take the place of computed ones, at and above the level that binds."""
        start = Pool(NATION, tuple(self.area_need), total)
        shared = Shared({}, {})
        origin = NATION if self.law.apply(rescaled) else None
        for pool in _split(start, self.above, published):
            kept = {area: computed[area] for area in pool.items}
            as_computed = len(kept) == len(computed) and sum(kept.values()) == pool.total
            if pool.total is None or as_computed:
                shared.ceiling.update(kept)
                shared.shared_from.update(dict.fromkeys(kept, origin))
            else:
                self._share(pool, self.area_need, self.above, shared)
        return shared

    def within(self, of_areas: dict[str, int], published: Published) -> Shared:
        """Split each binding area's ceiling over its municipalities; those published below it come first."""
        shared = Shared({}, {})
        for area, ceiling in of_areas.items():
            start = Pool(area, tuple(self.members[area]), ceiling)
            for pool in _split(start, self.below, published):
                self._share(pool, self.need, self.below, shared)
        return shared

    def _share(self, pool: Pool, need: dict[str, float], chains: Chains, shared: Shared) -> None:
        """Apportion a pool; an item that is the published area itself is a share of nothing."""
        assert pool.total is not None, pool.area  # noqa: S101 - only the nation's own pool may have none
        alone = len(pool.items) == 1
        itself = alone and pool.published and list(chains[pool.items[0]].values())[-1] == pool.area
        needs = [need[item] for item in pool.items]
        seats = [pool.total] if alone else self.law.apply(ceilings, needs, pool.total)
        shared.ceiling.update(zip(pool.items, seats, strict=True))
        shared.shared_from.update(dict.fromkeys(pool.items, None if itself else pool.area))


def _split(start: Pool, chains: Chains, published: Published) -> list[Pool]:
    """Take areas with a published ceiling out of the pool they lie in, level by level from above.

    Raises:
        LawError: parts have more than the whole, or all of them are published and come to another sum.
    """
    pools = [start]
    for level in BINDING_LEVELS if published else ():
        pools = [part for pool in pools for part in _parted(pool, level, chains, published)]
    return [pool for pool in pools if pool.items]


def _parted(pool: Pool, level: str, chains: Chains, published: Published) -> list[Pool]:
    inside: dict[str, list[str]] = {}
    for item in pool.items:
        area = chains[item].get(level)
        if area is not None and (level, area) in published:
            inside.setdefault(area, []).append(item)
    if not inside:
        return [pool]
    parts = [Pool(a, tuple(items), published[level, a], published=True) for a, items in inside.items()]
    rest = tuple(item for item in pool.items if chains[item].get(level) not in inside)
    if pool.total is None:
        return [*parts, Pool(pool.area, rest, None)]
    taken = sum(published[level, area] for area in inside)
    if taken > pool.total or (not rest and taken != pool.total):
        more = "" if not rest else " already, with parts still to come"
        raise LawError(
            f"The published ceilings of {', '.join(sorted(inside))} come to {taken} capacities{more}, but {pool.area}, "
            f"in which they lie, has {pool.total}.\n  Look in: published_ceilings; correct one, or leave one out",
            code="published_disagree",
            parts=", ".join(sorted(inside)),
            taken=taken,
            whole=pool.area,
            total=pool.total,
        )
    return [*parts, Pool(pool.area, rest, pool.total - taken, pool.published)]
