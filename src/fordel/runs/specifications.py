"""Other reasonable specifications of a need model (specifikationer): what each variable and each family moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fordel.need import NeedError, fit, weigh_citizens
from fordel.need.design import Family, Link
from fordel.need.diagnostics import measures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

    from fordel.need import CitizenSource, Design, Fitted

    Tell = Callable[[str], None]

DEMOGRAPHY = ("age", "sex")
YEAR = "year"
BY = ("practice_id", "municipality")
# Families that a count of contacts may be said to have, each with the link it is used with.
FAMILIES = (
    (Family.POISSON, Link.LOG),
    (Family.NB2, Link.LOG),
    (Family.GAUSSIAN, Link.IDENTITY),
    (Family.TWO_PART, Link.LOG),
)


@dataclass(frozen=True, eq=False)
class Specification:
    """One specification and what it weighs to.

    Attributes:
        name: such as ``without education``.
        kind: ``supply``, ``variables``, ``family`` or ``year``.
        groups: ``practice_id, municipality, people, expected_use, weighted_citizens, mean_weight``; None where it could
            not be fitted, or the citizens are not known by practice and municipality.
        measures: how well it tells use.
        fault: why it could not be fitted.
    """

    name: str
    kind: str
    groups: pl.DataFrame | None
    measures: dict[str, float] = field(default_factory=dict)
    fault: str = ""


def placed(citizens: CitizenSource) -> bool:
    """Whether citizens are known by practice and municipality, as those of a study are not."""
    return all(citizens.has(name) for name in BY)


def designs(design: Design) -> Iterator[tuple[str, str, Design]]:
    """Give every other specification that is reasonable: name, kind, design.

    Sets of variables: without supply, without each other characteristic, and with age and sex only. Families: each
    other one, with all variables and with age and sex only.
    """
    need = [c.name for c in design.covariates if c.in_fit and not c.supply]
    bare = [name for name in need if name not in DEMOGRAPHY]
    sets = [("without supply", "supply", design.without_supply())] if any(c.supply for c in design.covariates) else []
    sets += [(f"without {name}", "variables", design.without(name)) for name in need if len(need) > 1]
    only = design.without(*bare) if bare and len(bare) < len(need) else None
    if only is not None and len(bare) > 1:
        sets.append(("age and sex only", "variables", only))
    yield from sets
    for family, link in FAMILIES:
        if family is design.family:
            continue
        yield f"{family}", "family", design.with_family(family, link)
        if only is not None:
            yield f"{family}, age and sex only", "family", only.with_family(family, link)


def specifications(fitted: Fitted, citizens: CitizenSource, tell: Tell) -> Iterator[Specification]:
    """Fit every other specification and weigh the same citizens with it; first the model itself, supply as need."""
    if placed(citizens):
        tell("Weighing with supply as need")
        naive = weigh_citizens(fitted, citizens, BY, supply_neutral=False)
        yield Specification("supply as need", "supply", naive.groups)
    for name, kind, design in designs(fitted.design):
        tell(f"Fitting {name}")
        yield _tried(name, kind, replace(design, practice=None), citizens, fitted.design.practice)


def data_year(other: Fitted, citizens: CitizenSource) -> Specification:
    """Weigh the same citizens with the same model fitted on others, such as those of another year."""
    years = "-".join(str(year) for year in dict.fromkeys(other.period or ())) or other.source
    groups = weigh_citizens(other, citizens, BY).groups if placed(citizens) else None
    return Specification(f"fitted on {years}", YEAR, groups)


def _tried(name: str, kind: str, design: Design, citizens: CitizenSource, practice: str | None) -> Specification:
    """Fit one; a specification that cannot be fitted is told, and is no fault of the model."""
    try:
        other = fit(design, citizens)
        found = measures(other, citizens, practice)
        groups = weigh_citizens(other, citizens, BY).groups if placed(citizens) else None
        return Specification(name, kind, groups, found)
    except NeedError as fault:
        return Specification(name, kind, None, fault=str(fault).splitlines()[0])
