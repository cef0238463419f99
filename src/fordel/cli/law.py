"""`fordel law`: what the law says on a day, for an authority; what it lacks, and when it changes."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

import fordel.casework
import fordel.plan  # noqa: F401 - these two register every rule
from fordel.cli._law_views import (
    as_json,
    change_table,
    check_view,
    list_json,
    list_table,
    parameter_json,
    parameter_view,
    rule_json,
    rule_view,
)
from fordel.cli._shown import USER_ERROR, console, parse_day, shown_to_user
from fordel.law import NATION, Lawbook, LawError, Parameter, UnknownParameter, Wording, changes, registered_rules
from fordel.law import check as check_law
from fordel.law.errors import no_such

app = typer.Typer(no_args_is_help=True)

OnDay = Annotated[
    date | None,
    typer.Option("--on", metavar="DATE", parser=parse_day, help="Law date, as 2026-02-01; today if not given."),
]
ForAuthority = Annotated[
    str, typer.Option("--authority", metavar="ID", help="Whose law, for example region-sjaelland.")
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON for programs.")]


@app.command(name="list")
def list_(
    topic: Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="One topic alone.")] = None,
    on: OnDay = None,
    authority: ForAuthority = NATION.authority_id,
    json: Json = False,  # noqa: FBT002
) -> None:
    """List every parameter with its value on a day."""
    day = _day(on)
    with shown_to_user():
        book = Lawbook.shipped()
        book.on(day, authority)
        parameters = [book.as_set_by(name, authority) for name in sorted(book.parameters)]
        topics = sorted({p.topic for p in parameters})
        if topic is not None and topic not in topics:
            raise LawError(f"No topic is called {topic!r}; use one of {', '.join(topics)}.")
    chosen = sorted((p for p in parameters if topic in (None, p.topic)), key=lambda p: p.full_name)
    if json:
        _print_json(list_json(chosen, day))
        return
    console.print(list_table(chosen, day, book.authority(authority)))
    console.print("fordel law show NAME tells the source of each.", highlight=False)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A parameter or a rule, for example list_maximum.")],
    on: OnDay = None,
    authority: ForAuthority = NATION.authority_id,
    json: Json = False,  # noqa: FBT002
) -> None:
    """Show one parameter or rule: value, unit, source, history, what other sources say."""
    day = _day(on)
    with shown_to_user():
        book = Lawbook.shipped()
        book.on(day, authority)
        parameter, rule = _parameter_called(book, name), _rule_called(name)
        if parameter is None and rule is None:
            known = [*book.parameters, *(w.name.rpartition(".")[2] for w in registered_rules())]
            raise UnknownParameter(f"{no_such('parameter or rule', name, known)}\n  Try: fordel law list")
    own = parameter and book.as_set_by(parameter.name, authority)
    if json:
        _print_json((parameter_json(own, day) if own else {}) | ({"rule": rule_json(rule)} if rule else {}))
        return
    pages = [parameter_view(book, own, day, authority)] if own else []
    for page in (*pages, *([rule_view(book, rule)] if rule else [])):
        console.print(page)


@app.command()
def check(on: OnDay = None, authority: ForAuthority = NATION.authority_id) -> None:
    """Check the law of a day: what is missing, what is assumed, what changes within a year.

    Leaves with 0 when every rule can be applied that day, else with 2.
    """
    day = _day(on)
    with shown_to_user():
        found = check_law(Lawbook.shipped(), day, authority)
    console.print(check_view(found, day))
    if found.missing:
        raise typer.Exit(USER_ERROR)


@app.command(name="changes")
def changes_(
    since: Annotated[
        date | None, typer.Option("--since", metavar="DATE", parser=parse_day, help="Leave out what is older.")
    ] = None,
) -> None:
    """List the days on which the law changes, and what changes."""
    with shown_to_user():
        found = [change for change in changes(Lawbook.shipped()) if since is None or change.day >= since]
    if not found:
        console.print(f"The book knows no change from {since} on.", highlight=False)
        return
    console.print(change_table(found))


def _day(on: date | None) -> date:
    return on or date.today()  # noqa: DTZ011 - the user's own day


def _rule_called(name: str) -> Wording | None:
    """Find a rule by ``topic.name`` or bare name."""
    return next((w for w in registered_rules() if name in (w.name, w.name.rpartition(".")[2])), None)


def _parameter_called(book: Lawbook, name: str) -> Parameter | None:
    try:
        return book.parameter(name)
    except UnknownParameter:
        return None


def _print_json(found: object) -> None:
    typer.echo(as_json(found))
