"""`fordel need`: fit a need model where citizens lie, check, weigh, publish. No person leaves this step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fordel.cli._need_shown import factors, say, say_model, say_synthetic, say_weights
from fordel.cli._need_sources import open_citizens
from fordel.cli._shown import console, errors, shown_to_user
from fordel.need import NeedError
from fordel.runs.need_record import Kind, NeedRecord, read_need_record, refuse_other, write_need_record
from fordel.runs.record import BadRun

if TYPE_CHECKING:
    from fordel.need import CitizenSource, Design

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
    naive: Annotated[  # noqa: FBT002
        bool, typer.Option("--naive", help="Let past supply count as need; only to compare with.")
    ] = False,
) -> None:
    """Weigh citizens where they lie, and write sums per municipality and practice: no person."""
    with shown_to_user(*KNOWN), errors.status("Opening the citizens") as status:
        refuse_other(to)
        found = read_need_record(model, Kind.MODEL)
        source = open_citizens(citizens, table)
        status.update("Weighing citizens")
        weights = _weighed(found, source, supply_neutral=not naive)
        write_need_record(weights, to)
    say_weights(weights)
    say_synthetic(weights)
    say(f"Written to {to}. Next: fordel plan make --weights {to} --to RUN")


def _design(path: Path | None) -> Design:
    from fordel.need import default_model, read_model  # noqa: PLC0415

    return default_model() if path is None else read_model(path)


def _weighed(model: NeedRecord, source: CitizenSource, *, supply_neutral: bool) -> NeedRecord:
    from fordel.need import weigh_citizens  # noqa: PLC0415
    from fordel.runs.models import model_of, weights_record  # noqa: PLC0415

    fitted = model_of(model)
    weighed = weigh_citizens(fitted, source, supply_neutral=supply_neutral)
    return weights_record(model, weighed, fewest=fitted.design.fewest, citizens=source.name, synthetic=source.synthetic)
