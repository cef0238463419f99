"""Explain an area: need, ceiling, what counts against it, headroom, what may be released, open choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish._explain_ceiling import ceiling_step, parts_of
from fordel.publish._explain_steps import Step, parameter
from fordel.publish._words import word
from fordel.publish.disclosure.areas import shown_areas

if TYPE_CHECKING:
    from fordel.publish._explain_steps import Writer

TABLE = "areas"


def area_answer(writer: Writer, row: dict[str, Any]) -> tuple[str, str]:
    """Give the question and its answer in one sentence."""
    numbers = {
        "need": writer.n(row["need"], 2),
        "ceiling": writer.n(row["ceiling"]),
        "released": writer.capacities(row["capacities_released"]),
        **{name: writer.capacities(row[name]) for name in ("headroom", "surplus", "releasable")},
    }
    question = word("why_ceiling", writer.lang, number=numbers["ceiling"])
    answer = "answer_area_indicative" if row["releasable"] is None else "answer_area"
    return question, word(answer, writer.lang, name=row["name"], **numbers)


def area_steps(writer: Writer, row: dict[str, Any]) -> tuple[Step, ...]:
    """Go from what may be released down to the people who live there, then to their choices."""
    return (
        _releasable(writer, row),
        _beyond(writer, row, "surplus"),
        *_alerts(writer, row),
        *_exceptions(writer, row),
        *_growth(writer, row),
        _mean_weight(writer, row),
        *(_choices(writer, row, name) for name in _OPEN_CHOICES),
    )


def _releasable(writer: Writer, row: dict[str, Any]) -> Step:
    headroom = (_beyond(writer, row, "headroom"), *_binding_level(writer, row))
    if row["binding"]:
        room = row["headroom"]
        return writer.applied(
            TABLE, "releasable", row, arithmetic=writer.capacities(room), again=room, rests_on=headroom
        )
    if row["releasable"] is None:
        level = word(f"level_{row['binding_level']}", writer.lang)
        says = word("not_decided", writer.lang, level=level)
        return writer.applied(TABLE, "releasable", row, arithmetic="", says=says, rests_on=headroom)
    binding = parts_of(writer.run, row).filter("binding")
    return writer.applied(
        TABLE,
        "releasable",
        row,
        arithmetic=_sum(writer, binding, "headroom"),
        again=float(binding["headroom"].sum()),
        rests_on=headroom,
    )


def _binding_level(writer: Writer, row: dict[str, Any]) -> tuple[Step, ...]:
    """Tell which level binds by the region's own law; nothing where the regions within differ."""
    if row["binding_level"] is None:
        return ()
    region = row["area_id"] if row["level"] == "region" else row["region"]
    uses = [used for used in writer.run.rules if used.rule == "allocation.binding_level"]
    used = next((u for u in uses if u.authority == region), uses[0])
    return (writer.applied(TABLE, "binding_level", row, arithmetic="", rule=used),)


def _sum(writer: Writer, parts: pl.DataFrame, name: str) -> str:
    """Write a sum out: its terms above 0 by name when they are few, else how many there are."""
    terms = parts.filter(pl.col(name) > 0)
    total = writer.capacities(float(parts[name].sum()))
    if terms.height > 8 or terms.is_empty():
        levels = sorted(set(parts["level"]))
        level = ", ".join(word(f"level_{level}", writer.lang) for level in levels)
        return f"{word('sum_of', writer.lang, count=writer.n(parts.height), level=level)} = {total}"
    written = (f"{writer.capacities(value)} ({area})" for area, value in terms.select("name", name).iter_rows())
    return f"{' + '.join(written)} = {total}"


def _alerts(writer: Writer, row: dict[str, Any]) -> tuple[Step, ...]:
    """Tell that an area is short by its guiding ceiling while the one that binds leaves no room, or not enough."""
    found = writer.run.alerts.filter((pl.col("level") == row["level"]) & (pl.col("area_id") == row["area_id"]))
    steps = []
    for alert in found.iter_rows(named=True):
        binding = {"name": alert["whole_name"], "room": writer.capacities(alert["whole_headroom"])}
        told = word(alert["alert"], writer.lang, **binding, missing=writer.capacities(alert["missing_in_whole"]))
        steps.append(writer.applied("alerts", "capacities_missing", alert, arithmetic="", says=told))
        island = next((u for u in writer.run.rules if u.rule == "allocation.island_exception_allowed"), None)
        if alert["island"] and island is not None:
            steps.append(writer.applied("alerts", "island", alert, arithmetic="", rule=island))
    return tuple(steps)


