"""Words and numbers as users read them, in Danish and English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import date

Lang = Literal["da", "en"]

MONTHS = {
    "da": [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


@cache
def catalogue() -> dict[str, Any]:
    """Give the texts of explanations and exports: ``rules`` in Danish, ``words`` in both languages."""
    return tomllib.loads((files("fordel.publish") / "words.toml").read_text(encoding="utf-8"))


def word(key: str, lang: Lang, **filled: str) -> str:
    """Give a text in a language with its places filled in."""
    return str(catalogue()["words"][key][lang]).format(**filled)


def number(value: float, lang: Lang, decimals: int = 0) -> str:
    """Write a number: 1.234,5 in Danish and 1,234.5 in English; a true minus sign; never minus nought."""
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    if lang == "da":
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")


def day_in_words(day: date, lang: Lang) -> str:
    """Write a day: 1. februar 2026, or 1 February 2026."""
    return f"{day.day}{'.' if lang == 'da' else ''} {MONTHS[lang][day.month - 1]} {day.year}"
