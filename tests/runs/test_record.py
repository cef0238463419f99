from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from fordel.runs import _folder
from fordel.runs.execute import execute
from fordel.runs.record import FRAMES, BadRun, Run, read_run, write_run
from fordel.tables import Tables

FILES = {"manifest.json", *(f"{name}.parquet" for name in FRAMES)}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_run_comes_back_as_it_was_written(small_run: Run, tmp_path: Path) -> None:
    folder = write_run(small_run, tmp_path / "deep" / "run")
    again = read_run(folder)
    assert again.manifest == small_run.manifest
    assert again.rules == small_run.rules
    assert all(again.frames()[name].equals(frame) for name, frame in small_run.frames().items())
    assert set(bytes_of(folder)) == FILES
    assert [path.name for path in folder.parent.iterdir()] == ["run"]


def test_settings_and_a_given_total_come_back_too(small_country: Tables, tmp_path: Path) -> None:
    run = execute(
        small_country,
        day=date(2027, 1, 1),
        total=30,
        settings=[("capital_municipalities", ["0101"]), ("list_maximum", 2000)],
    )
    again = read_run(write_run(run, tmp_path / "run"))
    assert again.manifest == run.manifest
    assert again.manifest.total_given
    assert [(p.name, p.value) for p in again.manifest.settings] == [
        ("coverage.capital_municipalities", '["0101"]'),
        ("minimum.list_maximum", "2000"),
    ]


def test_writing_the_same_run_again_touches_nothing(small_run: Run, tmp_path: Path) -> None:
    folder = write_run(small_run, tmp_path / "run")
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()}
    write_run(small_run, folder)
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()} == before


def test_another_run_is_never_written_over(small_country: Tables, small_run: Run, tmp_path: Path) -> None:
    folder = write_run(small_run, tmp_path / "run")
    before = bytes_of(folder)
    other = execute(small_country, day=date(2026, 2, 1), total=25)
    with pytest.raises(BadRun, match="already holds another run"):
        write_run(other, folder)
    assert bytes_of(folder) == before


def test_an_empty_folder_is_used_and_a_full_one_left_alone(small_run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert set(bytes_of(write_run(small_run, tmp_path / "empty"))) == FILES
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("keep me")
    with pytest.raises(BadRun, match="holds no run, so nothing was written"):
        write_run(small_run, tmp_path / "full")
    assert bytes_of(tmp_path / "full") == {"letter.txt": b"keep me"}
    with pytest.raises(BadRun, match="holds no run"):
        write_run(small_run, tmp_path / "full" / "letter.txt")


def test_a_write_that_fails_leaves_nothing(small_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(_folder, "_to_disk", full)
    with pytest.raises(OSError, match="No space left"):
        write_run(small_run, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_every_fault_is_listed_at_once(small_run: Run, tmp_path: Path) -> None:
    folder = write_run(small_run, tmp_path / "run")
    (folder / "areas.parquet").unlink()
    (folder / "places.parquet").write_bytes(b"not Parquet")
    small_run.practices.with_columns(pl.col("patients") + 1).write_parquet(folder / "practices.parquet")
    with pytest.raises(BadRun) as refused:
        read_run(folder)
    for said in (
        "areas.parquet is missing",
        "places.parquet is not Parquet",
        "practices.parquet is not what was written",
    ):
        assert said in str(refused.value)


@pytest.mark.parametrize("name", [name for name in FRAMES if name != "area_shapes"])
def test_a_changed_cell_is_found_in_every_table(small_run: Run, tmp_path: Path, name: str) -> None:
    folder = write_run(small_run, tmp_path / "run")
    frame = small_run.frames()[name]
    changed = frame.with_columns(pl.lit("x").alias(frame.columns[0])) if frame.height else frame.rename({"name": "x"})
    changed.write_parquet(folder / f"{name}.parquet")
    with pytest.raises(BadRun, match=f"{name}.parquet is not what was written"):
        read_run(folder)


def test_an_edited_manifest_is_found(small_run: Run, tmp_path: Path) -> None:
    folder = write_run(small_run, tmp_path / "run")
    path = folder / "manifest.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"synthetic": true', '"synthetic": false'), encoding="utf-8"
    )
    with pytest.raises(BadRun, match="its run id differs"):
        read_run(folder)
    with pytest.raises(BadRun, match="its run id differs"):
        write_run(small_run, folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "has format None"),
        ('{"format": 99}', "has format 99; this version reads format 2"),
        ('{"format": 2}', "is not a run's manifest"),
    ],
)
def test_a_manifest_that_is_none_is_said_to_be_so(small_run: Run, tmp_path: Path, text: str, said: str) -> None:
    folder = write_run(small_run, tmp_path / "run")
    (folder / "manifest.json").write_text(text)
    with pytest.raises(BadRun, match=said):
        read_run(folder)


def test_no_run_there(tmp_path: Path) -> None:
    with pytest.raises(BadRun, match=r"is not there.\n  Try: fordel plan make"):
        read_run(tmp_path / "none")
    with pytest.raises(BadRun, match=r"has no manifest\.json"):
        read_run(tmp_path)


def test_the_run_id_follows_content_alone(small_run: Run) -> None:
    frames = small_run.frames()
    same = Run.sealed(replace(small_run.manifest, run_id="", tables={}), small_run.rules, **frames)
    assert same.manifest == small_run.manifest
    other = frames | {"places": frames["places"].with_columns(pl.col("people") + 1)}
    assert Run.sealed(small_run.manifest, small_run.rules, **other).manifest.run_id != small_run.manifest.run_id


SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from small_country import small_country_tables
from fordel.runs.execute import execute
from fordel.runs.record import write_run
write_run(execute(small_country_tables(), day=date(2026, 2, 1)), Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_the_same_bytes_whatever_the_hash_seed_and_the_threads(tmp_path: Path) -> None:
    folders = []
    for seed, threads in (("1", "1"), ("2", "7")):
        folder = tmp_path / seed
        tests = str(Path(__file__).parent.parent)
        environ = {**os.environ, "PYTHONHASHSEED": seed, "POLARS_MAX_THREADS": threads, "PYTHONPATH": tests}
        subprocess.run([sys.executable, "-c", SCRIPT, str(folder)], env=environ, check=True)
        folders.append(bytes_of(folder))
    assert folders[0] == folders[1]


def test_the_manifest_holds_no_clock_and_no_path(small_run: Run, tmp_path: Path) -> None:
    folder = write_run(small_run, tmp_path / "run")
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert json.loads(text)["law_date"] == "2026-02-01"
    assert "Lilleland" in text
