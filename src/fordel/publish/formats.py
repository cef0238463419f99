"""How a report writes numbers that may be missing, shares, and the order of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fordel.publish import _words

if TYPE_CHECKING:
    from datetime import date

    from fordel.publish._words import Lang

LANGUAGES: tuple[Lang, ...] = ("da", "en")
NONE = "–"
_LETTERS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})  # the three that follow z


def number(value: float | None, decimals: int, lang: Lang) -> str:
    """Write a number: 1.234,5 in Danish, 1,234.5 in English; a dash where there is none."""
    return NONE if value is None else _words.number(value, lang, decimals)


def signed(value: float, decimals: int, lang: Lang) -> str:
    """Write a change with its sign: +1,5 or −1,5; 0 where there is none."""
    if not value:
        return "0"
    return ("+" if value > 0 else "") + _words.number(value, lang, decimals)


def share(part: float, whole: float, lang: Lang) -> str:
    """Write a part of a whole in per cent with one decimal; a dash where the whole is 0.

    What is small yet not nothing is not shown as 0.0, nor almost all as 100.0.
    """
    if not whole:
        return NONE
    percent = 100 * part / whole
    sign = "\N{NO-BREAK SPACE}%" if lang == "da" else "%"
    if 0 < percent < 0.05:
        return f"<\N{NO-BREAK SPACE}{number(0.1, 1, lang)}{sign}"
    if 99.95 <= percent < 100:
        return f">\N{NO-BREAK SPACE}{number(99.9, 1, lang)}{sign}"
    return f"{number(percent, 1, lang)}{sign}"


def day(value: date, lang: Lang) -> str:
    """Write a day: 5. november 2026, or 5 November 2026."""
    return _words.day_in_words(value, lang)


def danish_order(name: str) -> str:
    """Give a key that sorts names as Danish does: æ, ø, å last, and aa as å (Retskrivningsordbogen)."""
    return name.lower().replace("aa", "å").translate(_LETTERS)
