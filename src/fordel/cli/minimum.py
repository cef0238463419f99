"""`fordel minimum`: split, merge, move and resize practices within the year, and share out what they do not offer."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from fordel.cli._minimum_tables import alternatives_table, minimums_table
from fordel.cli._runs import named_or_newest
from fordel.cli._shown import console, shown_to_user
from fordel.law import LawError
from fordel.minimum import RAISES, Part, PatientList, change_capacities, merge, move, new_minimums, split
from fordel.runs.laws import law_of
from fordel.runs.offers import BadOffers, alternatives, read_offers
from fordel.runs.record import BadRun, Run, read_run

app = typer.Typer(no_args_is_help=True)

RunFolder = Annotated[
    Path | None,
    typer.Option(
        "--run", metavar="RUN", envvar="FORDEL_RUN", help="Run the practices stand in; by default the newest in out."
    ),
]
Weight = Annotated[
    float | None, typer.Option("--weight", help="Their mean need weight; by default like the others on the list.")
]


@app.command("split")
def split_one(
    practice: Annotated[str, typer.Argument(metavar="ID", help="Ydernummer of the practice to split.")],
    part: Annotated[
        list[str],
        typer.Option("--part", metavar="NAME:CAPACITIES:PATIENTS[:WEIGHT]", help="One new practice; give two or more."),
    ],
    run: RunFolder = None,
) -> None:
    """Split a practice: each part gets its minimum, and nothing is lost."""
    parts = [_part(text) for text in part]
    with shown_to_user(BadRun):
        plan = read_run(named_or_newest(run))
        whole, before = _list(plan, practice)
        _tell(plan, [whole], split(whole, parts), before)


@app.command("merge")
def merge_them(
    practices: Annotated[list[str], typer.Argument(metavar="ID...", help="Ydernumre of the practices to merge.")],
    run: RunFolder = None,
    name: Annotated[str, typer.Option("--name", help="What the merged practice is called.")] = "merged",
) -> None:
    """Merge practices: the sum of their lists and capacities."""
    with shown_to_user(BadRun):
        plan = read_run(named_or_newest(run))
        lists = [_list(plan, practice)[0] for practice in practices]
        _tell(plan, lists, [merge(name, lists)], None)


@app.command("move")
def move_some(
    giver: Annotated[str, typer.Argument(metavar="FROM", help="Ydernummer they leave.")],
    taker: Annotated[str, typer.Argument(metavar="TO", help="Ydernummer they join.")],
    patients: Annotated[int, typer.Option("--patients", min=0, help="Patients who follow by their own choice.")],
    capacities: Annotated[float, typer.Option("--capacities", min=0, help="Capacities that move.")] = 0,
    weight: Weight = None,
    run: RunFolder = None,
) -> None:
    """Move capacities and patients from one practice to another."""
    with shown_to_user(BadRun):
        plan = read_run(named_or_newest(run))
        lists = [_list(plan, practice)[0] for practice in (giver, taker)]
        moved = Part(f"{taker} (moved)", Fraction(capacities), patients, None if weight is None else Fraction(weight))
        _tell(plan, lists, move(lists[0], lists[1], moved), None)


@app.command("resize")
def resize(
    practice: Annotated[str, typer.Argument(metavar="ID", help="Ydernummer.")],
    capacities: Annotated[float, typer.Option("--capacities", min=0, help="Capacities it will hold.")],
    run: RunFolder = None,
) -> None:
    """Give a practice another number of capacities; its list stays."""
    with shown_to_user(BadRun):
        plan = read_run(named_or_newest(run))
        held, before = _list(plan, practice)
        _tell(plan, [held], [change_capacities(held, Fraction(capacities))], before)


@app.command("distribute")
def distribute(
    area: Annotated[str, typer.Argument(metavar="AREA", help="Area id, as 0306 or sundhedsraad-fyn.")],
    offers: Annotated[
        Path, typer.Option("--offers", metavar="FILE", help="practice_id and stated_maximum, in CSV, Parquet or Excel.")
    ],
    citizens: Annotated[
        int | None, typer.Option("--citizens", min=0, help="Citizens who need a place; by default the area's people.")
    ] = None,
    run: RunFolder = None,
) -> None:
    """Find the smallest fair set of higher minimums where practices offer too little, in three ways."""
    from fordel.stores import BadInput  # noqa: PLC0415 - the other commands read no table

    with shown_to_user(BadRun, BadInput, BadOffers):
        plan = read_run(named_or_newest(run))
        found = alternatives(plan, law_of(plan), area, read_offers(offers), citizens)
    _say_synthetic(plan)
    console.print(found.said, highlight=False, markup=False)
    console.print(alternatives_table(found.table))
    for method in RAISES:
        console.print(f"{method}: {found.why[method]}", highlight=False, markup=False)


def _part(text: str) -> Part:
    """Read NAME:CAPACITIES:PATIENTS[:WEIGHT]."""
    name, *numbers = text.split(":")
    try:
        capacities, patients, *weight = numbers
        (mean,) = weight or (None,)
        return Part(name.strip(), Fraction(capacities), int(patients), None if mean is None else Fraction(mean))
    except (ValueError, ZeroDivisionError):
        raise typer.BadParameter(f"{text!r} is no part; write it as north:1.5:2400 or north:1.5:2400:0.98.") from None


def _list(run: Run, practice: str) -> tuple[PatientList, int | None]:
    """Give a practice's list as the run has it, and its minimum per capacity."""
    found = run.practices.filter(pl.col("practice_id") == practice)
    if found.is_empty():
        raise LawError(f"The run has no practice {practice!r} among its {run.practices.height:,}.")
    row: dict[str, Any] = found.row(0, named=True)
    held, weighted = Fraction(row["capacities_released"]), Fraction(row["weighted_patients"])
    return PatientList(practice, held, row["patients"], weighted), row["minimum_per_capacity"]


def _tell(
    run: Run, before: list[PatientList], after: list[PatientList] | tuple[PatientList, ...], minimum: int | None
) -> None:
    law = law_of(run)
    _say_synthetic(run)
    console.print(f"Law of {law.day}. Before, then after:", highlight=False)
    console.print(minimums_table(new_minimums(law, before, None), new_minimums(law, list(after), minimum)))
    patients, weighted = sum(one.patients for one in after), sum(one.weighted_patients for one in after)
    same = weighted == sum(one.weighted_patients for one in before)
    kept = "the same as before" if same else "not the same as before"
    console.print(
        f"{patients:,} patients and {float(weighted):,.3f} weighted patients in all, {kept}.", highlight=False
    )
    method = law.parameter("split_minimum")[1]
    console.print(f"Minimums {method.text()} ({method.source}).", highlight=False, markup=False)


def _say_synthetic(run: Run) -> None:
    if run.manifest.synthetic:
        console.print("Synthetic data: the numbers show the method, not real practices.", style="bold yellow")
