"""Draws of a fitted model's coefficients, carried to weighted citizens: what sampling and practice style leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from fordel.need.cells import Cells, pack_strides
from fordel.need.design import NeedError
from fordel.need.weigh_citizens import neutral_predictor, predict_cells

if TYPE_CHECKING:
    from fordel.need.cells import Floats, Ints
    from fordel.need.fit import Fitted
    from fordel.need.layout import Layout

_BLOCK = 50  # draws at a time where every profile is computed anew


@dataclass(frozen=True, eq=False)
class Placed:
    """People by profile (the characteristics of need, without supply) and group. Personal data: never written.

    Attributes:
        groups: one row per group, with the columns they are by.
        codes: cell codes of each profile by covariate; shape (profiles,).
        profile, group, people: which profile how many people of which group have; shape (pairs,).
    """

    groups: pl.DataFrame
    codes: dict[str, Ints]
    profile: Ints
    group: Ints
    people: Ints


def weight_draws(fitted: Fitted, placed: Placed, draws: int, seed: int, *, kind: str | None = None) -> Floats:
    """Draw mean weights of groups; shape (groups, draws). Each draw has a national mean of exactly 1.

    With a log link and one equation a group's sum is expanded to second order in the coefficients, which is exact to the
    cube of their errors and takes one pass over people; otherwise every profile is computed for every draw.

    Args:
        fitted: the model.
        placed: the nation's people.
        draws: how many.
        seed: the same seed gives the same draws.
        kind: of covariance, in ``fit.ERRORS``; by default the best known.

    Raises:
        NeedError: the model has no covariance, since it was published without one; or it enters numbers, not levels.
    """
    if not all(part.covariances for part in fitted.parts):
        raise NeedError(f"The model {fitted.design.name} was published without errors: nothing can be drawn from it.")
    if fitted.design.linear:
        raise NeedError(f"The model {fitted.design.name} takes numbers, not levels: draws are made of levels only.")
    chance = np.random.default_rng(seed)
    shifts = [_shifts(part.covariances[kind] if kind else part.best_covariance, draws, chance) for part in fitted.parts]
    by_moments = len(fitted.parts) == 1 and fitted.parts[0].scoring.log and not _mixed(fitted)
    sums = _by_moments(fitted, placed, shifts[0]) if by_moments else every_profile(fitted, placed, shifts)
    people = np.bincount(placed.group, weights=placed.people, minlength=placed.groups.height)
    means = sums / people[:, None]
    return cast("Floats", means / (people @ means / people.sum()))


def grouped(placed: Placed, column: str) -> Placed:
    """Give the same people by one column of their groups; those without a value there are left out."""
    groups = placed.groups.select(column).unique().drop_nulls().sort(column).with_row_index("at")
    at = placed.groups.join(groups, on=column, how="left", maintain_order="left")["at"].cast(pl.Int64)
    new = at.fill_null(-1).to_numpy()[placed.group]
    keep = new >= 0
    return Placed(groups.drop("at"), placed.codes, placed.profile[keep], new[keep], placed.people[keep])


def spread_of_weights(fitted: Fitted, placed: Placed) -> Floats:
    """Give the standard deviation of citizens' weights within each group; shape (groups,)."""
    each = _means(fitted, placed, [part.coefficients for part in fitted.parts])
    size = placed.groups.height
    people = np.bincount(placed.group, weights=placed.people, minlength=size)
    first, second = (
        np.bincount(placed.group, weights=placed.people * each[placed.profile] ** p, minlength=size) for p in (1, 2)
    )
    nation = first.sum() / people.sum()
    return cast("Floats", np.sqrt(np.maximum(second / people - (first / people) ** 2, 0)) / nation)


def every_profile(fitted: Fitted, placed: Placed, shifts: list[Floats]) -> Floats:
    """Sum expected use by group, each profile computed for each draw; shape (groups, draws)."""
    from scipy import sparse  # noqa: PLC0415  loads slowly

    shape = placed.groups.height, len(next(iter(placed.codes.values())))
    counts = sparse.csr_array((placed.people.astype(float), (placed.group, placed.profile)), shape=shape)
    draws = shifts[0].shape[0]
    sums = np.empty((shape[0], draws))
    for start in range(0, draws, _BLOCK):
        some = range(start, min(start + _BLOCK, draws))
        shifted = [
            [part.coefficients + shift[at] for part, shift in zip(fitted.parts, shifts, strict=True)] for at in some
        ]
        each = np.stack([_means(fitted, placed, coefficients) for coefficients in shifted], axis=1)
        sums[:, start : start + len(some)] = counts @ each
    return sums


def _shifts(covariance: Floats, draws: int, chance: np.random.Generator) -> Floats:
    """Draw what is added to the coefficients; shape (draws, width)."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return cast("Floats", chance.standard_normal((draws, len(values))) @ root.T)


def _mixed(fitted: Fitted) -> bool:
    """Whether need and supply work together in some term: then its mean over supply is no column of the design."""
    supply = {c.name for c in fitted.design.covariates if c.supply}
    pairs = [set(pair) for pair in fitted.design.interactions]
    return any(pair & supply and pair - supply for pair in pairs)


def _means(fitted: Fitted, placed: Placed, coefficients: list[Floats]) -> Floats:
    """Give the expected use a year of each profile with the nation's mean supply."""
    cells = _as_cells(fitted, placed)
    each = np.ones(cells.size)
    for part, drawn in zip(fitted.parts, coefficients, strict=True):
        each *= part.scoring.mean(predict_cells(neutral_predictor(fitted, part, coefficients=drawn), cells))
    return each


def _as_cells(fitted: Fitted, placed: Placed) -> Cells:
    """Give profiles as cells without statistics; supply is at a level of no weight, since it is set to the mean."""
    strides, rows = pack_strides(fitted.design), len(next(iter(placed.codes.values())))
    keys = np.zeros(rows, dtype=np.int64)
    for name, codes in placed.codes.items():
        keys += codes * strides[name]
    return Cells(fitted.design, keys, np.empty((rows, 0)), {})


def _by_moments(fitted: Fitted, placed: Placed, shifts: Floats) -> Floats:
    from fordel.need._moments import moments  # noqa: PLC0415  numba takes a third of a second to import

    part = fitted.parts[0]
    need = _need_places(part.layout, placed)
    weight = _means(fitted, placed, [part.coefficients])
    zero, one, two = moments(
        need,
        placed.profile,
        placed.group,
        placed.people,
        weight,
        weight,
        weight,
        part.layout.width,
        placed.groups.height,
    )
    rows, columns = np.tril_indices(part.layout.width)
    pairs = shifts[:, rows] * shifts[:, columns] * np.where(rows == columns, 0.5, 1.0)
    return cast("Floats", zero[:, None] + one @ shifts.T + two[:, rows, columns] @ pairs.T)


def _need_places(layout: Layout, placed: Placed) -> Ints:
    """Give the columns each profile touches, supply and the constant left out: they cancel in the national mean."""
    blocks = [block for block in layout.blocks if not any(c.supply for c in block.of)]
    places = [block.places[tuple(placed.codes[c.name] for c in block.of)] for block in blocks]
    return np.stack(places, axis=1).astype(np.int64)
