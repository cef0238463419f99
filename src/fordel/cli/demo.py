"""`fordel demo`: the whole way on open data, from snapshot to report."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from fordel.cli._seal import recipe_now, sealed_as
from fordel.cli._serve import HOST, PortTaken, open_server
from fordel.cli._shown import console, errors, parse_day, shown_to_user
from fordel.publish.report import BadReport, write_report
from fordel.runs.record import BadRun, run_id_in, write_run
from fordel.stores import BadInput, read_snapshot, write_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fordel.runs.record import Run
    from fordel.tables import Tables

app = typer.Typer(no_args_is_help=True)

# The first day on which each practice's own minimum closes it everywhere: from then on the plan holds all its parts.
DEFAULT_DAY = "2026-02-01"


class BadDemo(Exception):
    """The demo meets something in its folder that it did not put there."""


KNOWN = (BadDemo, BadInput, BadReport, BadRun, PortTaken, OSError)
To = Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where snapshot, runs and report go.")]
On = Annotated[date, typer.Option("--on", metavar="DATE", parser=parse_day, help="Law date.")]


@app.command()
def make(to: To = Path("out"), on: On = DEFAULT_DAY) -> None:  # type: ignore[assignment]
    """Make the demo snapshot, a plan and its report; what is there already and still fits is used again."""
    with shown_to_user(*KNOWN):
        _make(to, on)


@app.command()
def citizens(
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="Parquet file to write.")],
    people: Annotated[int, typer.Option("--people", min=10_000, max=30_000_000, help="How many citizens.")] = 100_000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same citizens.")] = 1,
    year: Annotated[int, typer.Option("--year", min=1990, max=2100, help="The year they live in.")] = 2024,
) -> None:
    """Write synthetic citizens, nobody's data, to try the need model on."""
    from fordel.demo.citizens import write_citizens  # noqa: PLC0415 - loads the margins

    with shown_to_user(*KNOWN), errors.status("Drawing citizens") as status:
        if to.exists():
            raise BadDemo(f"{to} is there already, so it is left alone.\n  Try: another name")
        write_citizens(to, people, seed=seed, year=year, progress=status.update)
    _say(f"{people:,} synthetic citizens of {year} written to {to}. Next: fordel need fit {to} --to MODEL")


@app.command()
def run(
    to: To = Path("out"),
    on: On = DEFAULT_DAY,  # type: ignore[assignment]
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port on 127.0.0.1; 0 for any.")] = 8765,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Show the report in a browser.")] = True,  # noqa: FBT002
) -> None:
    """Make all that `make` makes, then serve the report on this machine until Ctrl-C."""
    if not serve:
        make(to, on)
        return
    with shown_to_user(*KNOWN), open_server(to / "report", port) as server:
        _make(to, on)
        _say(f"Open http://{HOST}:{server.server_port}/ in a browser. Ctrl-C stops.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            _say("\nStopped. The report stays where it is.")


@app.command()
def register(to: To = Path("out")) -> None:
    """Make a made-up register of capacities, doctors and owners that agrees with the demo snapshot."""
    from fordel.demo.capacities import make_register  # noqa: PLC0415 - only this command needs registers
    from fordel.stores.register import write_new_folder  # noqa: PLC0415 - likewise

    with shown_to_user(*KNOWN):
        with _step("Snapshot") as tell:
            tables, _ = _snapshot(to / "snapshot", tell)
        with _step("Register"):
            made = make_register(tables.practices, tables.snapshot_date)
            frames = {"capacity-events": made.events, "doctor-shares": made.shares, "ownerships": made.ownerships}
            write_new_folder(to / "register", frames)
    console.print("Synthetic data: no event, doctor or owner in it is real.", style="bold yellow")
    for name, frame in frames.items():
        _say(f"{frame.height:>7,} rows  {to / 'register' / name}.csv")


def make_quietly(to: Path, on: date) -> tuple[Run, Path]:
    """Give the demo's run and its folder; snapshot and run are made where they are not there or no longer fit.

    Raises:
        BadDemo, BadInput, BadRun: the folder holds something else.
    """
    from fordel.runs.execute import execute  # noqa: PLC0415 - `--help` needs no rules

    tables, _ = _snapshot(to / "snapshot", lambda _: None)
    finished = execute(tables, day=on)
    return finished, write_run(finished, to / "runs" / f"{on}-{finished.manifest.run_id[:12]}")


def _make(to: Path, on: date) -> None:
    from fordel.runs.execute import execute  # noqa: PLC0415 - `--help` needs no rules

    with _step("Snapshot") as tell:
        tables, made = _snapshot(to / "snapshot", tell)
    with _step(f"Plan by the law of {on}"):
        finished = execute(tables, day=on)
        folder = to / "runs" / f"{on}-{finished.manifest.run_id[:12]}"
        known = run_id_in(folder) is not None
        write_run(finished, folder)
    with _step("Report"):
        pages = write_report(finished, to / "report")
    _say_where(to, finished, folder, pages[0], {"snapshot": made, "run": not known})


def _snapshot(folder: Path, tell: Callable[[str], None]) -> tuple[Tables, bool]:
    """Read the demo snapshot where this version of the recipe wrote it, else make it; whether it was made.

    Raises:
        BadDemo: the folder holds something that the demo did not put there.
    """
    seal = folder.with_name(f"{folder.name}.made.json")
    there = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    sealed = sealed_as(seal)
    if there and sealed is None:
        raise BadDemo(f"{folder} was not made by `fordel demo`, so it is left alone.\n  Try: --to with a new folder")
    recipe = recipe_now()
    if there and sealed is not None and sealed["recipe"] == recipe:
        tell("Reading the snapshot that is there")
        tables = read_snapshot(folder)
        if tables.fingerprint != sealed["fingerprint"]:
            raise BadDemo(f"{folder} is no longer the demo snapshot.\n  Try: --to with a new folder, or move it away")
        return tables, False
    return _made(folder, seal, recipe, tell), True


def _made(folder: Path, seal: Path, recipe: str, tell: Callable[[str], None]) -> Tables:
    """Make the snapshot; its seal is written first, so that one cut short is known as ours."""
    from fordel.demo import make_snapshot  # noqa: PLC0415 - loads the shipped open data

    tables = make_snapshot(tell)
    tell("Writing the snapshot")
    folder.parent.mkdir(parents=True, exist_ok=True)
    seal.write_text(json.dumps({"recipe": recipe, "fingerprint": tables.fingerprint}) + "\n", encoding="utf-8")
    write_snapshot(tables, folder)
    return tables


@contextmanager
def _step(what: str) -> Iterator[Callable[[str], None]]:
    """Show a step while it lasts, and how long it took."""
    began = perf_counter()
    with errors.status(what) as status:
        yield lambda doing: status.update(f"{what}: {doing[:1].lower()}{doing[1:]}")
    _say(f"{what:<32}{perf_counter() - began:6.1f} s")


def _say_where(to: Path, run: Run, folder: Path, page: Path, new: dict[str, bool]) -> None:
    """Say what was made, where it lies, and that practices are made up."""
    how = {part: "" if made else " (there already)" for part, made in new.items()}
    if run.manifest.synthetic:
        console.print("Synthetic data: the numbers show the method, not real practices.", style="bold yellow")
    _say(f"Snapshot  {to / 'snapshot'}{how['snapshot']}")
    _say(f"Run       {folder}{how['run']}")
    _say(f"Report    {page}")


def _say(text: str) -> None:
    console.print(text, soft_wrap=True, highlight=False, markup=False)
