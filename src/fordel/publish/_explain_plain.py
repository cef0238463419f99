"""Say in plain words why a practice's number is what it is: no rule names, one thought a sentence, its own numbers."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from fordel.publish import law_words
from fordel.publish._words import day_in_words, number, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fordel.publish._explain_steps import Explanation, Step


def as_plain(explanation: Explanation, width: int = 80) -> str:
    """Give the explanation in plain words, for a letter or a doctor's own screen."""
    heading = [explanation.question, *([word("synthetic", explanation.lang)] if explanation.synthetic else [])]
    paragraphs = [*heading, *plain_paragraphs(explanation)]
    return "\n\n".join(textwrap.fill(text, width, break_on_hyphens=False) for text in paragraphs) + "\n"


def plain_paragraphs(explanation: Explanation) -> list[str]:
    """Give the plain words paragraph by paragraph; an area has one, a practice as many as it has reasons."""
    if explanation.table != "practices" or not explanation.steps:
        return [explanation.answer]
    steps = {step.column: step for top in explanation.steps for step in top.walk()}
    return [*_practice(explanation, steps), _ground(explanation)]


def _practice(e: Explanation, steps: dict[str, Step]) -> Iterator[str]:
    if steps["minimum_per_capacity"].value is None:
        yield e.answer
        return
    if steps["mean_weight"].value is not None:
        yield _weight(e, steps)
    yield from _changed(e, steps)
    shown = {name: steps[name].shown for name in ("minimum_per_capacity", "practice_minimum", "capacities_released")}
    if float(steps["capacities_released"].value or 0) != 1:
        yield word("plain_capacities", e.lang, **shown)
    yield e.answer
    years, sway = steps["years_to_minimum"], steps["minimum_sway"]
    if years.value:
        yield word("plain_years", e.lang, years=years.shown)
    if sway.value is not None:
        yield word("plain_sway", e.lang, sway=sway.shown)


def _weight(e: Explanation, steps: dict[str, Step]) -> str:
    """Tell how much care the list needs beside the average, and what that makes of the norm."""
    weight = float(steps["mean_weight"].value or 0)
    percent = round(100 * (weight - 1))
    key = "plain_average" if percent == 0 else "plain_heavy" if percent > 0 else "plain_light"
    return word(
        key,
        e.lang,
        percent=number(abs(percent), e.lang),
        weight=number(weight, e.lang, 3),
        sum=steps["indicative_minimum"].arithmetic,
    )


def _changed(e: Explanation, steps: dict[str, Step]) -> Iterator[str]:
    """Tell what moved the number after it was calculated, if anything did."""
    indicative, settled = steps["indicative_minimum"], steps["settled_minimum"]
    if settled.value != indicative.value:
        yield word("plain_settled", e.lang, number=settled.shown, sum=settled.arithmetic)
    if "decided_minimum" in steps:
        yield word("plain_decided", e.lang, sum=steps["minimum_per_capacity"].arithmetic)


def _ground(e: Explanation) -> str:
    """Tell by which law and from which data, how much is assumed, and what to do who disagrees."""
    sources = [step.rule.source for top in e.steps for step in top.walk() if step.rule]
    return word(
        "plain_ground",
        e.lang,
        day=day_in_words(e.law_date, e.lang),
        snapshot=e.snapshot_name,
        snapshot_day=day_in_words(e.snapshot_date, e.lang),
        assumed=number(len(e.assumptions()), e.lang),
        law=law_words.sentence(next((source for source in sources if "§" in source), sources[0]), e.lang),
    )
