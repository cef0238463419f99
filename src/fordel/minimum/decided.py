"""What the region has decided for practices (beslutninger): deviations and dispensations in force on the law date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.law import LawError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fordel.law import Law

DEVIATION, DISPENSATION = "minimum_deviation", "closing_dispensation"


def decisions_in_force(law: Law, decisions: pl.DataFrame, practices: pl.DataFrame) -> pl.DataFrame:
    """Give each practice's deviation and dispensation on the law date.

    Args:
        law: the law of the day; grounds and the upper closing limit are its.
        decisions: the snapshot's decisions, of every kind and period.
        practices: with ``practice_id``.

    Returns:
        ``practice_id, decided_minimum, dispensed_minimum`` (patients / capacity), ``decision_id, decision_ground`` (of
        the deviation, else of the dispensation), for practices that have either.

    Raises:
        LawError: a practice that is not there, two decisions of one kind at once, a ground the law does not know, or
            more than the upper closing limit; every fault is listed.
    """
    holds = (pl.col("valid_from") <= law.day) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > law.day))
    found = decisions.with_columns(pl.col("kind").cast(pl.String)).filter(
        holds & pl.col("kind").is_in([DEVIATION, DISPENSATION])
    )
    if faults := list(_faults(law, found, practices)):
        listed = "\n".join(f"  {fault}" for fault in faults)
        decisions_named = ", ".join(dict.fromkeys(fault.partition(":")[0] for fault in faults))
        raise LawError(
            f"The decisions in force on {law.day} are not in order:\n{listed}\n  Look in: decisions",
            code="decisions_not_in_order",
            day=law.day,
            listed=decisions_named,
        )
    kept = ("practice_id", "decision_id", "decision_ground")
    deviations, dispensations = (
        found.filter(kind=kind).select(
            "practice_id", "decision_id", pl.col("ground").alias("decision_ground"), pl.col("value").alias(value)
        )
        for kind, value in ((DEVIATION, "decided_minimum"), (DISPENSATION, "dispensed_minimum"))
    )
    both = deviations.join(dispensations, on="practice_id", how="full", coalesce=True, suffix="_of_dispensation")
    first = [pl.coalesce(name, f"{name}_of_dispensation").alias(name) for name in kept[1:]]
    return both.select("practice_id", "decided_minimum", "dispensed_minimum", *first).sort("practice_id")


def _faults(law: Law, found: pl.DataFrame, practices: pl.DataFrame) -> Iterator[str]:
    there = set(practices["practice_id"])
    grounds, most = law.value("minimum_deviation_grounds"), law.value("list_maximum")
    held: dict[tuple[str, str], str] = {}
    for row in found.sort("decision_id").to_dicts():
        name, practice, key = row["decision_id"], row["practice_id"], (row["kind"], row["practice_id"])
        if practice not in there:
            yield f"{name}: practice {practice} is not in the snapshot."
        if key in held:
            yield f"{name}: practice {practice} has {held[key]} of the same kind; end one of them."
        held[key] = name
        if row["kind"] == DEVIATION and row["ground"] not in grounds:
            yield f"{name}: the ground {row['ground']!r} is none of {', '.join(grounds)}."
        if row["value"] > most:
            yield f"{name}: {row['value']:g} patients per capacity is above the upper closing limit, {most:,}."
