"""Explain a ceiling: find the common divisor that gives every area of the sharing its number, or the area's share.

A divisor method gives an area ``s`` capacities just when one divisor makes every need, divided by it, round to that
area's ``s`` (Balinski and Young, Fair Representation, 2nd ed. 2001, chapter 12). Finding the divisor proves the whole
sharing again without repeating it.
"""

from __future__ import annotations

from math import ceil, floor, inf, sqrt
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.law.rounding import whole
from fordel.publish._explain_steps import DoesNotAddUp, Step, Writer, parameter
from fordel.publish._words import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from fordel.law import RuleUsed
    from fordel.runs.record import Run

TABLE = "areas"

# Where a need divided by the common divisor begins to round to s + 1: the signpost after s.
SIGNPOSTS: dict[str, Callable[[int], float]] = {
    "adams": lambda s: s,
    "jefferson": lambda s: s + 1,
    "webster": lambda s: s + 0.5,
    "huntington_hill": lambda s: sqrt(s * (s + 1)),
}


def parts_of(run: Run, row: dict[str, Any]) -> pl.DataFrame:
    """Give the areas that lie in an area, itself not counted."""
    if row["level"] == "nation":
        return run.areas.filter(pl.col("level") != "nation")
    if row["level"] == "municipality":
        return run.areas.clear()
    return run.areas.filter(pl.col(row["level"]) == row["area_id"])


def ceiling_step(writer: Writer, row: dict[str, Any], need: Step) -> Step:
    """Tell how an area got its ceiling: published, given, shared out with others, rounded alone, or summed."""
    if row["published_ceiling"] == row["ceiling"]:
        return _published(writer, row, need)
    if row["level"] == "nation" and writer.run.manifest.total_given:
        given = word("given_total", writer.lang)
        again = writer.run.manifest.total
        return _step(writer, row, need, arithmetic="", again=again, says=given)
    if row["level"] == "nation" and _applied(writer.run, "allocation.national_ceiling") and _as_computed(row):
        return _nation(writer, row, need)
    if row["shared_from"] is not None:
        return _shared_out(writer, row, need)
    return _alone(writer, row, need) if row["binding"] else _summed(writer, row, need)


def _applied(run: Run, rule: str) -> RuleUsed | None:
    return next((used for used in run.rules if used.rule == rule), None)


def _as_computed(row: dict[str, Any]) -> bool:
    return bool(row["ceiling"] == row["computed_ceiling"])


def _step(writer: Writer, row: dict[str, Any], need: Step, **told: Any) -> Step:
    """Tell of a ceiling; the rule is the one that rounds alone where nothing was shared out."""
    rule = _applied(writer.run, "allocation.ceilings") or writer.run.rule("allocation.unscaled_ceilings")
    return writer.applied(TABLE, "ceiling", row, **{"rule": rule, "rests_on": (need,), **told})


def _published(writer: Writer, row: dict[str, Any], need: Step) -> Step:
    """A published ceiling is not computed; what it would have been is told beside it."""
    computed = word("computed_would_be", writer.lang, number=writer.n(row["computed_ceiling"]))
    says = word("published_ceiling", writer.lang, year=str(writer.run.manifest.law_date.year))
    return _step(writer, row, need, arithmetic=computed, again=row["published_ceiling"], says=says)


def _nation(writer: Writer, row: dict[str, Any], need: Step) -> Step:
    used = writer.run.rule("allocation.national_ceiling")
    again = whole(row["need"], parameter(used, "national_total_rounding"))
    arithmetic = f"{writer.n(row['need'], 4)} → {writer.n(again)}"
    scaled = writer.applied(
        TABLE, "computed_ceiling", row, arithmetic="", rule=writer.run.rule("allocation.rescaled"), rests_on=(need,)
    )
    return _step(writer, row, need, arithmetic=arithmetic, again=again, rule=used, rests_on=(scaled,))


