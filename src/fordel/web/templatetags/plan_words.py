"""Words and amounts of proposals of places in the language of the page. Loaded in every template without asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from fordel.publish import placement_words
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.simple_tag
def plan_word(key: str) -> str:
    """Give a word of proposals."""
    return placement_words.say(key, language())


@register.simple_tag
def plan_word_unit(unit: str) -> str:
    """Name a unit of goals."""
    return placement_words.say(f"unit_{unit}", language()) if unit else ""


@register.simple_tag
def plan_principle(name: str) -> str:
    """Name a principle of the practice plan."""
    return placement_words.say(f"principle_{name}", language())


@register.simple_tag
def goal_name(goal: str) -> str:
    """Name a goal of placement."""
    return placement_words.say(f"goal_{goal}", language())


@register.simple_tag
def goal_amount(value: float | None, unit: str) -> str:
    """Write what a plan gives of a goal, or that it is held back."""
    return text("held_back") if value is None else placement_words.goal_amount(value, unit, language())


@register.simple_tag
def clash(found: Mapping[str, Any]) -> str:
    """Say which wishes cannot be met together."""
    constraints = "; ".join(text(f"placement.constraint_{name}") for name in found["constraints"])
    told = {"sites": ", ".join(found["sites"]), "area": found["area"], "constraints": constraints}
    return text(f"placement.clash_{found['kind']}", **told, **found["numbers"])