def _exceptions(writer: Writer, row: dict[str, Any]) -> tuple[Step, ...]:
    """Name the decisions that allow the area, or an area in it, more than its ceiling."""
    if not row["exception_capacities"]:
        return ()
    here = [row["area_id"], *parts_of(writer.run, row)["area_id"]]
    decided = writer.run.exceptions.filter(
        pl.col("area_id").is_in(here) & pl.col("standing").is_in(["counts", "counts_unshown"])
    )
    terms = (
        f"{writer.capacities(d['capacities'])} ({d['name']}: {d['decision_id']}, {d['ground']})"
        for d in decided.iter_rows(named=True)
    )
    says = writer.meaning(TABLE, "exception_capacities")
    arithmetic = f"{' + '.join(terms)} = {writer.capacities(row['exception_capacities'])}"
    return (writer.given(TABLE, "exception_capacities", row, says=says, arithmetic=arithmetic),)


def _growth(writer: Writer, row: dict[str, Any]) -> tuple[Step, ...]:
    """Tell what growth beyond the model's would justify, where both forecasts are known."""
    if row["growth_capacities"] is None:
        return ()
    return (writer.applied(TABLE, "growth_capacities", row, arithmetic=""),)


def _beyond(writer: Writer, row: dict[str, Any], name: str) -> Step:
    """Headroom is the ceiling less what counts; surplus is the other way round; neither is below 0."""
    counts_vacant = parameter(writer.run.rule("allocation.capacities_counted"), "release_counts_vacant")
    counted_as = "capacities_released" if counts_vacant else "capacities_filled"
    counted = writer.applied(
        TABLE, counted_as, row, arithmetic="", rule=writer.run.rule("allocation.capacities_counted")
    )
    first, second = (row["ceiling"], row[counted_as])[:: 1 if name == "headroom" else -1]
    difference = f"{writer.capacities(first)} − {writer.capacities(second)} = {writer.capacities(first - second)}"
    return writer.applied(
        TABLE,
        name,
        row,
        arithmetic=difference if first >= second else f"{difference} → {writer.n(0)}",
        again=float(max(0, first - second)),
        rests_on=(ceiling_step(writer, row, _need(writer, row)), counted) if name == "headroom" else (),
    )


def _need(writer: Writer, row: dict[str, Any]) -> Step:
    norm = parameter(writer.run.rule("allocation.treatment_need"), "weighted_citizens_per_capacity")
    weighted = row["weighted_citizens"]
    return writer.applied(
        TABLE,
        "need",
        row,
        arithmetic=f"{writer.n(weighted, 1)} / {writer.n(norm)} = {writer.n(row['need'], 4)}",
        again=weighted / norm,
        rests_on=(_weighted_citizens(writer, row),),
    )


def _weighted_citizens(writer: Writer, row: dict[str, Any]) -> Step:
    """The nation's weighted citizens are its people; an area's come from groups the run does not hold."""
    scale = parameter(writer.run.rule("need.need_weight"), "mean_weight_nation")
    nation = row["level"] == "nation"
    return writer.applied(
        TABLE,
        "weighted_citizens",
        row,
        arithmetic=word("nation_is_people" if nation else "groups_not_in_run", writer.lang),
        again=row["people"] * scale if nation else None,
        rests_on=(writer.given(TABLE, "people", row),),
    )


def _mean_weight(writer: Writer, row: dict[str, Any]) -> Step:
    people, weighted, weight = row["people"], row["weighted_citizens"], row["mean_weight"]
    arithmetic = f"{writer.n(weighted, 1)} / {writer.n(people)} = {writer.n(weight, 6)}" if people else ""
    again = weighted / people if people else None
    return writer.applied(
        TABLE, "mean_weight", row, arithmetic=arithmetic, again=again, says=writer.meaning(TABLE, "mean_weight")
    )


_OPEN_CHOICES = {
    "people_no_choice": pl.col("open_choices") == 0,
    "people_one_choice": pl.col("open_choices") == 1,
    "people_two_choices": pl.col("open_choices") >= 2,
    "people_choice_met": pl.col("choice_met"),
}


def _choices(writer: Writer, row: dict[str, Any], name: str) -> Step:
    """Count the people of the area's places again, and give their share; a count that is held back is counted too."""
    here = parts_of(writer.run, row).filter(level="municipality")["area_id"].to_list() or [row["area_id"]]
    places = writer.run.places.filter(pl.col("municipality").is_in(here))
    part, all_people = int(places.filter(_OPEN_CHOICES[name])["people"].sum()), int(places["people"].sum())
    share = writer.n(100 * part / all_people, 1) if all_people else "–"
    # Two rules decide what counts as a choice: which land is reached, and how far. Each is told with one of the counts.
    rule = writer.run.rule("coverage.reachable") if name == "people_no_choice" else None
    told = writer.applied(
        TABLE,
        name,
        row,
        rule=rule,
        arithmetic=word("of_people", writer.lang, part=writer.n(part), whole=writer.n(all_people), share=share),
        again=part,
        says=writer.meaning(TABLE, name),
    )
    held_back = (row["area_id"], name) in shown_areas(writer.run).held_back
    return writer.held_back(TABLE, name) if held_back else told
