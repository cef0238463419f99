"""Every kind of broken input gives one clear message with place and remedy, exit code 2 and no traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fordel.cli import app
from fordel.stores import write_snapshot
from fordel.tables import Tables
from stores.broken import Broken, both, cell, gone, manifest, put
from stores.broken_cells import KINDS_IN_CELLS
from stores.broken_files import KINDS_OF_FILES

KINDS = [*KINDS_IN_CELLS, *KINDS_OF_FILES]


@pytest.fixture(scope="session")
def sound_folder(small_country: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot in CSV without its seal, as one filled in by hand."""
    folder = tmp_path_factory.mktemp("sound") / "lilleland"
    write_snapshot(small_country, folder, "csv")
    said = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))
    kept = {key: said[key] for key in ("name", "snapshot_date")}
    (folder / "snapshot.json").write_text(json.dumps(kept), encoding="utf-8")
    return folder


def test_the_sound_folder_is_sound(sound_folder: Path) -> None:
    result = CliRunner().invoke(app, ["snapshot", "check", str(sound_folder)])
    assert result.exit_code == 0, result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_broken_input(kind: Broken, sound_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lilleland"
    shutil.copytree(sound_folder, folder)
    kind.make(folder)
    result = CliRunner().invoke(app, ["snapshot", "check", str(folder)])
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert result.stderr.count("  Try: ") >= 1
    for words in kind.says:
        assert words in result.stderr
    if kind.faults is not None:
        assert result.stderr.startswith(f"{kind.faults:,} fault{'s' if kind.faults > 1 else ''} in {folder}")


def test_there_are_more_than_thirty_kinds() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 30


def test_all_faults_of_all_files_come_at_once(sound_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lilleland"
    shutil.copytree(sound_folder, folder)
    both(
        cell("practices", 4, "patients", "-5"),
        cell("practices", 5, "open_to_new", "måske"),
        cell("areas", 2, "valid_from", "i går"),
        gone("sources"),
    )(folder)
    result = CliRunner().invoke(app, ["snapshot", "check", str(folder)])
    assert result.stderr.startswith("4 faults in ")
    for place in ("practices.csv, row 4", "practices.csv, row 5", "areas.csv, row 2", "sources: found no file"):
        assert place in result.stderr


def test_a_persons_number_is_never_shown(sound_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lilleland"
    shutil.copytree(sound_folder, folder)
    put(folder, "registrations", ["practice_id,municipality,sex,age_group,patients", "0101701234,0101,female,00-04,1"])
    result = CliRunner().invoke(app, ["snapshot", "check", str(folder)])
    assert result.exit_code == 2
    assert "0101701234" not in result.output
    assert "looks like a civil registration number" in result.stderr


@pytest.mark.parametrize(("name", "says"), [("nowhere", "no such folder"), ("file", "a file")])
def test_no_folder(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    result = CliRunner().invoke(app, ["snapshot", "check", str(tmp_path / name)])
    assert result.exit_code == 2
    assert f"found {says}" in result.stderr
    assert "fordel snapshot template" in result.stderr


@pytest.mark.parametrize("table", ["practices", "areas"])
def test_a_sealed_snapshot_that_was_edited_names_the_table(small_country: Tables, tmp_path: Path, table: str) -> None:
    write_snapshot(small_country, tmp_path / "sealed", "csv")
    path = tmp_path / "sealed" / f"{table}.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Rønne", "Rinne").replace("Bornholm", "B"), encoding="utf-8"
    )
    result = CliRunner().invoke(app, ["snapshot", "check", str(tmp_path / "sealed")])
    assert result.exit_code == 2
    assert result.stderr.startswith("1 fault ")
    assert f"{table}.csv: found content with checksum" in result.stderr
    assert "if the change is meant" in result.stderr


def test_a_sealed_snapshot_whose_name_was_edited(small_country: Tables, tmp_path: Path) -> None:
    write_snapshot(small_country, tmp_path / "sealed")
    manifest(name="Another")(tmp_path / "sealed")
    result = CliRunner().invoke(app, ["snapshot", "check", str(tmp_path / "sealed")])
    assert result.exit_code == 2
    assert "snapshot.json: found the fingerprint" in result.stderr
