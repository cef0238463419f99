"""The words of proposals in Danish and English (placement.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fordel.publish import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fordel.publish._words import Lang

GOAL_DECIMALS = {"people": 0, "capacities": 1, "metres": 0, "": 1}
PRINCIPLES = ("need", "people", "together", "access", "forms", "flexible", "nation")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Give every text by key, then by language."""
    return tomllib.loads((files("fordel.publish") / "placement.toml").read_text(encoding="utf-8"))


def say(key: str, lang: Lang, **values: object) -> str:
    """Give a text, its placeholders filled in.

    Raises:
        KeyError: no such text, or a placeholder without a value.
    """
    return catalogue()[key][lang].format(**values)


def people(count: float | None, lang: Lang) -> str:
    """Write a count of people, or that it is held back."""
    return say("held_back", lang) if count is None else formats.number(count, 0, lang)


def goal_amount(value: float | None, unit: str, lang: Lang) -> str:
    """Write what a plan gives of a goal, or that it is held back."""
    return say("held_back", lang) if value is None else formats.number(value, GOAL_DECIMALS[unit], lang)


def in_a_sentence(count: float | None, lang: Lang) -> str:
    """Write a count of people as part of a sentence."""
    return say("few", lang) if count is None else formats.number(count, 0, lang)


def why_here(row: Mapping[str, Any], lang: Lang) -> list[str]:
    """Say why a place: whom it serves, which need, what it uses of the headroom, and what the next best would give."""
    counts = {
        word: in_a_sentence(row[f"people_{name}"], lang)
        for word, name in (("reach", "in_reach"), ("second", "second"), ("first", "first"))
    }
    need, used, room = (
        formats.number(row[n], d, lang) for n, d in (("need_served", 1), ("headroom_used", 0), ("headroom", 0))
    )
    said = [
        say("why_people", lang, **counts),
        say("why_need", lang, need=need, capacities=formats.number(row["capacities"], 0, lang)),
        say("why_headroom", lang, used=used, headroom=room),
    ]
    lost = row["people_lost"]
    if row["next_best"] and row["people_second"] and lost is not None:  # where no choice hangs on it, all do as well
        key = "why_other" if lost > 0 else "why_other_more" if lost < 0 else "why_other_same"
        told = {"lost": formats.number(abs(lost), 0, lang)} if lost else {}
        said.append(say(key, lang, other=row["next_best"], **told))
    return said


def principles(row: Mapping[str, Any]) -> dict[str, list[str]]:
    """Give the principles of the practice plan that a place meets and those it is in conflict with."""
    return {word: [p for p in PRINCIPLES if row[f"principle_{p}"] == word] for word in ("met", "conflict")}
