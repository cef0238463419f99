"""What a caseworker must look at (opmærksomhedspunkter): each look is one rule applied to the register on a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from fordel.casework.capacity import Event, holds_on, shares_on, state_on
from fordel.casework.moves import State
from fordel.casework.owners import owners_on
from fordel.casework.ownership import (
    ask_a_person,
    employed_within_limit,
    extra_capacity_due,
    may_take_back,
    practice_share_within_limit,
)
from fordel.law import Law, NotInForce

FOUND = {"look": pl.String, "subject": pl.String, "since": pl.Date, "why": pl.String}


@dataclass(frozen=True, eq=False)
class Records:
    """What is on record; None for what nobody gave, which then is not looked at.

    Attributes:
        events: the register of capacities.
        shares: rows of ``DoctorShares``.
        ownerships: rows of ``Ownerships``.
        decisions: rows of ``Decisions``; practice shares are looked at.
        headroom: what ``headroom_by_municipality`` gives.
        practices: ``practice_id, municipality``.
        threatened: municipalities the region has named as threatened (lægedækningstruede).
    """

    events: tuple[Event, ...]
    shares: pl.DataFrame | None = None
    ownerships: pl.DataFrame | None = None
    decisions: pl.DataFrame | None = None
    headroom: pl.DataFrame | None = None
    practices: pl.DataFrame | None = None
    threatened: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Asked:
    """A question to the records: the law that answers it, the day, and the capacities' states on it."""

    law: Law
    records: Records
    day: date
    known_on: datetime | None
    states: pl.DataFrame

    def shares(self) -> pl.DataFrame:
        """Give the parts of capacities that doctors fill."""
        return shares_on(_given(self.records.shares, "doctors' shares"), self.day, self.known_on)

    def in_threatened(self) -> pl.Expr:
        """Tell which rows lie in a threatened area."""
        return pl.col("municipality").is_in(sorted(self.records.threatened))


class NotGiven(Exception):
    """Records that a look needs and nobody gave."""


def attention(
    law: Law, records: Records, day: date, known_on: datetime | None = None
) -> tuple[pl.DataFrame, list[str]]:
    """List what needs a person on a day, as known at a moment.

    Args:
        law: the law of the day.
        records: what is on record.
        day: the day asked for.
        known_on: the moment for the register; None for all that is recorded.

    Returns:
        ``look, subject, since, why``, longest first within a look; and what was not looked at, with the reason.
    """
    asked = Asked(law, records, day, known_on, state_on(records.events, day, known_on))
    found, left_out = [pl.DataFrame(schema=FOUND)], []
    for name, look in LOOKS.items():
        try:
            rows = look(asked)
        except (NotGiven, NotInForce) as reason:
            left_out.append(f"{name}: {str(reason).splitlines()[0]}")
            continue
        found.append(rows.select(pl.lit(name).alias("look"), "subject", "since", "why").sort("since", "subject"))
    return pl.concat(found), left_out


def _vacant(asked: Asked) -> pl.DataFrame:
    """Capacities vacant so long that the region may take them back."""
    due = asked.law.apply(may_take_back, pl.col("since"), pl.lit(asked.day))
    rows = asked.states.filter((pl.col("state") == str(State.VACANT)) & due)
    why = pl.format("held by {} in {}; the region may take it back", "practice_id", "municipality")
    return rows.select("since", why.alias("why"), subject="capacity_id")


def _employed(asked: Asked) -> pl.DataFrame:
    """Practices in which employed doctors fill more than they may."""
    shares = asked.shares()
    employed = (
        shares.filter(role="employed")
        .group_by("capacity_id")
        .agg(employed=pl.col("share").sum(), since=pl.col("valid_from").max())
    )
    held = asked.states.drop_nulls("practice_id").join(employed, on="capacity_id", how="left", suffix="_employed")
    practices = held.group_by("practice_id").agg(
        pl.col("municipality").first(),
        pl.col("employed").sum(),
        since=pl.col("since_employed").max(),
        capacities=pl.len().cast(pl.Float64),
    )
    within = asked.law.apply(employed_within_limit, pl.col("employed"), pl.col("capacities"), asked.in_threatened())
    why = pl.format("employed doctors fill {} of {} capacities", _plain("employed"), _plain("capacities"))
    return practices.filter(~within).select("since", why.alias("why"), subject="practice_id")


