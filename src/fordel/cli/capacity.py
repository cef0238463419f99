"""`fordel capacity`: record what happens to capacities, and show their state on any day, as known on any day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from fordel.casework.capacity import Event, count_by_state, read_events, state_on, timeline
from fordel.casework.errors import CaseworkError
from fordel.casework.moves import MOVES, state_diagram
from fordel.casework.record import Ceiling, binding_ceilings
from fordel.cli._shown import console, parse_day, shown_to_user
from fordel.runs.record import BadRun, read_run
from fordel.stores import BadInput, read_table
from fordel.stores.register import add_events, read_register
from fordel.tables import CapacityEvents

app = typer.Typer(no_args_is_help=True, help="Follow capacities from release to return.")

Register = Annotated[Path, typer.Argument(metavar="REGISTER", help="CSV file of events; made when it is not there.")]
On = Annotated[
    date | None, typer.Option("--on", metavar="DATE", parser=parse_day, help="Day asked for; today if not given.")
]
KnownOn = Annotated[
    date | None,
    typer.Option("--known-on", metavar="DATE", parser=parse_day, help="As it was known at the end of that day (UTC)."),
]
Runs = Annotated[
    list[Path],
    typer.Option("--run", metavar="RUN", help="Run whose ceilings bind from its law date on; may be repeated."),
]


@app.command("event")
def add_one(
    register: Register,
    capacity: Annotated[str, typer.Option("--capacity", metavar="ID", help="The capacity.")],
    move: Annotated[str, typer.Option("--move", help=f"One of {', '.join((*MOVES, 'annul'))}.")],
    by: Annotated[str, typer.Option("--by", help="Who records it.")],
    run: Runs,
    on: On = None,
    ground: Annotated[str, typer.Option("--ground", help="Why, with the decision it rests on.")] = "",
    municipality: Annotated[str | None, typer.Option("--municipality", help="Kommunekode, at release or move.")] = None,
    practice: Annotated[str | None, typer.Option("--practice", help="Ydernummer, at award.")] = None,
    annuls: Annotated[str | None, typer.Option("--annuls", metavar="EVENT", help="The event to annul.")] = None,
) -> None:
    """Record one event, if the capacity's state and the ceiling allow it."""
    if move not in (*MOVES, "annul"):
        raise typer.BadParameter(f"No move is called {move!r}; use one of {', '.join((*MOVES, 'annul'))}.")
    day = on or date.today()  # noqa: DTZ011 - the user's own day

    def one(_: Sequence[Event]) -> list[Event]:
        number = uuid.uuid4().hex[:12]
        return [Event(number, capacity, move, day, datetime.now(UTC), municipality, practice, annuls, by, ground)]

    with shown_to_user(BadRun, BadInput, CaseworkError):
        (event,) = add_events(register, one, _ceilings(run))
    console.print(f"Recorded as event {event.event_id} in {register}.", soft_wrap=True, highlight=False, markup=False)


@app.command("import")
def add_many(
    register: Register,
    file: Annotated[Path, typer.Option("--from", metavar="FILE", help="Events as CSV, Parquet or workbook.")],
    run: Runs,
) -> None:
    """Record every event of a file, or none of them."""
    with shown_to_user(BadRun, BadInput, CaseworkError):
        new = read_events(read_table(file, CapacityEvents))
        added = add_events(register, lambda _: new, _ceilings(run))
    console.print(f"Recorded {len(added):,} events in {register}.", soft_wrap=True, highlight=False, markup=False)


@app.command("list")
def list_states(
    register: Register,
    on: On = None,
    known_on: KnownOn = None,
    by: Annotated[str, typer.Option("--by", help="municipality or practice.")] = "municipality",
) -> None:
    """Count capacities by state: released, filled and vacant are never mixed."""
    columns = {"municipality": "municipality", "practice": "practice_id"}
    if by not in columns:
        raise typer.BadParameter(f"{by!r} is not a way to count; use municipality or practice.")
    day = on or date.today()  # noqa: DTZ011 - the user's own day
    with shown_to_user(BadInput):
        counts = count_by_state(state_on(_events(register), day, _moment(known_on)), columns[by])
    table = Table(box=box.SIMPLE, title=f"Capacities on {day}", pad_edge=False)
    table.add_column("Id")
    for name in counts.columns[1:]:
        table.add_column(name.replace("_", " "), justify="right")
    for row in counts.iter_rows():
        table.add_row(*(str(cell) for cell in row))
    console.print(table if counts.height else f"No capacity is recorded as {by}'s on {day}.")


@app.command()
def show(
    register: Register, capacity: Annotated[str, typer.Argument(metavar="CAPACITY")], known_on: KnownOn = None
) -> None:
    """Show the life of one capacity."""
    with shown_to_user(BadInput, CaseworkError):
        events = [event for event in _events(register) if event.capacity_id == capacity]
        if not events:
            raise CaseworkError(
                f"No capacity in {register} is called {capacity!r}. Try: fordel capacity list {register}"
            )
    table = Table(box=box.SIMPLE, title=f"Capacity {capacity}", pad_edge=False)
    for head in ("From", "Move", "State", "Municipality", "Practice"):
        table.add_column(head)
    for step in timeline(events, _moment(known_on)):
        table.add_row(str(step.valid_on), step.move, str(step.state), step.municipality or "", step.practice_id or "")
    console.print(table)


@app.command()
def moves(
    diagram: Annotated[bool, typer.Option("--diagram", help="As a Mermaid state diagram.")] = False,  # noqa: FBT002
) -> None:
    """List the moves a capacity can make."""
    if diagram:
        typer.echo(state_diagram())
        return
    table = Table(box=box.SIMPLE, pad_edge=False)
    for head in ("Move", "In Danish", "From", "To", "By"):
        table.add_column(head)
    for verb, move in MOVES.items():
        table.add_row(verb, move.dansk, ", ".join(move.origins), str(move.target or "same"), str(move.actor))
    console.print(table)


def _events(register: Path) -> list[Event]:
    if not register.exists():
        raise CaseworkError(f"There is no register at {register}. Try: fordel capacity event {register} --help")
    return read_register(register)


def _moment(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.max, UTC)


def _ceilings(folders: list[Path]) -> list[Ceiling]:
    """Let each run's ceilings bind from its law date to the next one's."""
    runs = sorted((read_run(folder) for folder in folders), key=lambda run: run.manifest.law_date)
    until = [*(run.manifest.law_date for run in runs[1:]), None]
    return [
        ceiling
        for run, end in zip(runs, until, strict=True)
        for ceiling in binding_ceilings(run.areas, run.manifest.law_date, end)
    ]
