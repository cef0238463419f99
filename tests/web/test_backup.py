"""The drill: a backup made while the application runs becomes the same application elsewhere."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from fordel.runs.record import read_run
from fordel.web import backup
from fordel.web.audit.actions import record, seal
from fordel.web.audit.models import Event
from fordel.web.backup import BadBackup, keep, unpack
from fordel.web.runs.models import FinishedRun

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


@pytest.fixture(scope="module")
def kept(server: str, finished: FinishedRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the installation, with sealed and loose events and an upload in it."""
    os.environ["DATABASE_URL"] = server
    settings.MEDIA_ROOT.mkdir(exist_ok=True)
    (settings.MEDIA_ROOT / "register.csv").write_text("a;b\n", encoding="utf-8")
    record("drill.sealed", "test", "1", by="æøå", at=timezone.now())
    seal(at=timezone.now())
    record("drill.loose", "test", "2", by="x", at=timezone.now())
    file = tmp_path_factory.mktemp("backup") / "fordel.tar"
    keep(settings.HOME, file, at=timezone.now())
    return file


def fordel(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as another installation would: with no database named."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("FORDEL", "DATABASE", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-m", "fordel.cli", *words],
        env=clean,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_drill(kept: Path, finished: FinishedRun, tmp_path: Path) -> None:
    assert kept.stat().st_mode & 0o077 == 0
    home = tmp_path / "elsewhere"
    done = fordel("backup", "restore", str(kept), "--home", str(home))
    assert done.returncode == 0, done.stderr
    assert f"{Event.objects.count():,} events" in done.stdout
    assert read_run(home / finished.folder).manifest.run_id == finished.run_id
    assert (home / "uploads/register.csv").read_text(encoding="utf-8") == "a;b\n"
    assert (home / "keys.json").read_bytes() == (settings.HOME / "keys.json").read_bytes()
    assert not (home / backup.DUMP).exists()
    verified = fordel("audit", "verify", "--home", str(home))
    assert verified.returncode == 0, verified.stderr
    again = fordel("backup", "make", str(tmp_path / "second.tar"), "--home", str(home))
    assert again.returncode == 0, again.stderr
    twice = fordel("backup", "restore", str(kept), "--home", str(home))
    assert twice.returncode == 2
    assert "is not empty" in twice.stderr


def test_a_backup_is_not_written_over(kept: Path) -> None:
    before = kept.read_bytes()
    with pytest.raises(BadBackup, match="is there already"):
        keep(settings.HOME, kept, at=timezone.now())
    assert kept.read_bytes() == before
    assert list(kept.parent.iterdir()) == [kept]


def test_a_damaged_or_strange_file_is_refused_and_leaves_nothing(kept: Path, tmp_path: Path) -> None:
    damaged, cut, strange = tmp_path / "damaged.tar", tmp_path / "cut.tar", tmp_path / "strange.tar"
    whole = kept.read_bytes()
    with tarfile.open(kept) as tar:
        at = tar.getmember("uploads/register.csv").offset_data
    damaged.write_bytes(whole[:at] + b"x" + whole[at + 1 :])
    cut.write_bytes(whole[: len(whole) // 2])
    with tarfile.open(strange, "w") as tar:
        outside = tarfile.TarInfo("../outside")
        tar.addfile(outside, io.BytesIO())
    for file, says in ((damaged, "uploads/register.csv"), (cut, "no whole backup"), (strange, "no whole backup")):
        with pytest.raises(BadBackup, match=says):
            unpack(file, tmp_path / "new")
    assert sorted(tmp_path.iterdir()) == sorted([damaged, cut, strange])


def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, finished: FinishedRun, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:secret@127.0.0.1:1/none")
    with pytest.raises(BadBackup, match="pg_dump failed") as fault:
        keep(settings.HOME, tmp_path / "none.tar", at=timezone.now())
    assert "secret" not in str(fault.value)
    assert not any(tmp_path.iterdir())