def _alone(writer: Writer, row: dict[str, Any], need: Step) -> Step:
    """Nothing holds the ceilings together: the area's own need is rounded."""
    used = writer.run.rule("allocation.unscaled_ceilings")
    again = whole(row["need"], parameter(used, "ceiling_rounding"))
    arithmetic = f"{writer.n(row['need'], 4)} → {writer.n(again)}"
    return _step(writer, row, need, arithmetic=arithmetic, again=again, rule=used)


def _summed(writer: Writer, row: dict[str, Any], need: Step) -> Step:
    parts = parts_of(writer.run, row).filter(level="municipality")
    level = word("level_municipality", writer.lang)
    terms = word("sum_of", writer.lang, count=writer.n(parts.height), level=level)
    again = int(parts["ceiling"].sum())
    return _step(writer, row, need, arithmetic=f"{terms} = {writer.n(row['ceiling'])}", again=again)


def _shared_out(writer: Writer, row: dict[str, Any], need: Step) -> Step:
    """Show the need divided by the divisor common to all that share; without one, the area's exact share."""
    used = writer.run.rule("allocation.ceilings")
    sharers = _sharers(writer.run, row)
    method, total = parameter(used, "apportionment_method"), int(sharers["ceiling"].sum())
    divisor = _common_divisor(sharers["need"].to_list(), sharers["ceiling"].to_list(), method)
    if divisor is None:
        arithmetic = _share(writer, row, sharers, method, total)
    else:
        quotient = f"{writer.n(row['need'], 4)} / {writer.n(divisor, 6)} = {writer.n(row['need'] / divisor, 3)}"
        shared = {"divisor": writer.n(divisor, 6), "count": writer.n(sharers.height), "total": writer.n(total)}
        arithmetic = f"{quotient} → {writer.n(row['ceiling'])} ({word('divisor', writer.lang, **shared)})"
    return _step(writer, row, need, arithmetic=arithmetic, again=row["ceiling"], rule=used)


def _sharers(run: Run, row: dict[str, Any]) -> pl.DataFrame:
    """Give all that share the ceiling this one is a share of.

    Where published ceilings stand beside a nation's total that nothing fixes, the others keep what they would have
    had without: a share with all, the published ones too.
    """
    binding = pl.col("binding") == row["binding"]
    total_fixed = run.manifest.total_given or run.areas.row(0, named=True)["published_ceiling"] is not None
    if row["shared_from"] == "dk" and not total_fixed:
        return run.areas.filter(binding).with_columns(ceiling="computed_ceiling")
    return run.areas.filter(binding & (pl.col("shared_from") == row["shared_from"]))


def _common_divisor(needs: list[float], ceilings: list[int], method: str) -> float | None:
    """Find a divisor that rounds every need to its ceiling; None for methods that have none.

    Raises:
        DoesNotAddUp: the method has one, but no divisor gives these ceilings.
    """
    post = SIGNPOSTS.get(method)
    if post is None or not sum(ceilings):
        return None
    pairs = [(need, s) for need, s in zip(needs, ceilings, strict=True) if need > 0]
    least = max(need / post(s) if post(s) else inf for need, s in pairs)
    most = min(need / post(s - 1) if s and post(s - 1) else inf for need, s in pairs)
    if least == inf:  # fewer capacities than areas: each of the largest got its first, before any division
        return None
    if least > most * (1 + 1e-12):
        raise DoesNotAddUp(f"No common divisor gives the ceilings of the run by the method {method}.")
    return least if most == inf else (least + most) / 2


def _share(writer: Writer, row: dict[str, Any], sharers: pl.DataFrame, method: str, total: int) -> str:
    whole_need = float(sharers["need"].sum())
    share = row["need"] * total / whole_need if whole_need else 0.0
    if method in ("hamilton", "quota") and not floor(share) <= row["ceiling"] <= ceil(share):
        raise DoesNotAddUp(
            f"The ceiling {row['ceiling']} of {row['name']} is not its share {share} rounded up or down."
        )
    fraction = f"{writer.n(row['need'], 4)} / {writer.n(whole_need, 4)} × {writer.n(total)} = {writer.n(share, 3)}"
    says = word("share", writer.lang, total=writer.n(total), method=method)
    return f"{fraction} ({says}: {writer.n(row['ceiling'])})"
