"""Where the embedded database keeps its socket and its lock: for each person apart."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fordel.web.database import RUNTIME, NoDatabase, name_runtime_folder

SOMEBODY = 12_345


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine that names no runtime folder."""
    monkeypatch.setenv(RUNTIME, "")  # so that it is as it was afterwards, whoever sets it
    monkeypatch.delenv(RUNTIME)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_person_gets_a_folder_of_their_own(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    me = os.getuid() or SOMEBODY
    folder = elsewhere / f"fordel-{me}"
    folder.mkdir(mode=0o700)
    os.chown(folder, me, -1)
    monkeypatch.setattr(os, "getuid", lambda: me)
    name_runtime_folder()
    assert os.environ[RUNTIME] == str(folder)
    assert (folder / "python_PostgresServer").is_dir()


def test_somebody_else_s_folder_is_refused(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    (elsewhere / f"fordel-{SOMEBODY}").mkdir()
    monkeypatch.setattr(os, "getuid", lambda: SOMEBODY)
    with pytest.raises(NoDatabase, match="not yours alone"):
        name_runtime_folder()
    assert RUNTIME not in os.environ


def test_root_and_those_who_have_one_keep_theirs(monkeypatch: pytest.MonkeyPatch, elsewhere: Path) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    name_runtime_folder()
    assert RUNTIME not in os.environ
    monkeypatch.setattr(os, "getuid", lambda: SOMEBODY)
    monkeypatch.setenv(RUNTIME, str(elsewhere))
    name_runtime_folder()
    assert list(elsewhere.iterdir()) == []