def _overfilled(asked: Asked) -> pl.DataFrame:
    """Capacities that doctors fill more than once over, or that doctors fill and the register calls something else."""
    filled = asked.shares().group_by("capacity_id").agg(pl.col("share").sum(), since=pl.col("valid_from").max())
    rows = filled.join(asked.states.select("capacity_id", "state"), on="capacity_id", how="left")
    state = pl.col("state").cast(pl.String).fill_null("not released")
    wrong = (pl.col("share") > 1 + 1e-9) | (state != str(State.FILLED))
    why = pl.format("doctors fill {} of it; the register says {}", _plain("share"), state)
    return rows.filter(wrong).select("since", why.alias("why"), subject="capacity_id")


def _owners(asked: Asked) -> pl.DataFrame:
    """Owners of more provider numbers than anybody may acquire: they keep them and get no more."""
    ownerships = _given(asked.records.ownerships, "ownerships")
    owners = owners_on(asked.law, ownerships, asked.day)
    most = int(asked.law.value("provider_numbers_max"))
    since = ownerships.filter(holds_on(asked.day)).group_by("doctor_id").agg(since=pl.col("valid_from").max())
    rows = owners.filter(pl.col("owned") > most).join(since, on="doctor_id")
    why = pl.format(f"owns {{}} provider numbers; may acquire none before owning fewer than {most}", "owned")
    return rows.select("since", why.alias("why"), subject="doctor_id")


def _long_shares(asked: Asked) -> pl.DataFrame:
    """Practice shares that have lasted longer than they may."""
    shares = _practice_shares(asked).filter(pl.col("valid_from") <= asked.day)
    reached = pl.min_horizontal(pl.col("valid_until").fill_null(asked.day), pl.lit(asked.day))
    within = asked.law.apply(practice_share_within_limit, pl.col("valid_from"), reached)
    why = pl.lit("the practice share has lasted longer than it may")
    return shares.filter(~within).select(why.alias("why"), subject="practice_id", since="valid_from")


def _extra_capacities(asked: Asked) -> pl.DataFrame:
    """Practices due an extra capacity by the agreement where the ceiling has no room: a person decides."""
    headroom = _given(asked.records.headroom, "a run, for the headroom")
    shares = _practice_shares(asked).join(headroom, on="municipality", how="left").drop_nulls("valid_until")
    due = asked.law.apply(extra_capacity_due, pl.col("valid_until"), pl.lit(asked.day), asked.in_threatened())
    unclear = asked.law.apply(ask_a_person, due, pl.col("headroom"))
    why = pl.format(
        "practice share over, an extra capacity due; {} has headroom {}: a person decides",
        "binding_area",
        _plain("headroom"),
    )
    return shares.filter(unclear).select(why.alias("why"), subject="practice_id", since="valid_until")


def _practice_shares(asked: Asked) -> pl.DataFrame:
    decisions = _given(asked.records.decisions, "a snapshot, for the decisions")
    practices = _given(asked.records.practices, "a snapshot, for the practices")
    shares = decisions.filter(kind="practice_share")
    return shares.join(practices.select("practice_id", "municipality"), on="practice_id")


def _plain(column: str) -> pl.Expr:
    """Write a number without the decimals it does not need."""
    return pl.col(column).round(2).cast(pl.String).str.strip_suffix(".0")


def _given(frame: pl.DataFrame | None, what: str) -> pl.DataFrame:
    if frame is None:
        raise NotGiven(f"needs {what}")
    return frame


LOOKS: dict[str, Callable[[Asked], pl.DataFrame]] = {
    "vacant long enough to take back": _vacant,
    "employed doctors above their limit": _employed,
    "shares and register disagree": _overfilled,
    "owner above the limit": _owners,
    "practice share too long": _long_shares,
    "extra capacity above the ceiling": _extra_capacities,
}
