from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from fordel.law import registered_rules
from fordel.publish._words import catalogue, day_in_words, number
from fordel.publish.explain import (
    DoesNotAddUp,
    Explanation,
    Step,
    UnknownId,
    as_json,
    as_text,
    explain_area,
    explain_practice,
)
from fordel.runs.execute import execute
from fordel.runs.record import Run
from fordel.tables import Tables

METHODS = ["webster", "hamilton", "quota", "adams", "jefferson", "huntington_hill"]


def step_of(explanation: Explanation, column: str) -> Step:
    return next(step for top in explanation.steps for step in top.walk() if step.column == column)


def test_a_practice_minimum_is_told_with_the_real_numbers(small_run: Run) -> None:
    told = explain_practice(small_run, "010101")
    assert told.question == "Hvorfor er det vejledende minimum 1.738 patienter pr. kapacitet?"
    assert (
        told.answer
        == "Lægerne Nørrebro har 4.823 tilmeldte og må lukke for tilgang ved 5.214. Den mangler 391 patienter."
    )
    assert step_of(told, "mean_weight").arithmetic == "4.440,027 / 4.823 = 0,920594"
    assert step_of(told, "indicative_minimum").arithmetic == "1.600 / 0,920594 = 1.738,007 → 1.738"
    assert step_of(told, "practice_minimum").arithmetic == "1.738 × 3 = 5.214"
    assert step_of(told, "may_close").arithmetic == "4.823 < 5.214"
    assert step_of(told, "patients_missing").arithmetic == "5.214 − 4.823 = 391"
    assert told.snapshot_fingerprint == small_run.manifest.snapshot_fingerprint


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2026, 2, 1)])
def test_a_number_that_is_not_known_is_not_told_as_a_sum(small_country: Tables, day: date) -> None:
    run = execute(small_country, day=day)
    for practice_id in run.practices.filter(pl.col("closing_minimum").is_null())["practice_id"]:
        told = explain_practice(run, practice_id)
        assert all(step.arithmetic != "–" for top in told.steps for step in top.walk())
    assert run.practices["closing_minimum"].null_count() or day.month == 1


def test_the_same_in_english(small_run: Run) -> None:
    told = explain_practice(small_run, "010101", "en")
    assert told.question == "Why is the indicative minimum 1,738 patients per capacity?"
    assert step_of(told, "indicative_minimum").arithmetic == "1,600 / 0.920594 = 1,738.007 → 1,738"
    used = step_of(told, "indicative_minimum").rule
    assert used is not None
    assert step_of(told, "indicative_minimum").says == used.wording


def test_a_ceiling_is_proved_by_the_common_divisor(small_run: Run) -> None:
    arithmetic = step_of(explain_area(small_run, "0306", "en"), "ceiling").arithmetic
    found = re.fullmatch(
        r"([\d.]+) / ([\d.]+) = ([\d.]+) → 3 \(common divisor \2 for 5 areas with 22 in all\)", arithmetic
    )
    assert found
    need, divisor, quotient = map(float, found.groups())
    assert need / divisor == pytest.approx(quotient, abs=1e-3)
    assert round(quotient) == 3


def test_headroom_and_surplus_are_differences_in_words(small_run: Run) -> None:
    told = explain_area(small_run, "0101", "en")
    assert step_of(told, "headroom").arithmetic == "7 − 7.50 = −0.50 → 0"
    assert step_of(told, "surplus").arithmetic == "7.50 − 7 = 0.50"
    assert step_of(told, "releasable").says == "Not decided here: the ceiling binds on a higher level (health council)."


def test_a_whole_names_the_areas_it_adds(small_run: Run) -> None:
    told = explain_area(small_run, "region-sjaelland", "en")
    assert step_of(told, "releasable").arithmetic == "1 (Odsherred) + 1 (Lolland) = 2"
    assert step_of(told, "ceiling").arithmetic == "sum of 2 areas: municipality = 6"


@pytest.mark.slow
@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 2, 1), date(2027, 1, 1)])
@pytest.mark.parametrize("method", METHODS)
def test_every_number_of_every_run_adds_up_again(small_country: Tables, day: date, method: str) -> None:
    for total in (None, 0, 4, 22, 400):
        run = execute(small_country, day=day, total=total, settings=[("apportionment_method", method)])
        for area in run.areas["area_id"]:
            assert explain_area(run, area).steps
        for practice in run.practices["practice_id"]:
            assert explain_practice(run, practice).steps


