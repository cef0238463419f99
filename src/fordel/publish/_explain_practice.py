"""Explain a practice: minimum per capacity, minimum of the practice, closing limit, patients missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fordel.law.rounding import whole
from fordel.publish._explain_held import minimum_step, outlook_steps
from fordel.publish._explain_steps import Step, parameter
from fordel.publish._words import word

if TYPE_CHECKING:
    from fordel.publish._explain_steps import Writer

TABLE = "practices"


def practice_answer(writer: Writer, row: dict[str, Any]) -> tuple[str, str]:
    """Give the question and its answer in one sentence."""
    n = writer.n
    if row["minimum_per_capacity"] is None:
        return word("why_none", writer.lang), word("answer_empty", writer.lang, name=row["name"])
    held = row["minimum_per_capacity"]
    why = "why_minimum" if held == row["indicative_minimum"] else "why_minimum_held"
    question = word(why, writer.lang, number=n(held))
    answer = word(
        "answer_may_close" if row["may_close"] else "answer_missing",
        writer.lang,
        name=row["name"],
        patients=n(row["patients"]),
        limit=n(row["closing_minimum"]),
        missing=n(row["patients_missing"]),
    )
    return question, answer


def practice_steps(writer: Writer, row: dict[str, Any]) -> tuple[Step, ...]:
    """Go from the right to close down to the list, then say how the list and the minimum may move."""
    limit, patients = row["closing_minimum"], row["patients"]
    closing = _closing(writer, row)
    listed = writer.given(TABLE, "patients", row)
    may_close = writer.applied(
        TABLE,
        "may_close",
        row,
        arithmetic="" if limit is None else _compared(writer, patients, limit),
        again=None if limit is None else patients >= limit,
        rests_on=(listed, closing),
    )
    missing = writer.applied(
        TABLE,
        "patients_missing",
        row,
        arithmetic="" if limit is None else _missing(writer, patients, limit),
        again=None if limit is None else max(0, limit - patients),
    )
    return may_close, missing, *outlook_steps(writer, row)


def _compared(writer: Writer, patients: int, limit: int) -> str:
    return f"{writer.n(patients)} {'≥' if patients >= limit else '<'} {writer.n(limit)}"


def _missing(writer: Writer, patients: int, limit: int) -> str:
    n = writer.n
    difference = f"{n(limit)} − {n(patients)} = {n(limit - patients)}"
    return difference if limit >= patients else f"{difference} → {n(0)}"


def _closing(writer: Writer, row: dict[str, Any]) -> Step:
    used = writer.run.rule("minimum.closing_minimum")
    own, held, limit = _practice_minimum(writer, row), row["capacities_released"], row["closing_minimum"]
    again = row["practice_minimum"]
    arithmetic = "" if again is None else writer.n(again)
    rests_on: tuple[Step, ...] = (own,)
    if used.parameters:
        uniform = parameter(used, "uniform_closing_limit")
        again = int(uniform * held)
        arithmetic = f"{writer.n(uniform)} × {writer.capacities(held)} = {writer.n(again)}"
        rests_on = (writer.given(TABLE, "capacities_released", row), own)
    if row["dispensed_minimum"] is None:
        return writer.applied(TABLE, "closing_minimum", row, arithmetic=arithmetic, again=again, rests_on=rests_on)
    used, each = writer.run.rule("minimum.dispensed_closing_minimum"), row["dispensed_minimum"]
    words = {
        "limit": writer.n(again),
        "each": writer.n(each),
        "held": writer.capacities(held),
        "number": writer.n(limit),
    }
    dispensed = whole(round(each * held, 9), parameter(used, "minimum_rounding"))
    return writer.applied(
        TABLE,
        "closing_minimum",
        row,
        arithmetic=word("dispensed", writer.lang, **words),
        again=dispensed if again is None else min(again, dispensed),
        rests_on=(*rests_on, writer.given(TABLE, "dispensed_minimum", row)),
        rule=used,
    )


def _practice_minimum(writer: Writer, row: dict[str, Any]) -> Step:
    each, held = row["minimum_per_capacity"], row["capacities_released"]
    used = writer.run.rule("minimum.practice_minimum")
    arithmetic, again = "", None
    if each is not None:
        again = whole(round(each * held, 9), parameter(used, "minimum_rounding"))
        arithmetic = f"{writer.n(each)} × {writer.capacities(held)} = {_rounded(writer, each * held, again, 1)}"
    rests_on = (minimum_step(writer, row, _indicative(writer, row)), writer.given(TABLE, "capacities_released", row))
    return writer.applied(TABLE, "practice_minimum", row, arithmetic=arithmetic, again=again, rests_on=rests_on)


def _indicative(writer: Writer, row: dict[str, Any]) -> Step:
    used = writer.run.rule("minimum.indicative_minimum")
    norm, most = parameter(used, "weighted_citizens_per_capacity"), int(parameter(used, "list_maximum"))
    weight, arithmetic, again = row["mean_weight"], "", None
    if weight is not None:
        rounded = whole(round(norm / weight, 9), parameter(used, "minimum_rounding"))
        again = min(rounded, most)
        arithmetic = f"{writer.n(norm)} / {writer.n(weight, 6)} = {_rounded(writer, norm / weight, rounded, 3)}"
        if again < rounded:
            arithmetic += f" → {word('capped', writer.lang, number=writer.n(most))}"
    rests_on = (_mean_weight(writer, row),)
    return writer.applied(TABLE, "indicative_minimum", row, arithmetic=arithmetic, again=again, rests_on=rests_on)


def _mean_weight(writer: Writer, row: dict[str, Any]) -> Step:
    weighted, patients = row["weighted_patients"], row["patients"]
    arithmetic = (
        f"{writer.n(weighted, 3)} / {writer.n(patients)} = {writer.n(row['mean_weight'], 6)}" if patients else ""
    )
    of_groups = writer.applied(
        TABLE, "weighted_patients", row, arithmetic=word("groups_not_in_run", writer.lang) if patients else ""
    )
    return writer.applied(
        TABLE,
        "mean_weight",
        row,
        arithmetic=arithmetic,
        again=weighted / patients if patients else None,
        says=writer.meaning(TABLE, "mean_weight"),
        rests_on=(of_groups, writer.given(TABLE, "patients", row)),
    )


def _rounded(writer: Writer, exact: float, rounded: int, decimals: int) -> str:
    whole_already = float(exact).is_integer()
    return writer.n(rounded) if whole_already else f"{writer.n(exact, decimals)} → {writer.n(rounded)}"
