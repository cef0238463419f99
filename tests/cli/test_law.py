"""`fordel law` as a user meets it, at 80 columns."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from fordel.cli import app
from fordel.law import Lawbook

RUNNER = CliRunner(env={"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"})


def law(*words: str) -> Result:
    return RUNNER.invoke(app, ["law", *words])


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_list_names_every_parameter_on_one_screen_width() -> None:
    shown = law("list", "--on", "2026-02-01")
    assert shown.exit_code == 0
    for name in Lawbook.shipped().parameters:
        assert f"  {name} " in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80
    assert "ended 2026-02-01" in shown.stdout


def test_the_list_of_one_topic_for_one_region() -> None:
    shown = law("list", "--topic", "allocation", "--on", "2026-02-01", "--authority", "region-hovedstaden")
    assert "The law of Region Hovedstaden on 2026-02-01" in shown.stdout
    assert "health_council" in shown.stdout
    assert "Coverage" not in shown.stdout


def test_an_unknown_topic_is_told_with_those_that_exist() -> None:
    shown = law("list", "--topic", "taxes")
    assert shown.exit_code == 2
    assert "use one of allocation, casework, coverage, minimum, need, placement" in shown.stderr


def test_the_list_as_json_has_every_parameter() -> None:
    found = json.loads(law("list", "--json", "--on", "2026-02-01").stdout)
    assert len(found) == len(Lawbook.shipped().parameters)
    by_name = {one["full_name"]: one for one in found}
    assert by_name["minimum.list_maximum"]["in_force"]["value"] == 2700
    assert by_name["minimum.uniform_closing_limit"]["in_force"] is None
    assert by_name["minimum.list_maximum"]["dansk"] == "øvre lukkegrænse"


def test_a_parameter_is_shown_with_source_variants_history_and_who_sets_it_otherwise() -> None:
    shown = law("show", "binding_level", "--on", "2026-02-01")
    assert shown.exit_code == 0
    text = flat(shown.stdout)
    for expected in (
        "How sure assumption",
        "In force from 2025-07-01 until 2027-01-01",
        "Next change 2027-01-01: health_council",
        "Not used health_council",
        "Region Hovedstaden health_council 2025-07-01",
        "Carries R18",
        "Read by allocation.binding_level",
    ):
        assert expected in text
    assert max(map(len, shown.stdout.splitlines())) <= 80


def test_a_parameter_not_in_force_says_when_it_is() -> None:
    assert "not in force: starts 2025-07-01" in law("show", "release_is_final", "--on", "2025-06-30").stdout
    assert "not in force: ended 2027-01-01" in law("show", "island_exception", "--on", "2027-01-01").stdout


@pytest.mark.parametrize("name", ["indicative_minimum", "minimum.indicative_minimum"])
def test_a_rule_is_shown_too(name: str) -> None:
    text = flat(law("show", name).stdout)
    assert "vejledende minimumspatienttal" in text
    assert "Reads allocation.weighted_citizens_per_capacity" in text


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    shown = law("show", "list_maximun")
    assert shown.exit_code == 2
    assert "Did you mean 'list_maximum'?" in shown.stderr


def test_one_parameter_as_json_has_its_history() -> None:
    found = json.loads(law("show", "provider_numbers_max", "--json", "--on", "2026-01-01").stdout)
    assert [value["value"] for value in found["history"]] == [6, 3]
    assert found["in_force"]["since"] == "2025-07-01"
    rule = json.loads(law("show", "need_weight", "--json").stdout)["rule"]
    assert rule["reads"] == ["mean_weight_nation"]


def test_check_is_content_while_every_rule_can_be_applied() -> None:
    shown = law("check", "--on", "2026-11-25")
    assert shown.exit_code == 0
    text = flat(shown.stdout)
    assert "Every rule can be applied." in text
    assert "need.population_base: residents" in text
    assert "allocation.binding_level: municipality → health_council" in text


def test_check_is_not_content_before_the_model() -> None:
    shown = law("check", "--on", "2025-06-30")
    assert shown.exit_code == 2
    assert "allocation.ceilings: Starts: 2025-07-01" in flat(shown.stdout)


@pytest.mark.parametrize("command", [("list",), ("show", "list_maximum"), ("check",)])
def test_a_region_that_no_longer_exists_has_no_law(command: tuple[str, ...]) -> None:
    shown = law(*command, "--on", "2027-01-01", "--authority", "region-sjaelland")
    assert shown.exit_code == 2
    assert "Region Sjælland does not exist on 2027-01-01" in shown.stderr
    assert "Traceback" not in shown.output


def test_changes_are_listed_by_day() -> None:
    lines = law("changes", "--since", "2026-02-01").stdout.splitlines()
    days = [line for line in lines if line[:2] == "20"]
    assert [day.strip() for day in days] == ["2026-02-01", "2027-01-01"]
    assert "no change from 2099-01-01" in law("changes", "--since", "2099-01-01").stdout


def test_a_day_that_is_none_is_refused() -> None:
    shown = law("check", "--on", "1/2/2026")
    assert shown.exit_code == 2
    assert "write it as 2026-02-01" in flat(shown.stderr.replace("│", " "))
