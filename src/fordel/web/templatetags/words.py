"""Words, numbers and days in the language of the page. Loaded in every template without asking."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.timezone import localtime

from fordel.publish import formats, law_words
from fordel.publish.disclosure import COUNTED
from fordel.runs.record import columns
from fordel.web.audit import words
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fordel.law import DatedValue, Parameter, ParameterUsed, Variant
    from fordel.publish.explain import Step
    from fordel.runs.record import Column
    from fordel.web.coverage.forms import Asked

register = template.Library()


@register.simple_tag
def t(key: str, **values: object) -> str:
    """Give a text; see ``fordel.web.texts``."""
    return text(key, **values)


@register.simple_tag
def named(key: str, value: str, end: str = "") -> str:
    """Give the text that names a value: what a state, a role, a kind is called; ``key`` is all before its last word."""
    return text(f"{key}_{value}{end}")


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """Write a number: 1.234,5 in Danish; a dash where there is none."""
    return formats.number(value, decimals, language())


@register.filter
def day(value: date | None) -> str:
    """Write a day: 5. november 2026; a dash where there is none."""
    return formats.NONE if value is None else formats.day(value, language())


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment in Danish time: 5. november 2026 kl. 12.00; a dash where there is none."""
    if value is None:
        return formats.NONE
    local = localtime(value)
    clock = f"kl. {local:%H.%M}" if language() == "da" else f"{local:%H:%M}"
    return f"{formats.day(local.date(), language())} {clock}"


@register.filter
def yes_no(value: bool | None) -> str:  # noqa: FBT001 - the shape of a filter
    """Write yes, no, or a dash where the answer is not known."""
    return formats.NONE if value is None else text("yes" if value else "no")


@register.simple_tag
def law_topic(name: str) -> str:
    """Name a topic of the law."""
    return law_words.topic(name, language())


@register.simple_tag
def law_amount(value: DatedValue | Variant, parameter: Parameter) -> str:
    """Write a value of the law with its unit."""
    return law_words.amount(value.value, parameter.unit, language())


@register.simple_tag
def law_used(parameter: ParameterUsed) -> str:
    """Write the value of a parameter that a rule read."""
    return law_words.used(parameter, language())


@register.simple_tag
def law_sentence(text: str) -> str:
    """Write a source or a note of the law; one that is left in English on a Danish page says so."""
    lang = language()
    shown = law_words.sentence(text, lang)
    return format_html('<span lang="en">{}</span>', shown) if law_words.left_in_english(text, lang) else shown


@register.simple_tag
def law_word(word: str) -> str:
    """Write a word of the law."""
    return law_words.written(str(word), language())


@register.simple_tag
def heading(table: str, name: str) -> str:
    """Give the heading of a column of a run."""
    return columns()[table][name].heading(language())


@register.simple_tag
def meaning(table: str, name: str) -> str:
    """Tell what a column of a run means."""
    column = columns()[table][name]
    return column.beskrivelse if language() == "da" else column.description


@register.simple_tag
def cell(table: str, name: str, row: dict[str, Any]) -> str:
    """Write a value as the documentation of its column says."""
    value, column = row[name], columns()[table][name]
    if isinstance(value, bool):
        return yes_no(value)
    if value is None and name in COUNTED:
        return text("held_back")
    if column.decimals is None:
        return formats.NONE if value is None else str(value)
    if column.unit.startswith("share") and value is not None:
        return formats.share(value, 1, language())
    return formats.number(value, column.decimals, language())


@register.simple_tag
def change(table: str, name: str, by: float) -> str:
    """Write by how much a number has changed, with its sign."""
    shown = formats.signed(by, columns()[table][name].decimals or 0, language())
    return shown if shown.strip("+−0,.") else text("overview.no_change")


@register.simple_tag
def count(value: int | None) -> str:
    """Write a count of people, or that it is held back."""
    return text("held_back") if value is None else formats.number(value, 0, language())


@register.filter
def signed(value: float, decimals: int = 0) -> str:
    """Write a change with its sign."""
    return formats.signed(float(value), decimals, language())


@register.simple_tag
def unit_of(table: str, name: str) -> str:
    """Give the unit of a column of a run."""
    return columns()[table][name].unit_in(language())


@register.filter
def percent(value: float) -> str:
    """Write a share in whole per cent."""
    return formats.share(value, 1, language()).replace(",0", "").replace(".0", "")


@register.filter
def get(values: Mapping[str, Any], key: str) -> Any:
    """Look up a value."""
    return values[key]


@register.simple_tag
def import_column(table: str, name: str) -> str:
    """Name a column of a table; one that runs do not have goes by the name it has in files."""
    known = _column(table, name)
    return name if known is None else known.heading(language())


def _column(table: str, name: str) -> Column | None:
    """Find what runs tell of a column; tables that they do not have tell of practices and areas."""
    tables = (columns().get(table, {}), columns()["practices"], columns()["areas"])
    return next((known[name] for known in tables if name in known), None)


@register.filter
def told(fault: dict[str, Any]) -> dict[str, Any]:
    """Give the words of a fault in the language of the page; faults from before there were two have English ones."""
    words: dict[str, Any] | None = fault.get(language())
    return {**fault, "english_only": language() != "en"} if words is None else words


@register.simple_tag
def plain(table: str, name: str, value: str) -> str:
    """Write a value of a table as people do: numbers with the signs of the language, yes and no in words."""
    if value in ("True", "False", "None"):
        return {"True": text("yes"), "False": text("no"), "None": formats.NONE}[value]
    column = _column(table, name)
    whole, point, decimals = value.removeprefix("-").partition(".")
    if column is None or column.decimals is None or not whole.isdecimal() or (point and not decimals.isdecimal()):
        return value  # an id of digits is no number
    return formats.number(float(value), 0 if decimals == "0" else len(decimals), language())


@register.simple_tag
def without(asked: Asked, one: str | int) -> str:
    """Give the part of an address that asks the same what-if without one practice or settlement."""
    return asked.without(str(one))


@register.filter
def has_unit(step: Step) -> bool:
    """Whether the unit of a step is written after its value: it is a number."""
    return bool(step.unit) and isinstance(step.value, int | float) and not isinstance(step.value, bool)


@register.filter
def short(value: str) -> str:
    """Give the start of a fingerprint, as people compare them."""
    return value[:12]


@register.simple_tag
def oidc_reason(why: str, known_as: str, provider: str) -> str:
    """Tell why nobody was signed in, and what to do."""
    return text(f"accounts.{why}", username=known_as, provider=provider)


@register.simple_tag
def account_word(about: str, word: str) -> str:
    """Name the state of an account, or what is done to it."""
    return text(f"accounts.{about}_{word}")


@register.simple_tag
def event_verb(code: str) -> str:
    """Name what an event tells was done."""
    return words.verb(code)


@register.simple_tag
def event_kind(code: str) -> str:
    """Name what an event tells it was done to."""
    return words.kind(code)
