"""`fordel serve`: the web application, in a browser on this machine or behind a proxy."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from fordel.cli._shown import console, errors, shown_to_user
from fordel.web.database import NoDatabase, embedded_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

app = typer.Typer()
Home = Annotated[Path, typer.Option("--home", metavar="FOLDER", help="Where runs, snapshots, keys and database lie.")]


PR_SET_PDEATHSIG = 1  # linux/prctl.h


class WebStopped(Exception):
    """One of the processes of the web application ended by itself."""


@app.command()
def serve(
    home: Home = Path("out"),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")] = 8765,
    bind: Annotated[str, typer.Option("--bind", help="Address to listen on.")] = "127.0.0.1",
    web: Annotated[int, typer.Option("--web", min=1, max=64, help="How many web processes.")] = 2,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Start a worker, too.")] = True,  # noqa: FBT002
    demo: Annotated[bool, typer.Option("--demo", help="Make the demo's snapshot, run and accounts first.")] = False,  # noqa: FBT002
) -> None:
    """Migrate the database, then serve the pages until Ctrl-C. DATABASE_URL names a database; else one is started."""
    with shown_to_user(NoDatabase, WebStopped, OSError):
        if demo:
            os.environ["FORDEL_DEMO"] = "1"
        _prepare(home)
        with _running(_gunicorn(bind, port, web)) as processes:
            if demo:
                _take_in_demo(home)
            _until_open(processes, home, bind, port)
            if worker:
                processes.append(_begin([sys.executable, "-m", "fordel.cli", "worker", "--home", str(home)]))
            console.print(f"Open http://{bind}:{port}/ in a browser. Ctrl-C stops.", highlight=False, soft_wrap=True)
            if demo:
                _say_accounts()
            _say_how_to_begin(home)
            _wait(processes, home)


def _prepare(home: Path) -> None:
    from fordel.cli._web import migrate, open_home  # noqa: PLC0415 - `--help` needs no Django

    with errors.status("Database"):
        open_home(home)
        migrate()


def _take_in_demo(home: Path) -> None:
    """Fill the installation while the web processes start: what is there already is left as it is."""
    from fordel.cli._web import take_in_demo  # noqa: PLC0415 - `--help` needs no Django

    with errors.status("Demo: snapshot and run"):
        take_in_demo(home)


def _say_accounts() -> None:
    from fordel.web.accounts.demo import ACCOUNTS, PASSWORD  # noqa: PLC0415 - needs the database named

    console.print(f"Sign in as one of these, each with the password {PASSWORD}:", highlight=False, soft_wrap=True)
    for account in ACCOUNTS:
        console.print(f"  {account.username:<16}{account.role.value}", highlight=False)


def _say_how_to_begin(home: Path) -> None:
    from fordel.cli._web import somebody_can_let_people_in  # noqa: PLC0415 - needs the database named

    if not somebody_can_let_people_in():
        command = f"fordel account make NAME --role administrator --home {home}"
        console.print(f"Nobody can make accounts yet. In another window: {command}", highlight=False, soft_wrap=True)


def _gunicorn(bind: str, port: int, processes: int) -> list[str]:
    settings = ("--config", "python:fordel.web.server", "--bind", f"{bind}:{port}", "--workers", str(processes))
    return [sys.executable, "-m", "gunicorn", *settings, "fordel.web.wsgi:application"]


@contextmanager
def _running(command: list[str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start the web server; stop it, and what was started after it, when we are stopped or one of them ends."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    processes = [_begin(command)]
    try:
        yield processes
    except KeyboardInterrupt:
        console.print("\nStopped.")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def _begin(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process that ends when we do, even if we are killed."""
    return subprocess.Popen(command, preexec_fn=_end_with_parent)  # noqa: PLW1509 - no thread of ours runs yet


def _end_with_parent() -> None:
    """Ask Linux to terminate this process when the one that started it ends; elsewhere nothing is asked."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _until_open(processes: list[subprocess.Popen[bytes]], home: Path, bind: str, port: int) -> None:
    """Wait until the pages answer: gunicorn listens once it has loaded them.

    Raises:
        WebStopped: it ended instead.
    """
    while True:
        try:
            socket.create_connection((bind, port), timeout=5).close()
        except OSError:
            _check(processes, home)
            time.sleep(0.05)
        else:
            return


def _wait(processes: list[subprocess.Popen[bytes]], home: Path) -> NoReturn:
    """Wait until one ends, or the database does.

    Raises:
        WebStopped: one has, by itself.
    """
    while True:
        time.sleep(0.5)
        _check(processes, home)


def _check(processes: list[subprocess.Popen[bytes]], home: Path) -> None:
    ended = next((process for process in processes if process.poll() is not None), None)
    if ended is not None:
        raise WebStopped(f"A process of the web application ended by itself with exit code {ended.returncode}.")
    if not embedded_runs(home):
        raise WebStopped("The embedded database ended by itself.")
