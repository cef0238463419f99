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
    as_html,
    as_json,
    as_plain,
    as_text,
    explain_area,
    explain_practice,
)
from fordel.runs.record import BadRun, read_run

app = typer.Typer(no_args_is_help=True)

RunFolder = Annotated[
    Path | None,
    typer.Option(
        "--run", metavar="RUN", envvar="FORDEL_RUN", help="Run the number stands in; by default the newest in out."
    ),
]
Lang = Annotated[str, typer.Option("--lang", help="da or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="The whole tree as JSON.")]
AsHtml = Annotated[bool, typer.Option("--html", help="One page of HTML.")]
Plain = Annotated[bool, typer.Option("--plain", help="In plain words, without rules and parameters.")]


@app.command()
def practice(
    practice_id: Annotated[str, typer.Argument(metavar="ID", help="Ydernummer, six digits.")],
    run: RunFolder = None,
    lang: Lang = "da",
    json: AsJson = False,  # noqa: FBT002
    html: AsHtml = False,  # noqa: FBT002
    plain: Plain = False,  # noqa: FBT002
) -> None:
    """Explain a practice's minimum and closing limit."""
    _explain(explain_practice, practice_id, run, lang, _form(json=json, html=html, plain=plain))


@app.command()
def area(
    area_id: Annotated[str, typer.Argument(metavar="ID", help="Area id, as 0101 or region-sjaelland, or its name.")],
    run: RunFolder = None,
    lang: Lang = "da",
    json: AsJson = False,  # noqa: FBT002
    html: AsHtml = False,  # noqa: FBT002
    plain: Plain = False,  # noqa: FBT002
) -> None:
    """Explain an area's need, ceiling, headroom and open choices."""
    _explain(explain_area, area_id, run, lang, _form(json=json, html=html, plain=plain))


def _form(**asked: bool) -> Callable[[Explanation], str]:
    """Give how to show it: as text, unless one other form is asked for."""
    chosen = [name for name, yes in asked.items() if yes]
    if len(chosen) > 1:
        raise typer.BadParameter(f"Give one of --{', --'.join(chosen)}.")
    return FORMS[chosen[0]] if chosen else as_text


def _explain(
    by: Callable[..., Explanation], known_as: str, run: Path | None, lang: str, form: Callable[[Explanation], str]
) -> None:
    if lang not in ("da", "en"):
        raise typer.BadParameter(f"{lang!r} is not a language of Fordel; use da or en.")
    with shown_to_user(BadRun, UnknownId, DoesNotAddUp):
        explanation = by(read_run(named_or_newest(run)), known_as, lang)
    typer.echo(form(explanation).rstrip("\n"))


FORMS: dict[str, Callable[[Explanation], str]] = {"json": as_json, "html": as_html, "plain": as_plain}
