"""How numbers, shares and names are written."""

from __future__ import annotations

from fordel.publish.formats import danish_order, number, share


def test_numbers_follow_the_language_and_a_missing_one_is_a_dash() -> None:
    assert number(1234567.85, 1, "da") == "1.234.567,9"
    assert number(1234567.85, 1, "en") == "1,234,567.9"
    assert number(-2.5, 1, "da") == "−2,5"
    assert number(-0.04, 1, "da") == "0,0"
    assert number(None, 1, "da") == "–"


def test_a_share_never_hides_the_few_nor_claims_all() -> None:
    assert share(1, 3, "da") == "33,3\N{NO-BREAK SPACE}%"
    assert share(1, 3, "en") == "33.3%"
    assert share(1, 100_000, "en") == "<\N{NO-BREAK SPACE}0.1%"
    assert share(99_999, 100_000, "en") == ">\N{NO-BREAK SPACE}99.9%"
    assert share(0, 5, "en") == "0.0%"
    assert share(5, 5, "en") == "100.0%"
    assert share(0, 0, "en") == "–"


def test_danish_names_sort_as_in_a_danish_dictionary() -> None:
    names = ["Aabenraa", "Ærø", "Zealand", "Ørsted", "Allerød", "Århus", "Aarhus"]
    assert sorted(names, key=danish_order) == ["Allerød", "Zealand", "Ærø", "Ørsted", "Aabenraa", "Århus", "Aarhus"]
