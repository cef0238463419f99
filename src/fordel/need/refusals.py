"""What a fit refuses, each in a sentence. Counts below the model's ``fewest`` are never told: they could point at a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fordel.need.cells import STATES
from fordel.need.design import Family, Link, NeedError

if TYPE_CHECKING:
    import numpy.typing as npt

    from fordel.need.cells import Cells, Floats
    from fordel.need.design import Covariate, Design
    from fordel.need.layout import Layout

Excluded = list[tuple[str, int]]

_ALIASED = 1e-9


def usable(cells: Cells) -> tuple[Cells, Excluded]:
    """Leave out citizens that cannot be fitted.

    Returns:
        the cells that can, and why how many citizens were left out (one count per reason; the first reason counts).

    Raises:
        NeedError: more were left out than the model allows, or nobody is left.
    """
    design = cells.design
    n = cells.statistics["n"]
    keep = np.ones(cells.size, dtype=bool)
    excluded: Excluded = []
    reasons = [(text, cells.state == at) for at, text in enumerate(STATES) if at]
    for covariate in design.covariates:
        codes = cells.codes(covariate)
        if covariate.linear or covariate.missing != "level":
            at = 1 if covariate.linear else covariate.missing_code
            reasons.append((f"{covariate.name} missing", codes == at))
        at = 2 if covariate.linear else covariate.unknown_code
        reasons.append((f"{covariate.name} not a level of the model", codes == at))
    for reason, out in reasons:
        count = int(n[keep & out].sum())
        keep &= ~out
        if count:
            excluded.append((reason, count))
    _refuse_too_many(design, excluded, int(n.sum()))
    return cells.chosen(keep), excluded


def _refuse_too_many(design: Design, excluded: Excluded, rows: int) -> None:
    if not rows:
        raise NeedError(f"The citizen table has no rows for the model {design.name}.")
    out = sum(count for _, count in excluded)
    if out > design.most_excluded * rows or out == rows:
        lines = [
            f"  {reason}: {_told(count, design)} of {rows:,} rows ({count / rows:.1%})" for reason, count in excluded
        ]
        raise NeedError(
            "\n".join(
                [
                    f"The model {design.name} would leave out {out / rows:.1%} of the rows; it allows {design.most_excluded:.0%}.",
                    *lines,
                    'Try: correct the table, or in the model file give the covariate missing = "level", or a higher most_excluded.',
                ]
            )
        )


def _told(count: int, design: Design) -> str:
    return f"{count:,}" if count >= design.fewest else f"fewer than {design.fewest}"


def refuse_unfittable(cells: Cells) -> None:
    """Refuse levels that say too little or too much, and characteristics that say nothing.

    Raises:
        NeedError: with a sentence for each.
    """
    if not cells.statistics["y"].any():
        raise NeedError(f"Nobody has any {cells.design.outcome}: there is nothing to explain.")
    faults: list[str] = []
    for covariate in cells.design.covariates:
        if not covariate.in_fit:
            continue
        faults += _linear_faults(cells, covariate) if covariate.linear else _level_faults(cells, covariate)
    if faults:
        raise NeedError("\n".join([f"The model {cells.design.name} cannot be fitted:", *(f"  {f}" for f in faults)]))


def _linear_faults(cells: Cells, covariate: Covariate) -> list[str]:
    column = cells.values[:, cells.design.linear.index(covariate)]
    if column.min() == column.max():
        return [f"{covariate.name} is {column[0]:g} for everybody: it explains nothing. Leave it out."]
    return []


def _level_faults(cells: Cells, covariate: Covariate) -> list[str]:
    people = cells.people(covariate)
    names = [level.name for level in covariate.fitted_levels]
    held = np.flatnonzero(people)
    if len(held) == 1:
        return [f"{covariate.name} is {names[held[0]]} for everybody: it explains nothing. Leave it out."]
    faults = []
    for at, name in enumerate(names):
        rare = people[at] < cells.design.fewest and covariate.ridge == 0
        if rare and not (name == "missing" and people[at] == 0):
            faults.append(
                f"{covariate.name} is {name} for fewer than {cells.design.fewest} citizens: too few to learn from. "
                f"Join it with another level, or give {covariate.name} a ridge."
            )
        elif covariate.ridge == 0:
            faults += _separation(cells, covariate, at, name)
    return faults


def _separation(cells: Cells, covariate: Covariate, at: int, name: str) -> list[str]:
    """A level in which nobody, or everybody, has any use has no finite coefficient."""
    design, of_level = cells.design, cells.codes(covariate) == at
    if not of_level.any():
        return []
    users, people = cells.statistics["users"][of_level].sum(), cells.statistics["n"][of_level].sum()
    advice = f"Join it with another level, or give {covariate.name} a ridge."
    if users == 0 and (design.link is Link.LOG or design.family is Family.TWO_PART):
        return [
            f"Nobody whose {covariate.name} is {name} has any {design.outcome}: its coefficient has no end. {advice}"
        ]
    if users == people and design.family is Family.TWO_PART:
        return [
            f"Everybody whose {covariate.name} is {name} has some {design.outcome}: its coefficient has no end. {advice}"
        ]
    return []


def refuse_collinear(layout: Layout, curvature: Floats) -> None:
    """Refuse terms that are combinations of others.

    Raises:
        NeedError: naming each, and what it is a combination of.
    """
    curvature = curvature + np.diag(layout.ridge)
    diagonal = np.diag(curvature)
    names = [term.name for term in layout.terms]
    empty = [names[at] for at in np.flatnonzero(diagonal == 0)]
    faults = [f"{name} has no citizens: leave out the interaction, or join levels." for name in empty]
    if not faults:
        scale = 1 / np.sqrt(diagonal)
        faults = _combinations(curvature * scale * scale[:, None], names)
    if faults:
        raise NeedError("\n".join([f"The model {layout.design.name} cannot be fitted:", *(f"  {f}" for f in faults)]))


def _combinations(matrix: Floats, names: list[str]) -> list[str]:
    """Find columns that earlier ones span: what is left of their square after these are taken out is nothing."""
    kept: list[int] = []
    faults = []
    for at, name in enumerate(names):
        if not kept:
            kept.append(at)
            continue
        part = matrix[np.ix_(kept, kept)]
        shares = np.linalg.solve(part, matrix[kept, at])
        if matrix[at, at] - matrix[at, kept] @ shares > _ALIASED:
            kept.append(at)
            continue
        others = ", ".join(names[k] for k, share in zip(kept, shares, strict=True) if abs(share) > 1e-6)
        faults.append(f"{name} says nothing new: it follows from {others}. Leave one of them out.")
    return faults


def codes_present(cells: Cells) -> dict[str, npt.NDArray[np.bool_]]:
    """Give for each categorical covariate whether any citizen has each code."""
    return {c.name: cells.people(c) > 0 for c in cells.design.categorical}
