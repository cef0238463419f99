"""The law as people write it, in both languages: no word of the program is left."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fordel.law import Lawbook
from fordel.publish import law_words

PARAMETERS = list(Lawbook.shipped().parameters.values())
PLAIN = {"0101", "0147", "0155", "0185", "0253", "0306", "0326", "0330", "0336", "0360", "0370", "0376", "0390"}


def words_of(value: Any) -> set[str]:
    """Every word in a value; codes of municipalities, days, names of areas and of road classes as published aside."""
    if isinstance(value, dict):
        return {w for key, each in value.items() for w in (words_of(key) | words_of(each))}
    if isinstance(value, list | tuple):
        return {w for each in value for w in words_of(each)}
    named = isinstance(value, str) and not value.startswith(("region-", "sundhedsraad-"))
    if not named or value in PLAIN or law_words.MONTH_DAY.fullmatch(value) or value.isdigit():
        return set()
    return {value} if value[0].islower() or " " in value else set()


def test_every_topic_unit_and_word_of_the_law_is_written_in_both_languages() -> None:
    missing = {p.topic for p in PARAMETERS} - law_words._words("topics").keys()
    missing |= {p.unit for p in PARAMETERS} - law_words._words("units").keys()
    for parameter in PARAMETERS:
        for value in parameter.values:
            held = [value.value, *(other.value for other in value.variants)]
            missing |= {w for each in held for w in words_of(each)} - law_words._words("values").keys()
    assert not missing


@pytest.mark.parametrize(
    ("value", "unit", "danish", "english"),
    [
        (1600, "disease-weighted citizens / capacity", "1.600 sygdomsvægtede borgere pr. kapacitet", "1,600 disease"),
        (True, "yes or no", "ja", "yes"),
        (0.08, "share of patients / year", "8\N{NO-BREAK SPACE}% af patienterne pr. år", "8% of the patients per year"),
        (0.125, "share of patients", "12,5\N{NO-BREAK SPACE}% af patienterne", "12.5% of the patients"),
        (date(2025, 7, 1), "day", "1. juli 2025", "1 July 2025"),
        ("10-15", "month-day", "15. oktober", "15 October"),
        ("half_up", "half_up, half_even, down or up", "til nærmeste, halve op", "to the nearest, halves up"),
        ({"5": 1.0, "10": 0.68}, "share by km", "5: 1; 10: 0,68 (andel efter km)", "5: 1; 10: 0.68 (share by km)"),
        (["agreement", "tender"], "forms", "overenskomst, udbud", "agreement, tender"),
        (1.3, "metres by road / metre in a straight line", "1,3 meter ad vej pr. meter i luftlinje", "1.3 metres"),
        (None, "km", "– km", "– km"),
    ],
)
def test_values_are_written_as_people_do(value: Any, unit: str, danish: str, english: str) -> None:
    assert law_words.amount(value, unit, "da") == danish
    assert law_words.amount(value, unit, "en").startswith(english)
