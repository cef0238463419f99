"""How registers of capacities are shown: tables that fit 80 columns."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table

from fordel.casework.capacity import Event, standing, timeline
from fordel.casework.errors import CaseworkError
from fordel.casework.moves import ANNUL, MOVES
from fordel.cli._shown import console, parse_day
from fordel.stores.register import read_register

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

Register = Annotated[Path, typer.Argument(metavar="REGISTER", help="CSV file of events; made when it is not there.")]
On = Annotated[
    date | None, typer.Option("--on", metavar="DATE", parser=parse_day, help="Day asked for; today if not given.")
]
KnownOn = Annotated[
    date | None,
    typer.Option("--known-on", metavar="DATE", parser=parse_day, help="As it was known at the end of that day (UTC)."),
]


def say(text: str) -> None:
    """Print a sentence as it is."""
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def today() -> date:
    """Give the user's own day."""
    return date.today()  # noqa: DTZ011 - the user's own day, not one of UTC


def moment_of(day: date | None) -> datetime | None:
    """Give the last moment of a day; None for no day."""
    return None if day is None else datetime.combine(day, time.max, UTC)


def recorded(register: Path) -> list[Event]:
    """Read a register that should be there.

    Raises:
        CaseworkError: it is not.
    """
    if not register.exists():
        raise CaseworkError(f"There is no register at {register}. Try: fordel capacity event --help")
    return read_register(register)


def grid(title: str, *left: str, right: Sequence[str] = ()) -> Table:
    """Make a table with a title, columns of words and columns of numbers."""
    table = Table(box=box.SIMPLE, title=title, title_justify="left", title_style="bold", pad_edge=False, padding=(0, 1))
    for head in left:
        table.add_column(head, overflow="fold")
    for head in right:
        table.add_column(head, justify="right")
    return table


def states_table(states: pl.DataFrame, day: date) -> Table:
    """Show each capacity's state."""
    table = grid(f"{states.height:,} capacities on {day}", "Capacity", "State", "Since", "In", "Practice")
    for row in states.sort("capacity_id").iter_rows():
        capacity, state, *rest = row
        table.add_row(capacity, _word(state), *("" if cell is None else str(cell) for cell in rest))
    return table


def counts_table(counts: pl.DataFrame, by: str, day: date) -> Table:
    """Show how many capacities are in each state; states that nothing is in are left out."""
    states = [name for name in counts.columns[1:-1] if counts[name].sum()]
    heads = [_word(name).capitalize() for name in states]
    table = grid(f"Capacities on {day}", by.capitalize(), right=[*heads, "Against the ceiling"])
    for row in counts.select(counts.columns[0], *states, "counted").iter_rows():
        table.add_row(row[0], *(f"{number:,}" for number in row[1:]))
    if counts.height > 1:
        table.add_section()
        table.add_row("all", *(f"{counts[name].sum():,}" for name in (*states, "counted")))
    return table


def life_table(capacity: str, events: Sequence[Event]) -> Table:
    """Show every event of a capacity: what it led to, or that it was annulled."""
    table = grid(f"Capacity {capacity}", "From", "Move", "State", "In", "Practice", "Recorded", "Event")
    came_of = dict(zip((e.event_id for e in standing(events)), timeline(events), strict=True))
    for event in sorted(events, key=lambda e: (e.valid_on, e.recorded_at)):
        if event.move == ANNUL:
            state, where, who = f"of {event.annuls}", "", ""
        elif event.event_id in came_of:
            step = came_of[event.event_id]
            state, where, who = _word(step.state), step.municipality or "", step.practice_id or ""
        else:
            state, where, who = "annulled", "", ""
        table.add_row(
            str(event.valid_on), _word(event.move), state, where, who, f"{event.recorded_at:%Y-%m-%d}", event.event_id
        )
    return table


def grounds(events: Sequence[Event]) -> list[str]:
    """Say why events happened and who recorded them; alike ones in one line."""
    alike: dict[str, list[str]] = {}
    for event in events:
        said = f"{event.ground} (recorded by {event.recorded_by})" if event.ground else f"by {event.recorded_by}"
        alike.setdefault(said, []).append(event.event_id)
    return [f"{', '.join(names)}: {said}" for said, names in alike.items()]


def moves_table() -> Table:
    """Show what moves there are."""
    table = grid("Moves of a capacity", "Move", "In Danish", "From", "To", "By")
    for verb, move in MOVES.items():
        origins = ", ".join(_word(origin) for origin in move.origins)
        table.add_row(verb, move.dansk, origins, _word(move.target or "the same"), str(move.actor))
    table.add_row("annul", "annullér", "any", "as if it had not been", "region")
    return table


def _word(name: str) -> str:
    return str(name).replace("_", " ")
