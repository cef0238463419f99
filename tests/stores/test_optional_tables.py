"""A table that says what was decided may be absent: that is the same snapshot as one in which it is empty."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from fordel.plan import PRACTICE_COLUMNS, STATED_COLUMNS
from fordel.runs.execute import execute
from fordel.stores import BadInput, read_snapshot, write_snapshot
from fordel.stores._formats import FORMATS
from fordel.tables import OPTIONAL, Decisions, Tables
from small_country import small_country_tables

DEVIATION: dict[str, object] = {
    "decision_id": "2026-17",
    "kind": "minimum_deviation",
    "area_id": None,
    "practice_id": "010101",
    "value": 1500.0,
    "ground": "special_function",
    "evidence": "Praksis betjener et bosted på Ærø",
    "decided_on": date(2025, 12, 1),
    "valid_from": date(2026, 1, 1),
    "valid_until": None,
    "decided_by": "region-hovedstaden",
}
EXCEPTION: dict[str, object] = {
    **DEVIATION,
    "decision_id": "2026-18",
    "kind": "exception_growth",
    "area_id": "0101",
    "practice_id": None,
    "value": 2.0,
}


def decided(*decisions: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(decisions), schema=Decisions.create_empty().schema)


def test_only_what_may_truly_be_nothing_is_optional() -> None:
    assert {"decisions"} <= OPTIONAL
    assert not OPTIONAL & {"areas", "population", "practices", "registrations", "sources"}


def test_left_out_and_empty_are_the_same_snapshot(small_country: Tables) -> None:
    assert small_country.decisions.is_empty()
    assert small_country_tables(decisions=decided()).fingerprint == small_country.fingerprint
    assert small_country_tables(decisions=decided(DEVIATION)).fingerprint != small_country.fingerprint


def test_a_run_tells_of_stated_maxima_only_where_there_are_some(small_country: Tables) -> None:
    day = date(2026, 2, 1)
    stated = pl.DataFrame({"practice_id": ["010101"], "stated_maximum": [6000]})
    without, with_one = execute(small_country, day=day), execute(small_country_tables(stated_maxima=stated), day=day)
    assert tuple(without.practices.columns) == PRACTICE_COLUMNS
    assert with_one.practices.drop(STATED_COLUMNS).equals(without.practices)
    row = with_one.practices.filter(practice_id="010101").row(0, named=True)
    assert (row["stated_maximum"], row["list_utilisation"]) == (6000, row["patients"] / 6000)
    assert with_one.practices["stated_maximum"].null_count() == without.practices.height - 1


@pytest.mark.parametrize("form", FORMATS)
def test_decisions_are_read_as_they_were_written(tmp_path: Path, form: str) -> None:
    tables = small_country_tables(decisions=decided(DEVIATION, EXCEPTION))
    write_snapshot(tables, tmp_path / "s", form)
    again = read_snapshot(tmp_path / "s")
    assert again.decisions.equals(tables.decisions)
    assert again.fingerprint == tables.fingerprint


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_one_is_not_written_and_an_empty_file_will_do(
    small_country: Tables, tmp_path: Path, form: str
) -> None:
    folder = tmp_path / "s"
    write_snapshot(small_country, folder, form)
    assert not list(folder.glob("decisions.*"))
    (folder / "decisions.csv").write_text(",".join(Decisions.column_names()) + "\n", encoding="utf-8")
    assert read_snapshot(folder).fingerprint == small_country.fingerprint


def test_rows_added_under_the_seal_are_found(small_country: Tables, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    write_snapshot(small_country, folder)
    decided(DEVIATION).write_csv(folder / "decisions.csv")
    with pytest.raises(BadInput, match="expected no table decisions, as when the snapshot was written"):
        read_snapshot(folder)


def test_rows_taken_from_under_the_seal_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    write_snapshot(small_country_tables(decisions=decided(DEVIATION)), folder, "csv")
    decided().write_csv(folder / "decisions.csv")
    with pytest.raises(BadInput, match=r"decisions\.csv: found content with checksum"):
        read_snapshot(folder)
    (folder / "decisions.csv").unlink()
    with pytest.raises(BadInput, match=r"decisions\.csv: found no such file"):
        read_snapshot(folder)


def test_a_file_that_is_nearly_called_so_is_not_passed_over(small_country: Tables, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    write_snapshot(small_country, folder)
    decided(DEVIATION).write_csv(folder / "decision.csv")
    with pytest.raises(BadInput, match="call decision decisions"):
        read_snapshot(folder)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"practice_id": "999999"}, ["practice_id", "a practice that practices has, in a decision that holds"]),
        ({"area_id": "0101"}, ["column area_id", "an area or a practice, and never both"]),
        ({"kind": "exception_growth"}, ["column kind", "an area for an exception"]),
        ({"decided_on": date(2026, 6, 1)}, ["column decided_on", "no later than the day it holds from"]),
        ({"valid_until": date(2025, 6, 1)}, ["column valid_until", "a day after valid_from"]),
        ({"value": -1.0}, ["column value", "0 or more"]),
        ({"evidence": ""}, ["column evidence", "fill in the cell"]),
        ({"kind": "favour"}, ["column kind", "one of minimum_deviation"]),
    ],
    ids=["practice", "both", "kind", "late", "backward", "negative", "no grounds", "unknown kind"],
)
def test_a_decision_that_cannot_be(
    small_country: Tables, tmp_path: Path, change: dict[str, object], says: list[str]
) -> None:
    folder = unsealed(small_country, tmp_path)
    schema = pl.Schema({**Decisions.create_empty().schema, "kind": pl.String()})
    pl.DataFrame([DEVIATION | change], schema=schema).write_csv(folder / "decisions.csv")
    with pytest.raises(BadInput) as raised:
        read_snapshot(folder)
    assert "decisions.csv, row 2" in str(raised.value)
    assert all(words in str(raised.value) for words in says), str(raised.value)


def test_an_area_that_is_not_there_and_two_minimums_at_once(small_country: Tables, tmp_path: Path) -> None:
    folder = unsealed(small_country, tmp_path)
    wrong = decided(DEVIATION, DEVIATION | {"decision_id": "2026-19"}, EXCEPTION | {"area_id": "0999"})
    wrong.write_csv(folder / "decisions.csv")
    with pytest.raises(BadInput) as raised:
        read_snapshot(folder)
    assert [fault.expected for fault in raised.value.faults] == [
        "the id of an area that areas has",
        "one minimum for each day",
    ]


def unsealed(tables: Tables, tmp_path: Path) -> Path:
    """Write a snapshot as one filled in by hand."""
    folder = tmp_path / "s"
    write_snapshot(tables, folder, "csv")
    said = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
    kept = {key: said[key] for key in ("name", "snapshot_date")}
    (folder / "snapshot.json").write_text(json.dumps(kept), encoding="utf-8")
    return folder


def test_decisions_in_danish_words_are_read(small_country: Tables, tmp_path: Path) -> None:
    folder = unsealed(small_country, tmp_path)
    heads = "Beslutning;Art;Område;Ydernr;Værdi;Begrundelse;Grundlag;Besluttet;Gyldig fra;Ophører;Besluttet af"
    why = "special_function;Praksis betjener et bosted på Ærø"
    row = f"2026-17;Afvigende minimum;;010101;1500;{why};01-12-2025;01-01-2026;;region-hovedstaden"
    (folder / "decisions.csv").write_text(f"{heads}\n{row}\n", encoding="utf-8")
    assert read_snapshot(folder).decisions.equals(decided(DEVIATION))
