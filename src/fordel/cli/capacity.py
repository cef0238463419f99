"""`fordel capacity`: record what happens to capacities, and show their state on any day, as known on any day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from fordel.casework.capacity import Event, count_by_state, read_events, state_on
from fordel.casework.ceilings import Ceiling, binding_ceilings
from fordel.casework.errors import CaseworkError
from fordel.casework.moves import ANNUL, MOVES, State, state_diagram
from fordel.cli import _capacity_looks
from fordel.cli._capacity_views import (
    KnownOn,
    On,
    Register,
    counts_table,
    grounds,
    life_table,
    moment_of,
    moves_table,
    recorded,
    say,
    states_table,
    today,
)
from fordel.cli._shown import console, shown_to_user
from fordel.runs.record import BadRun, read_run
from fordel.stores import BadInput, read_table
from fordel.stores.register import add_events
from fordel.tables import CapacityEvents

app = typer.Typer(no_args_is_help=True)
VERBS = (*MOVES, ANNUL)
COLUMNS = ("municipality", "practice_id", "annuls")
TO = {"release": "municipality", "relocate": "municipality", "award": "practice_id", ANNUL: "annuls"}
Runs = Annotated[
    list[Path],
    typer.Option("--run", metavar="RUN", help="Run whose ceilings bind from its law date on; may be repeated."),
]


@app.command("event")
def add_one(
    register: Register,
    capacity: Annotated[str, typer.Option("--capacity", metavar="ID", help="The capacity.")],
    move: Annotated[str, typer.Option("--move", help=f"One of {', '.join(VERBS)}.")],
    by: Annotated[str, typer.Option("--by", help="Who records it.")],
    run: Runs,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", help="Municipality (release, relocate), practice (award), or the event that is wrong (annul)."
        ),
    ] = None,
    on: On = None,
    ground: Annotated[str, typer.Option("--ground", help="Why, with the decision it rests on.")] = "",
) -> None:
    """Record one event, if the capacity's state and the ceiling allow it."""
    if move not in VERBS:
        raise typer.BadParameter(f"No move is called {move!r}; use one of {', '.join(VERBS)}.")
    if to is not None and move not in TO:
        raise typer.BadParameter(f"A capacity keeps its place when you {move} it; leave out --to.")

    def one(recorded: Sequence[Event]) -> list[Event]:
        newest = max((event.recorded_at for event in recorded), default=None)
        now = datetime.now(UTC)
        if newest is not None and newest >= now:
            raise CaseworkError(f"The newest event is recorded at {newest}, but it is {now} now: check the clock.")
        municipality, practice, annuls = (to if TO.get(move) == column else None for column in COLUMNS)
        day, number = on or today(), uuid.uuid4().hex[:8]
        return [Event(number, capacity, move, day, now, municipality, practice, annuls, by, ground)]

    with shown_to_user(BadRun, BadInput, CaseworkError, OSError):
        (event,) = add_events(register, one, _ceilings(run))
    say(f"Recorded as event {event.event_id} in {register}.")


@app.command("import")
def add_many(
    register: Register,
    file: Annotated[Path, typer.Option("--from", metavar="FILE", help="Events as CSV, Parquet or workbook.")],
    run: Runs,
) -> None:
    """Record every event of a file, or none of them."""
    with shown_to_user(BadRun, BadInput, CaseworkError, OSError):
        new = read_events(read_table(file, CapacityEvents))
        now = datetime.now(UTC)
        if late := [event.event_id for event in new if event.recorded_at > now]:
            raise CaseworkError(f"{file.name} says of {', '.join(late[:5])} that they are recorded after now, {now}.")
        added = add_events(register, lambda _: new, _ceilings(run))
    say(f"Recorded {len(added):,} events in {register}.")


@app.command("list")
def list_capacities(
    register: Register,
    on: On = None,
    known_on: KnownOn = None,
    municipality: Annotated[str | None, typer.Option("--municipality", metavar="CODE", help="Only there.")] = None,
    practice: Annotated[str | None, typer.Option("--practice", metavar="NUMBER", help="Only that practice's.")] = None,
    state: Annotated[State | None, typer.Option("--state", help="Only those in that state.")] = None,
) -> None:
    """List capacities, each with its state."""
    day = on or today()
    with shown_to_user(BadInput, CaseworkError, OSError):
        states = state_on(recorded(register), day, moment_of(known_on))
    wanted = {"municipality": municipality, "practice_id": practice, "state": state}
    for column, value in wanted.items():
        states = states if value is None else states.filter(**{column: str(value)})
    console.print(states_table(states, day) if states.height else f"No such capacity on {day}.")


@app.command("state")
def count_states(
    register: Register,
    on: On = None,
    known_on: KnownOn = None,
    by: Annotated[str, typer.Option("--by", help="municipality or practice.")] = "municipality",
) -> None:
    """Count capacities by state: released, filled and vacant are never mixed."""
    columns = {"municipality": "municipality", "practice": "practice_id"}
    if by not in columns:
        raise typer.BadParameter(f"{by!r} is not a way to count; use municipality or practice.")
    day = on or today()
    with shown_to_user(BadInput, CaseworkError, OSError):
        counts = count_by_state(state_on(recorded(register), day, moment_of(known_on)), columns[by])
    console.print(counts_table(counts, by, day) if counts.height else f"No {by} has a capacity on {day}.")


@app.command()
def show(
    register: Register, capacity: Annotated[str, typer.Argument(metavar="CAPACITY")], known_on: KnownOn = None
) -> None:
    """Show the life of one capacity, with what was annulled."""
    with shown_to_user(BadInput, CaseworkError, OSError):
        events = [event for event in recorded(register) if event.capacity_id == capacity]
        if not events:
            raise CaseworkError(
                f"No capacity in {register} is called {capacity!r}. Try: fordel capacity list {register}"
            )
    moment = moment_of(known_on)
    known = [event for event in events if moment is None or event.recorded_at <= moment]
    console.print(life_table(capacity, known))
    for line in grounds(known):
        say(line)


@app.command()
def moves(
    diagram: Annotated[bool, typer.Option("--diagram", help="As a Mermaid state diagram.")] = False,  # noqa: FBT002
) -> None:
    """List the moves a capacity can make."""
    if diagram:
        typer.echo(state_diagram())
    else:
        console.print(moves_table())


def _ceilings(folders: list[Path]) -> list[Ceiling]:
    """Let each run's ceilings bind from its law date to the next one's."""
    runs = sorted((read_run(folder) for folder in folders), key=lambda run: run.manifest.law_date)
    until: list[date | None] = [*(run.manifest.law_date for run in runs[1:]), None]
    return [
        ceiling
        for run, end in zip(runs, until, strict=True)
        for ceiling in binding_ceilings(run.areas, run.manifest.law_date, end)
    ]


app.command("attention")(_capacity_looks.attention)
app.command("owners")(_capacity_looks.owners)
app.command("snapshot")(_capacity_looks.snapshot)
