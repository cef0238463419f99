"""The law as people write it, in both languages: no word of the program is left."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from fordel.law import Lawbook
from fordel.publish import law_words

PARAMETERS = list(Lawbook.shipped().parameters.values())
AN_AREA = re.compile(r"region-.*|sundhedsraad-.*|0\d{3}")


def words_of(value: Any) -> set[str]:
    """Every word in a value; ids of areas, days and road classes as published aside."""
    if isinstance(value, dict):
        return {w for key, each in value.items() for w in (words_of(key) | words_of(each))}
    if isinstance(value, list | tuple):
        return {w for each in value for w in words_of(each)}
    if (
        not isinstance(value, str)
        or AN_AREA.fullmatch(value)
        or law_words.MONTH_DAY.fullmatch(value)
        or value.isdigit()
    ):
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


def areas_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {area for pair in value.items() for each in pair for area in areas_in(each)}
    if isinstance(value, list | tuple):
        return {area for each in value for area in areas_in(each)}
    return {value} if isinstance(value, str) and AN_AREA.fullmatch(value) else set()


def test_every_area_of_the_law_goes_by_its_name() -> None:
    held = [each for p in PARAMETERS for v in p.values for each in (v.value, *(other.value for other in v.variants))]
    ids = {area for value in held for area in areas_in(value)}
    assert len(ids) > 10
    assert ids <= law_words._areas().keys()
    assert set(Lawbook.shipped().authorities) - {"nation"} <= law_words._areas().keys()
    assert not any(AN_AREA.search(law_words.written(value, "da")) for value in held)


@pytest.mark.parametrize(
    ("value", "unit", "danish", "english"),
    [
        ({"region-sjaelland": ["0306"]}, "day, by region", "Region Sjælland: Odsherred", "Region Sj"),
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


def test_a_unit_that_only_an_older_law_book_has_stays_as_it_is() -> None:
    assert law_words.amount(2, "horses / carriage", "da") == "2 horses / carriage"
