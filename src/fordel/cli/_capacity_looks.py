"""`fordel capacity attention|owners|snapshot`: what a register means for cases and for the next plan."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer

from fordel.casework.attention import Records
from fordel.casework.attention import attention as attention_on
from fordel.casework.capacity import practices_on, state_on
from fordel.casework.ceilings import headroom_by_municipality
from fordel.casework.errors import CaseworkError
from fordel.casework.moves import State
from fordel.casework.owners import concentration, owners_on
from fordel.cli._capacity_views import KnownOn, On, Register, grid, moment_of, recorded, say, today
from fordel.cli._shown import console, errors, shown_to_user
from fordel.law import Lawbook
from fordel.runs.record import BadRun, read_run
from fordel.stores import BadInput, read_snapshot, read_table, write_snapshot
from fordel.tables import DoctorShares, Ownerships

if TYPE_CHECKING:
    import dataframely as dy

KNOWN = (BadRun, BadInput, CaseworkError, OSError)
Shares = Annotated[
    Path | None, typer.Option("--shares", metavar="FILE", help="Which doctors fill which part of which capacity.")
]


def attention(
    register: Register,
    on: On = None,
    known_on: KnownOn = None,
    shares: Shares = None,
    owners: Annotated[Path | None, typer.Option("--owners", metavar="FILE", help="Who owns which practice.")] = None,
    run: Annotated[Path | None, typer.Option("--run", metavar="RUN", help="Run that tells the headroom.")] = None,
    snapshot: Annotated[
        Path | None, typer.Option("--snapshot", metavar="FOLDER", help="Snapshot that tells decisions and practices.")
    ] = None,
    threatened: Annotated[
        list[str] | None,
        typer.Option("--threatened", metavar="CODE", help="Municipality the region has named; may be repeated."),
    ] = None,
) -> None:
    """List what a person must look at: long vacancies, limits passed, rights against the ceiling."""
    day = on or today()
    with shown_to_user(*KNOWN):
        tables = None if snapshot is None else read_snapshot(snapshot)
        records = Records(
            tuple(recorded(register)),
            _table(shares, DoctorShares),
            _table(owners, Ownerships),
            None if tables is None else tables.decisions,
            None if run is None else headroom_by_municipality(read_run(run).areas),
            None if tables is None else tables.practices,
            frozenset(threatened or ()),
        )
        found, left_out = attention_on(Lawbook.shipped().on(day), records, day, moment_of(known_on))
    for (look,), rows in found.partition_by("look", as_dict=True, maintain_order=True).items():
        table = grid(f"{str(look).capitalize()}: {rows.height:,}", "Which", "Since", "Why")
        for subject, since, why in rows.select("subject", "since", "why").iter_rows():
            table.add_row(subject, str(since), why)
        console.print(table)
    if found.is_empty():
        say(f"Nothing to look at on {day}, among what was looked at.")
    for reason in left_out:
        say(f"Not looked at: {reason}")


def owners(
    file: Annotated[Path, typer.Argument(metavar="OWNERSHIPS", help="Who owns which practice, and from when.")],
    on: On = None,
) -> None:
    """Show how provider numbers are spread over owners, and who may acquire one more."""
    day = on or today()
    with shown_to_user(*KNOWN):
        law = Lawbook.shipped().on(day)
        spread = concentration(owners_on(law, read_table(file, Ownerships, may_be_empty=True), day))
        most = law.value("provider_numbers_max")
    if spread.is_empty():
        say(f"Nobody owns a provider number on {day}.")
        return
    heads = ("Owners", "Provider numbers in all", "May acquire one more")
    table = grid(f"Owners on {day}; nobody may acquire beyond {most}", "Owns", right=heads)
    for owned, number, may in spread.iter_rows():
        table.add_row(f"{owned}", f"{number:,}", f"{owned * number:,}", "yes" if may else "no")
    console.print(table)


def snapshot(
    register: Register,
    source: Annotated[Path, typer.Argument(metavar="FROM", help="Snapshot to take everything else from.")],
    target: Annotated[Path, typer.Argument(metavar="TO", help="Folder to write; a snapshot there is replaced.")],
    on: On = None,
    known_on: KnownOn = None,
    shares: Shares = None,
) -> None:
    """Write a snapshot whose practices hold what the register says, as it was known on a day.

    The day is the snapshot's own if not given.
    """
    with shown_to_user(*KNOWN), errors.status("Writing the snapshot"):
        tables = read_snapshot(source)
        day, events = on or tables.snapshot_date, recorded(register)
        filled = _table(shares, DoctorShares)
        filled = DoctorShares.create_empty() if filled is None else filled
        practices = practices_on(tables.practices, events, filled, day, moment_of(known_on))
        changed = replace(tables, practices=practices)
        write_snapshot(changed, target)
    say(f"Wrote {target}: capacities as on {day}. Fingerprint: {changed.fingerprint}")
    _tell_unheld(state_on(events, day, moment_of(known_on)))


def _tell_unheld(states: pl.DataFrame) -> None:
    """Say how many capacities count against the ceiling and are no practice's, so that no snapshot shows them."""
    counting = [str(state) for state in State if state.counts and not state.held]
    unheld = states.filter(pl.col("state").cast(pl.String).is_in(counting)).height
    if unheld:
        say(f"{unheld:,} more count against the ceilings but no practice holds them: a plan of this does not see them.")


def _table(path: Path | None, schema: type[dy.Schema]) -> pl.DataFrame | None:
    return None if path is None else read_table(path, schema, may_be_empty=True)
