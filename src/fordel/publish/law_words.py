"""The values, units, sources and notes of the law as people write them: 1.600 sygdomsvægtede borgere pr. kapacitet."""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fordel.publish import formats

if TYPE_CHECKING:
    from fordel.law import ParameterUsed
    from fordel.publish._words import Lang

PER_CENT: dict[Lang, str] = {"da": "\N{NO-BREAK SPACE}%", "en": "%"}
MONTH_DAY = re.compile(r"\d\d-\d\d")


@cache
def _catalogue() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("fordel.publish") / "law_words.toml").read_text(encoding="utf-8"))


@cache
def _areas() -> dict[str, str]:
    """Give the names of areas and authorities by their id; their own, so the same in every language."""
    return _catalogue()["areas"]


@cache
def _words(table: str) -> dict[str, dict[Lang, str]]:
    written = _catalogue()
    return {name: dict(zip(formats.LANGUAGES, pair, strict=True)) for name, pair in written[table].items()}


@cache
def _danish() -> dict[str, str]:
    """Give the Danish of every source, note and term by the English sentence."""
    read = tomllib.loads((files("fordel.publish") / "law_sources.toml").read_text(encoding="utf-8"))
    return {**read["sentences"], **read["terms"]}


def sentence(text: str, lang: Lang) -> str:
    """Give a source or a note of the law, or what a rule gives, in a language.

    Args:
        text: the English sentence, as the law book or a run has it.
        lang: the language. In Danish a sentence that is not known, such as one of an older law book, stays English.
    """
    return _danish().get(text, text) if lang == "da" else text


def left_in_english(text: str, lang: Lang) -> bool:
    """Whether ``sentence`` gives English where another language was asked for."""
    return lang != "en" and bool(text) and text not in _danish()


def topic(name: str, lang: Lang) -> str:
    """Name a topic of the law."""
    return _words("topics")[name][lang]


def amount(value: Any, unit: str, lang: Lang) -> str:
    """Write a value with its unit; a share in per cent.

    Args:
        value: as the law has it: number, yes or no, day, word, list or table of these.
        unit: as the law has it.
        lang: the language.
    """
    if unit.startswith("share of") and isinstance(value, int | float):
        shown = formats.number(100 * value, 1 if round(100 * value, 6) % 1 else 0, lang)
        return f"{shown}{PER_CENT[lang]} {_unit(unit, lang)}"
    return f"{written(value, lang)} {_unit(unit, lang)}".rstrip()


def _unit(unit: str, lang: Lang) -> str:
    """Write a unit; one that only an older law book has stays as it is."""
    return _words("units").get(unit, {}).get(lang, unit)


def used(parameter: ParameterUsed, lang: Lang) -> str:
    """Write the value and unit of a parameter that a rule read: a run holds it as text."""
    value: Any = parameter.value
    if parameter.unit == "day":
        value = date.fromisoformat(value)
    elif not MONTH_DAY.fullmatch(value):
        with suppress(ValueError):  # a word
            value = json.loads(value)
    return amount(value, parameter.unit, lang)


def written(value: Any, lang: Lang) -> str:
    """Write a value."""
    match value:
        case bool():
            return {"da": ("nej", "ja"), "en": ("no", "yes")}[lang][value]
        case int() | float():
            return _number(value, lang)
        case date():
            return formats.day(value, lang)
        case str() if MONTH_DAY.fullmatch(value):
            return _day_of_any_year(value, lang)
        case str():
            return _words("values").get(value, {}).get(lang) or _areas().get(value, value)
        case dict():
            return "; ".join(f"{written(key, lang)}: {written(each, lang)}" for key, each in value.items())
        case list() | tuple():
            return ", ".join(written(each, lang) for each in value)
        case _:
            return formats.NONE


def _number(value: float, lang: Lang) -> str:
    """Write a number with the decimals it has, six at most."""
    decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return formats.number(value, decimals, lang)


def _day_of_any_year(text: str, lang: Lang) -> str:
    month, day = map(int, text.split("-"))
    return formats.day(date(2000, month, day), lang).rsplit(" ", 1)[0]