CHANGES = [
    ("areas", "ceiling"), ("areas", "need"), ("areas", "headroom"), ("areas", "surplus"), ("areas", "mean_weight"),
    ("areas", "people_no_choice"), ("areas", "people_one_choice"), ("areas", "people_two_choices"),
    ("areas", "people_choice_met"), ("practices", "mean_weight"), ("practices", "indicative_minimum"),
    ("practices", "practice_minimum"), ("practices", "closing_minimum"), ("practices", "patients_missing"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column"), CHANGES)
def test_a_number_that_does_not_add_up_is_never_explained(small_run: Run, table: str, column: str) -> None:
    changes: dict[str, Any] = {table: small_run.frames()[table].with_columns(pl.col(column) * 3 + 2)}
    broken = replace(small_run, **changes)
    with pytest.raises(DoesNotAddUp):
        explain_area(broken, "0306") if table == "areas" else explain_practice(broken, "010101")


def test_an_empty_list_is_explained_without_numbers(small_run: Run) -> None:
    told = explain_practice(small_run, "036002")
    assert told.question == "Hvorfor er der intet vejledende minimum?"
    assert step_of(told, "indicative_minimum").shown == "–"
    assert "None" not in as_text(told)
    assert "nan" not in as_text(told)


def test_the_uniform_limit_is_told_while_it_held(small_country: Tables) -> None:
    told = explain_practice(execute(small_country, day=date(2026, 1, 31)), "010103")
    assert step_of(told, "closing_minimum").arithmetic == "1.600 × 2,50 = 4.000"
    assert step_of(told, "closing_minimum").says == catalogue()["rules"]["minimum.uniform_closing_minimum"]


def test_the_upper_limit_is_told_where_it_caps(small_country: Tables) -> None:
    run = execute(small_country, day=date(2026, 2, 1), settings=[("list_maximum", 1700)])
    told = explain_practice(run, "010101")
    assert step_of(told, "indicative_minimum").arithmetic.endswith("→ 1.738 → højst 1.700")
    assert "minimum.list_maximum" in [p.name for p in told.assumptions()]


def test_text_fits_its_width_and_marks_what_is_assumed(small_run: Run) -> None:
    for told in (
        explain_practice(small_run, "010101"),
        explain_area(small_run, "dk"),
        explain_area(small_run, "0101", "en"),
    ):
        for width in (80, 60):
            assert max(map(len, as_text(told, width).splitlines())) <= width
    text = as_text(explain_area(small_run, "0306"))
    assert "SYNTETISKE DATA" in text
    assert "[ANTAGELSE]" in text
    assert "Hviler på disse antagelser:" in text
    assert small_run.manifest.snapshot_fingerprint[:16] in text


def test_json_holds_the_whole_tree(small_run: Run) -> None:
    content = json.loads(as_json(explain_practice(small_run, "010101")))
    closing = content["steps"][0]["rests_on"][1]
    assert closing["column"] == "closing_minimum"
    assert closing["value"] == 5214
    assert closing["rests_on"][0]["rule"]["parameters"][0]["name"] == "minimum.minimum_rounding"
    assert content["law_date"] == "2026-02-01"
    assert content["assumptions"]


@pytest.mark.parametrize(
    ("asked", "near"),
    [("10101", "010101  Lægerne Nørrebro"), ("010109", "010101"), ("Rødby", "036001  Rødby Lægehus")],
)
def test_an_unknown_practice_is_met_with_near_ones(small_run: Run, asked: str, near: str) -> None:
    with pytest.raises(UnknownId, match=f"no practice '{asked}' among its 11. Near it:(.|\n)*{near}"):
        explain_practice(small_run, asked)


def test_an_unknown_area_is_met_with_near_ones_or_with_all_of_that_name(small_run: Run) -> None:
    with pytest.raises(UnknownId, match=r"no area '101' among its 15. Near it:\n  0101  København"):
        explain_area(small_run, "101")
    with pytest.raises(UnknownId, match=r"among its 15\.$"):
        explain_area(small_run, "xyzzy")
    with pytest.raises(UnknownId, match=r"Several areas are called 'Aarhus'(.|\n)*sundhedsraad-aarhus(.|\n)*0751"):
        explain_area(small_run, "Aarhus")
    assert explain_area(small_run, "lolland").known_as == "0360"


def test_everything_a_run_applied_is_told_of_some_area_or_practice(small_run: Run) -> None:
    told = [explain_practice(small_run, "010101"), *(explain_area(small_run, area) for area in ("dk", "0306", "0400"))]
    named = {step.rule.rule for one in told for top in one.steps for step in top.walk() if step.rule}
    assert named == {used.rule for used in small_run.rules}


def test_every_rule_of_a_run_has_danish_words_and_every_text_both_languages(rich_run: Run) -> None:
    danish = catalogue()["rules"]
    assert {used.rule for used in rich_run.rules} <= set(danish)
    assert set(danish) <= {wording.name for wording in registered_rules()}
    for key, both in catalogue()["words"].items():
        assert set(both) == {"da", "en"}, key
        assert set(re.findall(r"{\w+}", both["da"])) == set(re.findall(r"{\w+}", both["en"])), key


@pytest.mark.parametrize(
    ("value", "decimals", "danish", "english"),
    [
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
        (-0.001, 2, "0,00", "0.00"),
        (-1.5, 1, "−1,5", "−1.5"),
        (0, 0, "0", "0"),
        (1e-9, 1, "0,0", "0.0"),
    ],
)
def test_numbers_are_written_as_each_language_does(value: float, decimals: int, danish: str, english: str) -> None:
    assert number(value, "da", decimals) == danish
    assert number(value, "en", decimals) == english


def test_days_are_written_as_each_language_does() -> None:
    assert day_in_words(date(2026, 2, 1), "da") == "1. februar 2026"
    assert day_in_words(date(2025, 12, 31), "en") == "31 December 2025"
