"""Moments are kept to the microsecond, and read only where their zone is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fordel.stores import BadInput, read_table
from fordel.stores._formats import FORMATS, write_table


class Notes(dy.Schema):
    """One row per moment."""

    noted_at = dy.Datetime(primary_key=True, time_zone="UTC")
    seen_at = dy.Datetime(nullable=True, time_zone="UTC")


MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def noted(*rows: tuple[datetime, datetime | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=Notes.create_empty().schema, orient="row")


@pytest.mark.parametrize("form", FORMATS)
@given(first=MOMENTS, second=MOMENTS | st.none())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_format_keeps_every_microsecond(
    form: str, first: datetime, second: datetime | None, tmp_path: Path
) -> None:
    frame = noted((first, second))
    assert read_table(write_table(frame, tmp_path, "notes", form), Notes).equals(frame)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-31T09:30:00Z", datetime(2026, 12, 31, 9, 30, tzinfo=UTC)),
        ("2026-12-31T09:30:00.000001Z", datetime(2026, 12, 31, 9, 30, 0, 1, tzinfo=UTC)),
        ("2026-12-31T00:30:00+01:00", datetime(2026, 12, 30, 23, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_with_its_zone_is_read(text: str, moment: datetime, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text(f"noted_at,seen_at\n{text},\n", encoding="utf-8")
    assert read_table(path, Notes)["noted_at"].to_list() == [moment]


@pytest.mark.parametrize(
    "text",
    ["2026-12-31T09:30:00", "2026-12-31", "2026-02-30T09:30:00Z", "2026-12-31T25:00:00Z", "i går", "31-12-2026 09:30"],
)
def test_a_moment_that_could_be_several_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text(f"noted_at,seen_at\n{text},\n", encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        read_table(path, Notes)
    (fault,) = raised.value.faults
    assert (fault.place(), fault.found) == ("row 2, column noted_at", f'"{text}"')
    assert "written as 2026-12-31T09:30:00Z" in fault.expected


def test_parquet_must_tell_the_zone(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    noted((moment, None)).with_columns(pl.col("noted_at").dt.replace_time_zone(None)).write_parquet(
        tmp_path / "notes.parquet"
    )
    with pytest.raises(BadInput, match="with its zone, written as"):
        read_table(tmp_path / "notes.parquet", Notes)
    danish = noted((moment, None)).with_columns(pl.col("noted_at").dt.convert_time_zone("Europe/Copenhagen"))
    danish.write_parquet(tmp_path / "notes.parquet")
    assert read_table(tmp_path / "notes.parquet", Notes)["noted_at"].to_list() == [moment]


def test_a_workbook_cell_that_is_a_date_has_no_zone(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "notes.xlsx")) as book:
        sheet = book.add_worksheet("notes")
        sheet.write_row(0, 0, ["noted_at", "seen_at"])
        moment = datetime(2026, 1, 1, 9, 30)  # noqa: DTZ001 - as a workbook has it
        sheet.write_datetime(1, 0, moment, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    with pytest.raises(BadInput, match="in a workbook, as text"):
        read_table(tmp_path / "notes.xlsx", Notes)
