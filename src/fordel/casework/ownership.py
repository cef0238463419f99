"""Who may own what, and who may fill it: rules of provider numbers and of doctors."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fordel.law import rule


@dataclass(frozen=True)
class OwnershipParams:
    """Provider numbers a doctor may own at most."""

    provider_numbers_max: int


@dataclass(frozen=True)
class EmployedParams:
    """The part of a practice's capacities that employed doctors may fill."""

    employed_doctors_share: float


@dataclass(frozen=True)
class PracticeShareParams:
    """How long a practice share may last."""

    practice_share_years: int


@dataclass(frozen=True)
class NoParams:
    """A rule in which no number is dated."""


@dataclass(frozen=True)
class ExtraCapacityParams:
    """What is done when the agreement's right meets the ceiling."""

    extra_capacity_above_ceiling: str


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
    return owned < p.provider_numbers_max


@rule(
    source="Overenskomst om almen praksis (OK22) § 24, stk. 2",
    unit="yes or no",
    since="2022-01-31",
    until="2027-01-01",
    implements=("R40", "R37"),
)
def employed_within_limit(
    p: EmployedParams, employed: pl.Expr, capacities: pl.Expr, threatened_area: pl.Expr
) -> pl.Expr:
    """Whether employed doctors fill no more of a practice than they may (ansatte læger).

    Employed doctors fill at most half of its capacities; in an area named as threatened (lægedækningstruet område)
    they may fill more. Exactly half is within the limit.
    """
    return threatened_area | (employed <= p.employed_doctors_share * capacities)


@rule(
    source="Danske Regioners høringssvar, efter overenskomsten",
    unit="yes or no",
    since="2022-01-31",
    until="2027-01-01",
    implements=("R32",),
)
def may_take_back(p: VacancyParams, vacant_since: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Whether the region may take back a vacant capacity (hjemtagelse).

    It has stood vacant for the whole term; the region may, but need not. The day the term is full counts.
    """
    return vacant_since.dt.offset_by(f"{p.vacancy_months}mo") <= day


@rule(
    source="Overenskomst om almen praksis (OK22) § 13, stk. 5, via laeger.dk",
    unit="yes or no",
    since="2022-01-31",
    until="2027-01-01",
    implements=("R37",),
)
def practice_share_within_limit(p: PracticeShareParams, share_from: pl.Expr, share_until: pl.Expr) -> pl.Expr:
    """Whether a practice share has lasted no longer than it may (delepraksis).

    It ends within the years given, counted from its first day; one that goes on is judged by the day it has reached.
    """
    return share_until <= share_from.dt.offset_by(f"{p.practice_share_years}y")


@rule(
    source="Overenskomst om almen praksis (OK22) § 13, stk. 6, via laeger.dk",
    unit="yes or no",
    since="2022-01-31",
    until="2027-01-01",
    implements=("R37",),
)
def extra_capacity_due(_: NoParams, share_until: pl.Expr, day: pl.Expr, threatened_area: pl.Expr) -> pl.Expr:
    """Whether a practice may apply for an extra capacity (ekstra kapacitet).

    Its practice share has run out and its area is still named as threatened.
    """
    return (share_until <= day) & threatened_area


@rule(
    source="Overenskomst om almen praksis (OK22) § 13, stk. 6, and sundhedsloven § 206 b: which one wins is not known",
    unit="yes or no",
    since="2025-07-01",
    until="2027-01-01",
    implements=("R37", "T19"),
)
def ask_a_person(p: ExtraCapacityParams, extra_capacity_due: pl.Expr, headroom: pl.Expr) -> pl.Expr:
    """Whether a person must decide on an extra capacity (lægedækningstruet område).

    A practice share in a threatened area has run out and the practice may get an extra capacity by the agreement,
    but its area has no headroom: the sources do not say which wins.
    """
    return extra_capacity_due & (headroom < 1) & pl.lit(p.extra_capacity_above_ceiling == "ask_a_person")
