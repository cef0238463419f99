"""What regions decide for practices stands beside the calculated number, which never changes because of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.law import LawError
from fordel.publish.explain import as_plain, as_text, explain_practice
from fordel.runs.execute import execute
from fordel.runs.record import Run
from fordel.tables import Decisions
from small_country import small_country_tables

DAY = date(2026, 2, 1)


def decision(**changed: Any) -> dict[str, Any]:
    return {
        "decision_id": "2026-001",
        "kind": "minimum_deviation",
        "area_id": None,
        "practice_id": "010101",
        "value": 1500.0,
        "ground": "special_functions",
        "evidence": "The practice looks after a nursing home.",
        "decided_on": date(2026, 1, 10),
        "valid_from": date(2026, 2, 1),
        "valid_until": None,
        "decided_by": "region-hovedstaden",
        **changed,
    }


def run_with(*decisions: dict[str, Any], day: date = DAY, set_: tuple[tuple[str, Any], ...] = (), **frames: Any) -> Run:
    schema = {name: column.dtype for name, column in Decisions.columns().items()}
    frame = pl.DataFrame(list(decisions), schema, orient="row")
    return execute(small_country_tables(decisions=frame, **frames), day=day, settings=set_)


def practice(run: Run, practice_id: str = "010101") -> dict[str, Any]:
    return run.practices.row(by_predicate=pl.col("practice_id") == practice_id, named=True)


def test_a_deviation_changes_the_minimum_and_never_the_indicative_number(small_run: Run) -> None:
    before, after = practice(small_run), practice(run_with(decision()))
    assert (before["minimum_per_capacity"], after["minimum_per_capacity"]) == (1738, 1500)
    assert before["indicative_minimum"] == after["indicative_minimum"] == after["settled_minimum"] == 1738
    assert (after["practice_minimum"], after["closing_minimum"], after["may_close"]) == (4500, 4500, True)
    assert (after["decision_id"], after["decision_ground"]) == ("2026-001", "special_functions")


NAMES = ("010101", "010102", "010103", "014701", "030601", "036002")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(NAMES), st.sampled_from(["minimum_deviation", "closing_dispensation"])),
        st.integers(0, 2700),
        max_size=8,
    )
)
def test_no_set_of_decisions_alters_what_was_calculated(made: dict[tuple[str, str], int]) -> None:
    rows = [
        decision(decision_id=f"d{i}", practice_id=name, kind=kind, value=float(value))
        for i, ((name, kind), value) in enumerate(made.items())
    ]
    plain, decided = run_with(), run_with(*rows)
    for column in ("indicative_minimum", "settled_minimum", "earlier_minimum", "mean_weight"):
        assert decided.practices[column].equals(plain.practices[column])
    untouched = ~pl.col("practice_id").is_in([name for name, _ in made])
    assert decided.practices.filter(untouched).equals(plain.practices.filter(untouched))
    for name in NAMES:
        assert explain_practice(decided, name).steps


def test_a_decision_holds_from_its_first_day_to_the_day_before_it_ends() -> None:
    one = decision(valid_from=date(2026, 2, 1), valid_until=date(2026, 3, 1))
    held = {
        day: practice(run_with(one, day=day))["minimum_per_capacity"]
        for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1))
    }
    assert list(held.values()) == [1738, 1500, 1500, 1738]


def test_a_dispensation_lowers_the_closing_minimum_alone() -> None:
    run = run_with(decision(kind="closing_dispensation", value=1400.0, ground="illness"))
    row = practice(run)
    assert (row["minimum_per_capacity"], row["practice_minimum"], row["closing_minimum"]) == (1738, 5214, 4200)
    told = as_text(explain_practice(run, "010101"))
    assert "det mindste af 5.214 og 1.400 × 3 = 4.200" in told
    higher = run_with(decision(kind="closing_dispensation", value=2000.0, ground="illness"))
    assert practice(higher)["closing_minimum"] == 5214


def test_an_empty_practice_may_be_given_a_minimum() -> None:
    row = practice(run_with(decision(practice_id="036002", value=1600.0)), "036002")
    assert (row["indicative_minimum"], row["minimum_per_capacity"], row["patients_missing"]) == (None, 1600, 1600)


def test_a_deviation_is_explained_with_its_ground() -> None:
    told = explain_practice(run_with(decision()), "010101")
    assert told.question == "Hvorfor er minimum 1.500 patienter pr. kapacitet?"
    text = as_text(told, 300)
    assert "besluttet af regionen: 1.500 (beslutning 2026-001, begrundelse: særlige" in text
    assert "Regionen har fraveget det beregnede tal" in as_plain(told)
    assert "nursing home" not in text, "the reasons in words are for the practice and the region, not for a run"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([decision(practice_id="999999")], "2026-001: practice 999999 is not in the snapshot"),
        ([decision(), decision(decision_id="2026-002")], "2026-002: practice 010101 has 2026-001 of the same kind"),
        ([decision(ground="because")], "the ground 'because' is none of local_conditions, practice_conditions"),
        ([decision(value=2701.0)], "2701 patients per capacity is above the upper closing limit, 2,700"),
    ],
)
def test_decisions_that_are_not_in_order_are_refused(rows: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(LawError, match=r"in force on 2026-02-01 are not in order:(.|\n)*Look in: decisions") as refused:
        run_with(*rows)
    assert said in str(refused.value)


def test_every_fault_of_decisions_is_named_at_once() -> None:
    with pytest.raises(LawError) as refused:
        run_with(decision(ground="because", value=3000.0), decision(decision_id="x", practice_id="999999"))
    assert str(refused.value).count("\n") == 4


def test_the_newest_earlier_minimum_holds_within_the_deadband_and_limits_the_change() -> None:
    announced = pl.DataFrame(
        {
            "practice_id": ["010101", "010101", "010101", "030601", "036002"],
            "valid_from": [date(2024, 2, 1), date(2025, 2, 1), DAY, date(2025, 2, 1), date(2025, 2, 1)],
            "minimum_per_capacity": [1000, 1730, 1, 1600, 1550],
        }
    )
    run = run_with(set_=(("minimum_deadband", 8), ("minimum_yearly_change", 100)), minimums=announced)
    held = {name: practice(run, name)["minimum_per_capacity"] for name in ("010101", "030601", "036002", "010102")}
    assert held == {"010101": 1730, "030601": 1500, "036002": 1550, "010102": 1740}
    assert "|1.738 − 1.730| ≤ 8 → uændret 1.730" in as_text(explain_practice(run, "010101"))
    assert "1.333 → højst 100 fra 1.600: 1.500" in as_text(explain_practice(run, "030601"))
    assert "tom liste: det tidligere minimum 1.550" in as_text(explain_practice(run, "036002"))
    assert "Tallet er holdt op mod det minimum, I fik før" in as_plain(explain_practice(run, "030601"))


def test_where_more_is_voluntary_none_is_above_the_norm(small_run: Run) -> None:
    run = run_with(set_=(("higher_minimum_voluntary", True),))
    assert run.practices["minimum_per_capacity"].max() == 1600
    assert run.practices["indicative_minimum"].equals(small_run.practices["indicative_minimum"])
    assert "1.738 → højst normen 1.600" in as_text(explain_practice(run, "010101"))
    assert practice(run, "030601")["minimum_per_capacity"] == 1333
