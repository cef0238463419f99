"""Show an explanation as text for a terminal or a letter, and as JSON for programs."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING

from fordel.publish import law_words
from fordel.publish._words import day_in_words, number, word
from fordel.runs.record import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fordel.law import ParameterUsed, RuleUsed
    from fordel.publish._explain_steps import Explanation, Step
    from fordel.publish._words import Lang

LEVELS = ("nation", "region", "health_council", "municipality")


def as_json(explanation: Explanation) -> str:
    """Give the whole tree as JSON, with raw values and the words shown."""
    assumed = [asdict(p) for p in explanation.assumptions()]
    return json.dumps({**asdict(explanation), "assumptions": assumed}, default=str, ensure_ascii=False, indent=2)


def as_text(explanation: Explanation, width: int = 80) -> str:
    """Give the explanation as plain text no wider than ``width``."""
    return "\n".join(line.rstrip() for line in _lines(explanation, width)) + "\n"


def _lines(e: Explanation, width: int) -> Iterator[str]:
    yield from _wrapped(f"{e.name} ({e.known_as})", "", width)
    if e.synthetic:
        yield from _wrapped(word("synthetic", e.lang), "", width)
    yield ""
    yield from _wrapped(e.question, "", width)
    yield from _wrapped(e.answer, "", width)
    told: set[str] = set()
    for step in e.steps:
        yield ""
        yield from _step(step, e.lang, 0, width, told)
    if assumed := e.assumptions():
        yield f"\n{word('assumptions', e.lang)}:"
        for used in assumed:
            yield from _wrapped(
                f"{_parameter(used, e.lang)}. {law_words.sentence(used.note, e.lang)}", "  ", width, bullet="- "
            )
    yield f"\n{word('input_row', e.lang)}:"
    for name, value in e.input_row.items():
        yield from _wrapped(f"{columns()[e.table][name].heading(e.lang)}: {plain_value(value, e.lang)}", "  ", width)
    yield ""
    yield f"{word('law_date', e.lang)}: {day_in_words(e.law_date, e.lang)}"
    fingerprint = f"{word('fingerprint', e.lang)} {e.snapshot_fingerprint[:16]}"
    snapshot = f"{e.snapshot_name}, {day_in_words(e.snapshot_date, e.lang)}, {fingerprint}"
    yield from _wrapped(f"{word('snapshot', e.lang)}: {snapshot}", "", width)
    yield f"{word('run', e.lang)}: {e.run_id[:16]}"


def plain_value(value: object, lang: Lang) -> str:
    """Write what was given as users read it."""
    if value is None:
        return word("none", lang)
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    if isinstance(value, int | float):
        return number(value, lang, 0 if float(value).is_integer() else 2)
    return word(f"level_{value}", lang) if value in LEVELS else str(value)


def _step(step: Step, lang: Lang, depth: int, width: int, told: set[str]) -> Iterator[str]:
    """Tell of a number, then of those it rests on; a number told before is only named."""
    indent = "  " * depth
    unit = "" if isinstance(step.value, bool | str | None) else step.unit
    yield from _wrapped(f"{step.label}: {step.shown} {unit}".rstrip(), indent, width)
    if step.column in told:
        return
    told.add(step.column)
    inner = indent + "  "
    if step.arithmetic:
        yield from _wrapped(step.arithmetic, inner, width, bullet="= ")
    yield from _wrapped(step.says, inner, width)
    if step.rule and step.rule.rule not in told:
        told.add(step.rule.rule)
        yield from _rule(step.rule, lang, inner, width)
    for below in step.rests_on:
        yield from _step(below, lang, depth + 1, width, told)


def _rule(used: RuleUsed, lang: Lang, indent: str, width: int) -> Iterator[str]:
    since = word("in_force_since", lang, day=day_in_words(used.since, lang))
    source = f"{word('source', lang)}: {law_words.sentence(used.source, lang)}"
    yield from _wrapped(f"{word('rule', lang)} {used.rule}, {since}. {source}", indent, width)
    for parameter in used.parameters:
        yield from _wrapped(_parameter(parameter, lang), indent, width, bullet="· ")


def _parameter(used: ParameterUsed, lang: Lang) -> str:
    """Write a parameter with value, unit, source and, where it is not read in a source, how sure it is."""
    name = used.dansk if lang == "da" else used.title
    mark = f" [{word(used.evidence, lang)}]" if used.evidence in ("assumption", "inferred") else ""
    return f"{name[:1].upper()}{name[1:]}: {law_words.used(used, lang)}{mark} ({law_words.sentence(used.source, lang)})"


def _wrapped(text: str, indent: str, width: int, bullet: str = "") -> Iterator[str]:
    hanging = indent + " " * (len(bullet) or 2)
    yield from textwrap.wrap(
        text, width, initial_indent=indent + bullet, subsequent_indent=hanging, break_on_hyphens=False
    )
