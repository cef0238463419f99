"""Why a run cannot be made is told in both languages: each reason has its words, and a run that has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from fordel.law import Lawbook, LawError, Reason
from fordel.plan import _refuse_unknown_places
from fordel.runs.execute import execute
from fordel.runs.record import Run, read_run, write_run
from fordel.stores import BadInput, Fault, read_snapshot
from fordel.tables import Tables
from fordel.worker.told import reason_of, reasons
from rich_country import published, rich_country_tables
from small_country import small_country_frames, small_country_tables

SOURCES = Path(__file__).parents[2] / "src" / "fordel"
DAY = date(2026, 2, 1)
OURS = {"input", "system", "program"}


def plan(**changed: pl.DataFrame) -> Run:
    return execute(rich_country_tables(**changed), day=DAY)


def ended(run: Run, folder: Path, change: Callable[[Path], object]) -> Run:
    write_run(run, folder / "r")
    change(folder / "r")
    return read_run(folder / "r")


def unmade(tables: Tables) -> Run:
    """A run of areas whose municipality ends before the law date."""
    ends = pl.when(pl.col("area_id") == "0741").then(pl.lit(date(2026, 1, 15))).otherwise("valid_until")
    return execute(replace(tables, areas=tables.areas.with_columns(valid_until=ends)), day=DAY)


def one_weighed(_: Run, __: Path) -> Run:
    """A run weighed by a model that knows one municipality."""
    sums = {"level": ["municipality"], "area_id": ["0101"], "people": [10], "weighted_citizens": [10.0]}
    return execute(small_country_tables(weighted_sums=pl.DataFrame(sums)), day=DAY)


REASONS: dict[str, Callable[[Run, Path], object]] = {
    "rule_not_yet": lambda run, at: execute(small_country_tables(), day=date(2025, 1, 1)),
    "parameter_not_yet": lambda run, at: Lawbook.shipped().on(date(2025, 1, 1)).value("binding_level"),
    "parameter_not_in_force": lambda run, at: Lawbook.shipped().on(date(2030, 1, 1)).value("island_exception"),
    "total_not_used": lambda run, at: execute(
        small_country_tables(), day=DAY, total=20, settings=[("ceilings_rescaled", False)]
    ),
    "published_disagree": lambda run, at: plan(
        published_ceilings=published(("dk", "nation", 2026, 3), ("region-sjaelland", "region", 2026, 8))
    ),
    "several_wholes": lambda run, at: execute(
        small_country_tables(area_parts=small_country_frames()["area_parts"].filter(pl.col("part_id") != "0741")),
        day=DAY,
    ),
    "no_population": lambda run, at: _refuse_unknown_places(small_country_tables(), pl.Series(["0101"])),
    "area_missing": lambda run, at: unmade(small_country_tables()),
    "decisions_not_in_order": lambda run, at: plan(decisions=unknown_ground()),
    "weights_lack": one_weighed,
    "folder_taken": lambda run, at: write_run(run, taken(at)),
    "run_gone": lambda run, at: read_run(at / "nothing"),
    "run_damaged": lambda run, at: ended(run, at, lambda folder: (folder / "areas.parquet").unlink()),
    "run_format": lambda run, at: ended(run, at, lambda folder: reformatted(folder / "manifest.json")),
    "input": lambda run, at: read_snapshot(at / "nothing"),
    "system": lambda run, at: (at / "nothing").read_text(),
    "program": lambda run, at: 1 // len(""),
}


def unknown_ground() -> pl.DataFrame:
    frame = rich_country_tables().decisions
    wrong = {"decision_id": "x", "kind": "minimum_deviation", "area_id": None, "practice_id": "010101", "ground": "nå"}
    row = frame.head(1).with_columns(pl.lit(v).cast(frame.schema[k]).alias(k) for k, v in wrong.items())
    return pl.concat([frame, row])


def taken(folder: Path) -> Path:
    (folder / "something").write_text("x", encoding="utf-8")
    return folder


def reformatted(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace('"format": 2', '"format": 1'), "utf-8")


@pytest.mark.parametrize("code", REASONS)
def test_each_reason_comes_up_and_is_told_in_both_languages(code: str, small_run: Run, tmp_path: Path) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is asked below
        REASONS[code](small_run, tmp_path)
    if code not in OURS:
        assert isinstance(raised.value, Reason)
        assert raised.value.code == code
    said = reason_of(raised.value)
    assert said.english == (reasons()[code]["english"] if code == "program" else str(raised.value))
    pattern = re.escape(reasons()[code]["dansk"].strip())
    assert re.fullmatch(re.sub(r"\\{\w+\\}", "(?s:.+)", pattern), said.danish), said.danish


def test_days_and_numbers_are_written_as_danes_do(small_run: Run, tmp_path: Path) -> None:
    error = LawError("x", code="weights_lack", count=1200, listed="0101")
    assert "mangler 1.200 kommuner" in reason_of(error).danish
    assert "den 1. januar 2025; den gælder fra 1. juli 2025" in told_of(
        lambda: REASONS["rule_not_yet"](small_run, tmp_path)
    )
    assert reason_of(LawError("not known by a code")).danish == ""


def told_of(act: Callable[[], object]) -> str:
    with pytest.raises(LawError) as raised:
        act()
    return reason_of(raised.value).danish


def test_faults_of_a_snapshot_are_told_one_by_one_in_danish() -> None:
    faults = [Fault("missing_column", "praksis.csv", {"name": "patients"}, row=1, column="patients")]
    assert reason_of(BadInput("x", faults)).danish == (
        "Øjebliksbilledet kan ikke læses:\n"
        "praksis.csv, række 1, kolonne patients: fundet kolonnen mangler; ventet en kolonne patients. "
        "Gør dette: tilføj kolonnen."
    )


def test_every_code_has_words_and_every_word_a_code() -> None:
    texts = [path.read_text("utf-8") for path in SOURCES.rglob("*.py") if "stores" not in path.parts]
    said = {code for text in texts for code in re.findall(r'\bcode="(\w+)"', text)}
    assert said | OURS == reasons().keys()
    assert reasons().keys() == REASONS.keys()
