"""Who may own what, and who may fill it: rules of provider numbers and of doctors."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fordel.law import rule


@dataclass(frozen=True)
class OwnershipParams:
    """Provider numbers a doctor may own at most."""

    ownership_limit: int


@dataclass(frozen=True)
class EmployedParams:
    """The part of a practice's capacities that employed doctors may fill."""

    employed_share_limit: float


@dataclass(frozen=True)
class VacancyParams:
    """How long a capacity may stand vacant before the region may take it back."""

    vacancy_months: int


@rule(source="Sundhedsloven § 227, stk. 2, 4. pkt.", unit="yes or no", since="2022-01-31", implements=("R07",))
def may_acquire(p: OwnershipParams, owned: pl.Expr) -> pl.Expr:
    """Whether a doctor may acquire one more provider number (ydernummer).

    The doctor owns fewer than the limit. One who owned more when the limit fell keeps them, but may acquire none
    before owning fewer than it; provider numbers count, not the capacities in them.
    """
    return owned < p.ownership_limit


@rule(
    source="Overenskomst om almen praksis (OK22) § 24, stk. 2",
    unit="yes or no",
    since="2022-01-31",
    implements=("R40", "R37"),
)
def employed_within_limit(
    p: EmployedParams, employed: pl.Expr, capacities: pl.Expr, threatened_area: pl.Expr
) -> pl.Expr:
    """Whether employed doctors fill no more of a practice than they may (ansatte læger).

    Employed doctors fill at most half of its capacities; in an area named as threatened (lægedækningstruet område)
    they may fill more. Exactly half is within the limit.
    """
    return threatened_area | (employed <= p.employed_share_limit * capacities)


@rule(
    source="Danske Regioners høringssvar, efter overenskomsten",
    unit="yes or no",
    since="2022-01-31",
    implements=("R32",),
)
def may_take_back(p: VacancyParams, vacant_since: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Whether the region may take back a vacant capacity (hjemtagelse).

    It has stood vacant for the whole term; the region may, but need not. The day the term is full counts.
    """
    return vacant_since.dt.offset_by(f"{p.vacancy_months}mo") <= day


@rule(
    source="Overenskomst om almen praksis (OK22) § 13, stk. 6; sundhedsloven § 206 b: which of the two wins is not known",
    unit="yes or no",
    since="2025-07-01",
    implements=("R37",),
)
def extra_capacity_conflicts(_: OwnershipParams, extra_capacity_due: pl.Expr, headroom: pl.Expr) -> pl.Expr:
    """Whether a right to an extra capacity meets a full ceiling (lægedækningstruet område).

    A practice share in a threatened area has run out and its practice may get an extra capacity by the agreement,
    but the area has no headroom: the sources do not say which wins, so a person must decide.
    """
    return extra_capacity_due & (headroom < 1)
