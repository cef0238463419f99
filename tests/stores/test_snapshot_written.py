"""A snapshot is the same in every format, and written whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fordel.stores import BadInput, read_snapshot, write_snapshot
from fordel.stores._formats import FORMATS
from fordel.stores.template import write_template
from fordel.tables import Tables
from small_country import SNAPSHOT_DATE, small_country_frames, small_country_tables

TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30).filter(lambda t: t == t.strip())
AWKWARD = st.sampled_from(["=1+1", "_x0041_", '"', "a,b;c", "linje\nskift", "0101", "1.125", "true", "ÆØÅ", "#N/A"])
WEIGHTS = st.floats(min_value=0, exclude_min=True, allow_infinity=False, allow_nan=False)
METRES = st.floats(min_value=400_000, max_value=950_000)
DAYS = st.dates(date(1900, 3, 1), date(2200, 1, 1))


@st.composite
def countries(draw: st.DrawFn) -> Tables:
    """The small country with its free texts, fractions, places, days and answers drawn anew."""
    frames = small_country_frames()
    practices, weights, sources = frames["practices"], frames["need_weights"], frames["sources"]
    texts = AWKWARD | TEXT
    released = draw(st.floats(0, 99))
    return Tables.of(
        draw(texts.filter(str.isprintable)),
        SNAPSHOT_DATE,
        **{
            **frames,
            "practices": practices.with_columns(
                name=pl.Series([draw(texts) for _ in range(practices.height)]),
                easting=pl.Series([draw(METRES) for _ in range(practices.height)]),
                capacities_released=pl.lit(released),
                capacities_filled=pl.lit(released * draw(st.floats(0, 1))),
                open_to_new=pl.Series([draw(st.booleans()) for _ in range(practices.height)]),
            ),
            "need_weights": weights.with_columns(coefficient=pl.Series([draw(WEIGHTS) for _ in range(weights.height)])),
            "sources": sources.with_columns(note=pl.lit(draw(texts | st.just(""))), vintage=pl.lit(str(draw(DAYS)))),
        },
    )


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
@given(tables=countries())
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_format_keeps_the_fingerprint(tables: Tables, form: str, tmp_path: Path) -> None:
    write_snapshot(tables, tmp_path / form, form)
    assert read_snapshot(tmp_path / form).fingerprint == tables.fingerprint


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_tables_give_the_same_manifest_and_tables(small_country: Tables, tmp_path: Path, form: str) -> None:
    for name in ("one", "two"):
        write_snapshot(small_country, tmp_path / name, form)
    one, two = (sorted(p.name for p in (tmp_path / name).iterdir()) for name in ("one", "two"))
    assert one == two
    if form != "xlsx":  # a workbook holds the hour it was made
        for file in one:
            assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_shape_too_long_for_a_sheet_is_kept_as_csv(small_country: Tables, tmp_path: Path) -> None:
    import shapely

    coast = shapely.Point(600_000, 6_200_000).buffer(5_000, quad_segs=600).wkb
    shapes = small_country.area_shapes.with_columns(geometry=pl.lit(coast))
    tables = small_country_tables(area_shapes=shapes)
    write_snapshot(tables, tmp_path / "x", "xlsx")
    assert (tmp_path / "x" / "area_shapes.csv").is_file()
    assert read_snapshot(tmp_path / "x").fingerprint == tables.fingerprint


def test_a_snapshot_is_replaced_and_nothing_else_is(small_country: Tables, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    write_snapshot(small_country, folder, "csv")
    write_snapshot(small_country, folder)
    assert sorted(p.suffix for p in folder.iterdir()) == [".json", *[".parquet"] * 9]
    assert [p.name for p in tmp_path.iterdir()] == ["s"]
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "love.txt").write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match="a folder with other files"):
        write_snapshot(small_country, tmp_path / "letters")
    assert [p.name for p in (tmp_path / "letters").iterdir()] == ["love.txt"]


def test_tables_that_disagree_are_not_written(small_country: Tables, tmp_path: Path) -> None:
    practices = small_country.practices.with_columns(patients=pl.col("patients") + 1)
    with pytest.raises(BadInput, match="the sum of its rows in registrations"):
        write_snapshot(small_country_tables(practices=practices), tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused(small_country: Tables, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="use one of parquet, csv, xlsx"):
        write_snapshot(small_country, tmp_path / "s", "docx")


WRITE_FOR_EVER = """
import sys
from pathlib import Path
from fordel.stores import read_snapshot, write_snapshot
tables = read_snapshot(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    write_snapshot(tables, Path(sys.argv[1]), "csv")
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="exchanges folders in one step on Linux")
def test_a_kill_in_the_middle_leaves_a_whole_snapshot(small_country: Tables, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    write_snapshot(small_country, folder)
    for wait in (0.013, 0.037, 0.071):
        writer = subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, folder], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(wait)
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        assert writer.returncode == -signal.SIGKILL
        assert read_snapshot(folder).fingerprint == small_country.fingerprint


def test_without_an_exchange_a_cut_says_where_the_old_one_is(
    small_country: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "s"
    write_snapshot(small_country, folder)
    monkeypatch.setattr("fordel.stores._folder._exchanged", lambda *_: False)
    write_snapshot(small_country, folder, "csv")
    assert read_snapshot(folder).fingerprint == small_country.fingerprint
    folder.rename(tmp_path / ".s.former")
    with pytest.raises(BadInput, match=r"rename .*\.s\.former to it"):
        read_snapshot(folder)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_template_lacks_rows_and_nothing_else(tmp_path: Path, form: str) -> None:
    write_template(tmp_path / "t", form)
    with pytest.raises(BadInput) as raised:
        read_snapshot(tmp_path / "t")
    found = [fault.found for fault in raised.value.faults]
    assert found == ['"name": ""', '"snapshot_date": ""', *["a header and no rows"] * 9]
    with pytest.raises(BadInput, match="a folder with files"):
        write_template(tmp_path / "t", form)


def test_a_template_filled_in_is_a_snapshot(small_country: Tables, tmp_path: Path) -> None:
    """As a planner would: rows under the headers in Danish Excel's CSV, name and day in snapshot.json."""
    folder = tmp_path / "t"
    write_template(folder, "csv")
    for table, frame in small_country.frames().items():
        plain = frame.with_columns(pl.col(pl.Binary).bin.encode("hex"))
        text = plain.write_csv(separator=";", decimal_comma=True, date_format="%d-%m-%Y", include_header=False)
        with (folder / f"{table}.csv").open("a", encoding="utf-8") as stream:
            stream.write(text.replace("true", "ja").replace("false", "nej"))
    said = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
    said |= {"name": small_country.name, "snapshot_date": str(small_country.snapshot_date), "decimal_sign": ","}
    (folder / "snapshot.json").write_text(json.dumps(said), encoding="utf-8")
    assert read_snapshot(folder).fingerprint == small_country.fingerprint


@pytest.mark.slow
def test_the_demo_snapshot_reads_fast_and_the_same(demo_tables: Tables, tmp_path: Path) -> None:
    write_snapshot(demo_tables, tmp_path / "demo")
    started = time.process_time()
    read = read_snapshot(tmp_path / "demo")
    assert read.fingerprint == demo_tables.fingerprint
    assert time.process_time() - started < 1.5
