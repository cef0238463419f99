"""`fordel need`: fit a need model where citizens lie, check, weigh, publish. No person leaves this step."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fordel.cli._need_compare import compare
from fordel.cli._need_holds import Holds
from fordel.cli._need_shown import check_tables, factors, say, say_intervals, say_model, say_synthetic, say_weights
from fordel.cli._need_sources import open_citizens
from fordel.cli._shown import console, errors, parse_day, shown_to_user
from fordel.need import NeedError
from fordel.runs.need_record import Kind, NeedRecord, read_need_record, refuse_other, write_need_record
from fordel.runs.record import BadRun

if TYPE_CHECKING:
    from fordel.need import Design

app = typer.Typer(no_args_is_help=True, help="Fit, check, weigh with and publish a need model.")

KNOWN = (BadRun, NeedError, OSError)
Citizens = Annotated[
    str, typer.Argument(metavar="CITIZENS", help="Parquet file or pattern, or postgresql:// address with --table.")
]
InTable = Annotated[
    str | None, typer.Option("--table", metavar="NAME", help="Table of citizens in the database.", show_default=False)
]
Model = Annotated[Path, typer.Argument(metavar="MODEL", help="Folder that `fordel need fit` wrote.")]
To = Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where to write; new or empty.")]
ModelFile = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="FILE", help="Model file; by default the one that comes with Fordel.", show_default=False
    ),
]


@app.command()
def fit(
    citizens: Citizens,
    to: To,
    model: ModelFile = None,
    table: InTable = None,
    licence: Annotated[str, typer.Option("--licence", help="Licence the model is published under.")] = "not stated",
) -> None:
    """Fit a need model on citizens where they lie, and write its coefficients: no person, no cell."""
    from fordel.need import fit as fit_model  # noqa: PLC0415  loads the solver
    from fordel.runs.models import model_record  # noqa: PLC0415

    with shown_to_user(*KNOWN), errors.status("Opening the citizens") as status:
        refuse_other(to)
        design, source = _design(model), open_citizens(citizens, table)
        status.update(f"Fitting {design.name}")
        fitted = fit_model(design, source)
        record = model_record(fitted, licence=licence)
        write_need_record(record, to)
    say_model(fitted, record)
    say_synthetic(record)
    for grid in factors(fitted):
        console.print(grid)
    say(f"Written to {to}. Next: fordel need weigh {citizens} {to} --to WEIGHTS")


@app.command()
def weigh(
    citizens: Citizens,
    model: Model,
    to: To,
    table: InTable = None,
    counts: Annotated[  # noqa: FBT002
        bool, typer.Option("--counts", help="CITIZENS is a table of counts: people by characteristics and area.")
    ] = False,
    draws: Annotated[int, typer.Option("--draws", min=0, max=10_000, help="Draws of coefficients, for intervals.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Where chance starts.")] = 1,
    naive: Annotated[  # noqa: FBT002
        bool, typer.Option("--naive", help="Let past supply count as need; only to compare with.")
    ] = False,
) -> None:
    """Weigh citizens where they lie, and write sums per municipality and practice: no person."""
    if draws and (counts or naive):
        raise typer.BadParameter("--draws are of supply-neutral weights of citizens, not of --counts or --naive.")
    with shown_to_user(*KNOWN), errors.status("Opening the citizens") as status:
        refuse_other(to)
        found = read_need_record(model, Kind.MODEL)
        status.update("Weighing citizens")
        weigh_them = _weighed_counts if counts else _weighed
        weights = weigh_them(found, citizens, table, supply_neutral=not naive)
        if draws:
            status.update(f"Drawing {draws:,} sets of coefficients")
            weights = _drawn(found, weights, citizens, table, (draws, seed))
        write_need_record(weights, to)
    say_weights(weights)
    say_synthetic(weights)
    say(f"Written to {to}. Next: fordel plan make --weights {to} --to RUN")


@app.command()
def check(
    citizens: Citizens,
    model: Model,
    to: To,
    held_out: Annotated[
        str | None, typer.Option("--held-out", metavar="CITIZENS", help="Other citizens, such as another year's.")
    ] = None,
    snapshot: Annotated[
        Path | None, typer.Option("--snapshot", metavar="FOLDER", help="Whose health councils and people are used.")
    ] = None,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DATE", parser=parse_day, help="Law date; today if not given.")
    ] = None,
    table: InTable = None,
) -> None:
    """Check a model where citizens lie: how well it tells use, for whom it is wrong, what other models would change."""
    from fordel.cli._need_check import asked_of  # noqa: PLC0415
    from fordel.runs.need_check import check_model  # noqa: PLC0415
    from fordel.stores import BadInput  # noqa: PLC0415

    day = on or date.today()  # noqa: DTZ011 - the user's own day
    with shown_to_user(*KNOWN, BadInput), errors.status("Opening the citizens") as status:
        refuse_other(to)
        record = read_need_record(model, Kind.MODEL)
        others = open_citizens(held_out, table) if held_out else None
        asked = asked_of(record, open_citizens(citizens, table), others, snapshot, day)
        found = check_model(asked, status.update)
        write_need_record(found, to)
    say_synthetic(found)
    for grid in check_tables(found):
        console.print(grid)
    say(f"Written to {to}. Next: fordel need publish {model} --check {to} --to CARD")


app.command()(compare)


@app.command(name="import")
def import_(  # noqa: PLR0913, PLR0917
    published: Annotated[Path, typer.Argument(metavar="FILE", help="Published table: CSV, Excel or Parquet.")],
    to: To,
    holds: Annotated[Holds, typer.Option("--holds", help="What the table has one row for.")],
    name: Annotated[str, typer.Option("--name", help="Short name of the model.")],
    source: Annotated[str, typer.Option("--source", help="Who published it, and where.")],
    model: ModelFile = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="NAME=HEADING", help="What the file calls a column; may be repeated."),
    ] = None,
    period: Annotated[str | None, typer.Option("--period", metavar="YEAR[-YEAR]", help="Years it describes.")] = None,
    licence: Annotated[str, typer.Option("--licence", help="Licence it was published under.")] = "not stated",
    synthetic: Annotated[bool, typer.Option("--synthetic", help="It is made up.")] = False,  # noqa: FBT002
) -> None:
    """Take over a model that others published: weights by sex and age, coefficients, or weighted lists."""
    from fordel.cli._need_import import imported  # noqa: PLC0415
    from fordel.need import Origin  # noqa: PLC0415
    from fordel.stores import BadInput  # noqa: PLC0415

    if holds is Holds.COEFFICIENTS and model is None:
        raise typer.BadParameter("Coefficients need the model they are of: --model FILE.")
    origin = Origin(name, name, name, source, period=_period(period), synthetic=synthetic)
    with shown_to_user(*KNOWN, BadInput), errors.status("Reading the published table"):
        refuse_other(to)
        record = imported(published, holds, origin, licence, _headings(column or []), model)
        write_need_record(record, to)
    say_synthetic(record)
    after = {
        Kind.MODEL: f"fordel need weigh COUNTS {to} --counts --to WEIGHTS",
        Kind.WEIGHTS: "fordel plan make --weights",
    }
    say(f"Written to {to}. Next: {after[record.kind]}")


@app.command()
def publish(
    model: Model,
    to: To,
    checked: Annotated[
        Path | None, typer.Option("--check", metavar="CHECK", help="Folder that `fordel need check` wrote.")
    ] = None,
) -> None:
    """Write the model card in Danish and English, and the coefficients as CSV: what may be published."""
    from fordel.publish.card import BadCard, write_card  # noqa: PLC0415

    with shown_to_user(*KNOWN, BadCard), errors.status("Writing the card"):
        record = read_need_record(model, Kind.MODEL)
        written = write_card(record, read_need_record(checked, Kind.CHECK) if checked else None, to)
    say_synthetic(record)
    for path in written:
        say(str(path))


@app.command()
def intervals(
    weights: Annotated[Path, typer.Option("--weights", metavar="FOLDER", help="Weights with draws.")],
    snapshot: Annotated[Path, typer.Option("--snapshot", metavar="FOLDER", help="Snapshot to plan on.")],
    to: To,
    checked: Annotated[
        Path | None, typer.Option("--check", metavar="CHECK", help="Check of the same model, for its specifications.")
    ] = None,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DATE", parser=parse_day, help="Law date; today if not given.")
    ] = None,
) -> None:
    """Say how sure ceilings and minimums are: the plan made again with every draw and every other specification."""
    from fordel.law import Lawbook  # noqa: PLC0415
    from fordel.runs.intervals import intervals as found_by  # noqa: PLC0415
    from fordel.stores import BadInput, read_snapshot  # noqa: PLC0415

    day = on or date.today()  # noqa: DTZ011 - the user's own day
    with shown_to_user(*KNOWN, BadInput), errors.status("Reading the snapshot") as status:
        refuse_other(to)
        drawn, check = read_need_record(weights, Kind.WEIGHTS), None
        if checked is not None:
            check = read_need_record(checked, Kind.CHECK)
        found = found_by(Lawbook.shipped().on(day), read_snapshot(snapshot), drawn, check, status.update)
        write_need_record(found, to)
    say_synthetic(found)
    say_intervals(found)
    say(f"Written to {to}.")


def _headings(pairs: list[str]) -> dict[str, str]:
    """Read NAME=HEADING; a heading may hold an equals sign."""
    found = {}
    for pair in pairs:
        name, equals, heading = pair.partition("=")
        if not (name.strip() and equals and heading.strip()):
            raise typer.BadParameter(f"{pair!r} names no column; write it as people=Patients on the list.")
        found[name.strip()] = heading.strip()
    return found


def _period(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, _, last = text.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        raise typer.BadParameter(f"{text!r} is no period; write it as 2024 or 2023-2024.")
    return int(first), int(last or first)


def _design(path: Path | None) -> Design:
    from fordel.need import default_model, read_model  # noqa: PLC0415

    return default_model() if path is None else read_model(path)


def _weighed(model: NeedRecord, where: str, table: str | None, *, supply_neutral: bool) -> NeedRecord:
    """Weigh citizens where they lie."""
    from fordel.need import weigh_citizens  # noqa: PLC0415
    from fordel.runs.models import model_of, weights_record  # noqa: PLC0415

    fitted, source = model_of(model), open_citizens(where, table)
    weighed = weigh_citizens(fitted, source, supply_neutral=supply_neutral)
    fewest = fitted.design.fewest
    return weights_record(model, weighed, fewest=fewest, citizens=source.name, synthetic=source.synthetic)


def _drawn(
    model: NeedRecord, weights: NeedRecord, where: str, table: str | None, chance: tuple[int, int]
) -> NeedRecord:
    """Add draws to weights."""
    from fordel.runs.models import drawn, model_of  # noqa: PLC0415

    fitted = model_of(model)
    placed = open_citizens(where, table).placed(fitted.design, ("practice_id", "municipality"))
    return drawn(fitted, weights, placed, *chance)


def _weighed_counts(model: NeedRecord, where: str, table: str | None, *, supply_neutral: bool) -> NeedRecord:
    """Weigh people who are only counted; sums of few are told, as the counts tell them."""
    from fordel.cli._need_counts import read_counts  # noqa: PLC0415
    from fordel.need import weigh_counts  # noqa: PLC0415
    from fordel.runs.models import model_of, weights_record  # noqa: PLC0415

    if table is not None:
        raise typer.BadParameter("--table names a table of citizens; counts are a file.")
    fitted, path = model_of(model), Path(where)
    counts, by = read_counts(path, fitted.design)
    weighed = weigh_counts(fitted, counts, by, supply_neutral=supply_neutral)
    return weights_record(model, weighed, fewest=1, citizens=path.name, synthetic=False)
