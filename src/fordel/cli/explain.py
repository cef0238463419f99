"""`fordel explain`: why a number is what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from fordel.cli._runs import named_or_newest
from fordel.cli._shown import shown_to_user
from fordel.publish.explain import (
    DoesNotAddUp,
    Explanation,
    UnknownId,
    as_json,
    as_text,
    explain_area,
    explain_practice,
)
from fordel.runs.record import BadRun, read_run

app = typer.Typer(no_args_is_help=True, help="Explain a number: rule, parameters, sources, arithmetic.")

RunFolder = Annotated[
    Path | None,
    typer.Option(
        "--run", metavar="RUN", envvar="FORDEL_RUN", help="Run the number stands in; by default the newest in out."
    ),
]
Lang = Annotated[str, typer.Option("--lang", help="da or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="The whole tree as JSON.")]


@app.command()
def practice(
    practice_id: Annotated[str, typer.Argument(metavar="ID", help="Ydernummer, six digits.")],
    run: RunFolder = None,
    lang: Lang = "da",
    json: AsJson = False,  # noqa: FBT002
) -> None:
    """Explain a practice's minimum and closing limit."""
    _explain(explain_practice, practice_id, run, lang, json=json)


@app.command()
def area(
    area_id: Annotated[str, typer.Argument(metavar="ID", help="Area id, as 0101 or region-sjaelland, or its name.")],
    run: RunFolder = None,
    lang: Lang = "da",
    json: AsJson = False,  # noqa: FBT002
) -> None:
    """Explain an area's need, ceiling, headroom and open choices."""
    _explain(explain_area, area_id, run, lang, json=json)


def _explain(by: Callable[..., Explanation], known_as: str, run: Path | None, lang: str, *, json: bool) -> None:
    if lang not in ("da", "en"):
        raise typer.BadParameter(f"{lang!r} is not a language of Fordel; use da or en.")
    with shown_to_user(BadRun, UnknownId, DoesNotAddUp):
        explanation = by(read_run(named_or_newest(run)), known_as, lang)
    typer.echo(as_json(explanation) if json else as_text(explanation), nl=json)
