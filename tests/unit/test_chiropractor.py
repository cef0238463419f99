from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from fordel.cli import app
from fordel.law import Lawbook, LawError
from fordel.professions import ideal_and_actual

LAW = Lawbook.shipped().on(date(2026, 2, 1), "region-hovedstaden")
CSV = "area_id;name;treated;insured;back_disease;capacities\nnord;Nord;100;500;40;20\nsyd;Syd;200;500;60;10\n"


def table(*rows: tuple[str, int, int, int, float]) -> pl.DataFrame:
    full = [(area, area.title(), *rest) for area, *rest in rows]
    return pl.DataFrame(full, ["area_id", "name", "treated", "insured", "back_disease", "capacities"], orient="row")


def test_the_golden_example_of_thirty_capacities() -> None:
    frame = ideal_and_actual(LAW, table(("a", 100, 500, 40, 20.0), ("b", 200, 500, 60, 10.0)))
    assert frame["ideal"].to_list() == pytest.approx([12.333333333, 17.666666667])
    assert frame["ideal"].sum() == pytest.approx(30.0)
    assert frame["whole_ideal"].to_list() == [12, 18]
    assert frame["capacities_missing"].to_list() == pytest.approx([0.0, 7.666666667])
    assert frame["surplus"].to_list() == pytest.approx([7.666666667, 0.0])


COUNTS = st.tuples(st.integers(1, 10_000), st.integers(1, 10_000), st.integers(1, 10_000), st.integers(0, 60))


@settings(deadline=None)
@given(st.lists(COUNTS, min_size=1, max_size=15))
def test_the_total_is_kept_and_an_area_is_short_or_in_surplus_never_both(
    counts: list[tuple[int, int, int, int]],
) -> None:
    rows = [(f"a{place:02d}", *row[:3], float(row[3])) for place, row in enumerate(counts)]
    frame = ideal_and_actual(LAW, table(*rows))
    held = sum(row[3] for row in counts)
    assert frame["ideal"].sum() == pytest.approx(held)
    assert frame["whole_ideal"].sum() == held
    assert frame.filter((pl.col("capacities_missing") > 0) & (pl.col("surplus") > 0)).is_empty()
    assert frame["capacities_missing"].sum() == pytest.approx(frame["surplus"].sum(), abs=1e-6)


def test_half_capacities_have_no_whole_ideal() -> None:
    frame = ideal_and_actual(LAW, table(("a", 1, 1, 1, 1.5)))
    assert frame["whole_ideal"].to_list() == [None]
    assert ideal_and_actual(LAW, table(("a", 1, 1, 1, 1.5)), total=2)["whole_ideal"].to_list() == [2]


@pytest.mark.parametrize(
    ("rows", "criteria", "said"),
    [
        ([], None, "no rows"),
        ([("a", 0, 5, 5, 1.0)], None, "No area has anybody in treated"),
        ([("a", 1, 5, 5, 1.0)], {"treated": 1, "height": 2}, "height"),
        ([("a", 1, 5, 5, 1.0)], {"treated": 0}, "not all 0"),
    ],
)
def test_what_has_no_shares_is_refused(
    rows: list[tuple[str, int, int, int, float]], criteria: dict[str, int] | None, said: str
) -> None:
    law = LAW
    if criteria is not None:
        law = law.setting("chiropractor_criteria", criteria, source="Assumption: test")
    empty = table(("a", 1, 1, 1, 1.0)).clear()
    with pytest.raises(LawError, match=said):
        ideal_and_actual(law, table(*rows) if rows else empty)


def test_the_command_line_shows_ideal_beside_actual(tmp_path: Path) -> None:
    path = tmp_path / "kiropraktorer.csv"
    path.write_text(CSV, encoding="utf-8")
    done = CliRunner().invoke(
        app, ["chiropractor", "plan", str(path), "--on", "2026-02-01", "--to", str(tmp_path / "o.csv")]
    )
    assert done.exit_code == 0, done.output
    assert "12.333" in done.output
    assert "17.667" in done.output
    assert pl.read_csv(tmp_path / "o.csv")["whole_ideal"].to_list() == [12, 18]


def test_a_wrong_file_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "kiropraktorer.csv"
    path.write_text(CSV.replace(";100;", ";-100;"), encoding="utf-8")
    done = CliRunner().invoke(app, ["chiropractor", "plan", str(path), "--on", "2026-02-01"])
    assert done.exit_code == 2
    assert "Traceback" not in done.output
