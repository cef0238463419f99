"""Explain the minimum that holds: settled against the earlier one, decided by the region; and how it may move."""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING, Any

from fordel.publish._explain_steps import Step, parameter
from fordel.publish._words import catalogue, word

if TYPE_CHECKING:
    from fordel.publish._explain_steps import Writer

TABLE = "practices"


def minimum_step(writer: Writer, row: dict[str, Any], indicative: Step) -> Step:
    """Tell which minimum per capacity holds: what the region decided, else the settled one."""
    held, decided = row["minimum_per_capacity"], row["decided_minimum"]
    settled = _settled(writer, row, indicative)
    rests_on: tuple[Step, ...] = (settled,)
    if held is None:
        return writer.applied(TABLE, "minimum_per_capacity", row, arithmetic="", rests_on=rests_on)
    if decided is None:
        arithmetic = word("nothing_decided", writer.lang, number=writer.n(held))
        again = row["settled_minimum"]
    else:
        ground = ground_in_words(row["decision_ground"], writer)
        words = {"number": writer.n(held), "decision": row["decision_id"], "ground": ground}
        arithmetic = word("decided", writer.lang, **words)
        again, rests_on = int(decided), (settled, writer.given(TABLE, "decided_minimum", row))
    return writer.applied(TABLE, "minimum_per_capacity", row, arithmetic=arithmetic, again=again, rests_on=rests_on)


def ground_in_words(ground: str, writer: Writer) -> str:
    """Give a reason code in words, or as it stands where the region has its own."""
    known = f"ground_{ground}" in catalogue()["words"]
    return word(f"ground_{ground}", writer.lang) if known else ground


def _settled(writer: Writer, row: dict[str, Any], indicative: Step) -> Step:
    earlier, settled = row["earlier_minimum"], row["settled_minimum"]
    rests_on = (indicative,) if earlier is None else (indicative, writer.given(TABLE, "earlier_minimum", row))
    if settled is None:
        return writer.applied(TABLE, "settled_minimum", row, arithmetic="", rests_on=rests_on)
    arithmetic, again = _settling(writer, row)
    return writer.applied(TABLE, "settled_minimum", row, arithmetic=arithmetic, again=again, rests_on=rests_on)


def _settling(writer: Writer, row: dict[str, Any]) -> tuple[str, int]:
    """Settle again: deadband, limit on change, norm."""
    used, n = writer.run.rule("minimum.settled_minimum"), writer.n
    indicative, earlier = row["indicative_minimum"], row["earlier_minimum"]
    deadband, limit = int(parameter(used, "minimum_deadband")), int(parameter(used, "minimum_yearly_change"))
    words = {"indicative": n(indicative), "earlier": n(earlier), "deadband": n(deadband), "limit": n(limit)}
    if earlier is None:
        again, key = indicative, "no_earlier"
    elif indicative is None:
        again, key = earlier, "kept_empty"
    elif abs(indicative - earlier) <= deadband:
        again, key = earlier, "kept_earlier"
    else:
        again, key = min(max(indicative, earlier - limit), earlier + limit), "limited_change"
    arithmetic = word(key, writer.lang, **{**words, "number": n(again)})
    norm = int(parameter(used, "weighted_citizens_per_capacity"))
    if parameter(used, "higher_minimum_voluntary") and again > norm:
        return f"{arithmetic} → {word('at_most_norm', writer.lang, number=n(norm))}", norm
    return arithmetic, again


def outlook_steps(writer: Writer, row: dict[str, Any]) -> tuple[Step, Step]:
    """Tell how long natural leaving takes, and how much the minimum sways by itself."""
    return _years(writer, row), _sway(writer, row)


def _years(writer: Writer, row: dict[str, Any]) -> Step:
    used, years, n = writer.run.rule("minimum.years_to_minimum"), row["years_to_minimum"], writer.n
    patients, limit, arithmetic, again = row["patients"], row["closing_minimum"], "", years
    turnover = parameter(used, "list_turnover")
    if years is not None and patients <= limit:
        arithmetic, again = f"{n(patients)} ≤ {n(limit)}", 0.0
    elif years is not None and not parameter(used, "forced_moves"):
        again = round(log(limit / patients) / log(1 - turnover), 2)
        arithmetic = f"ln({n(limit)} / {n(patients)}) / ln(1 − {n(turnover, 2)}) = {n(again, 2)}"
    return writer.applied(TABLE, "years_to_minimum", row, arithmetic=arithmetic, again=again)


def _sway(writer: Writer, row: dict[str, Any]) -> Step:
    used, held, patients, n = (
        writer.run.rule("minimum.minimum_sway"),
        row["minimum_per_capacity"],
        row["patients"],
        writer.n,
    )
    if held is None or not patients:
        return writer.applied(TABLE, "minimum_sway", row, arithmetic="")
    spread, turnover = parameter(used, "weight_spread"), parameter(used, "list_turnover")
    again = held * spread * sqrt(2 * turnover / patients)
    arithmetic = f"{n(held)} × {n(spread, 2)} × √(2 × {n(turnover, 2)} / {n(patients)}) = {n(again, 1)}"
    return writer.applied(TABLE, "minimum_sway", row, arithmetic=arithmetic, again=again)
