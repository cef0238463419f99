"""`fordel account`: the first administrator, and the way back in when nobody can sign in any more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from fordel.cli._shown import console, shown_to_user
from fordel.web.database import NoDatabase

if TYPE_CHECKING:
    from fordel.web.accounts.models import User

app = typer.Typer(no_args_is_help=True)
BY = "command line"  # who the audit log says it was
Home = Annotated[Path, typer.Option("--home", metavar="FOLDER", help="Folder of the installation.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="User name.")]
Ground = Annotated[str, typer.Option("--ground", help="Why; it stands in the audit log.")]


class NoSuchAccount(Exception):
    """The account asked for cannot be made or found."""


KNOWN = (NoDatabase, NoSuchAccount, OSError)


@app.callback()
def account() -> None:
    """Make the first account of the web application, and let people in again."""


@app.command()
def make(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="planner, politician, analyst, auditor or administrator.")],
    area: Annotated[str, typer.Option("--area", metavar="ID", help="Region or health council of local roles.")] = "",
    full_name: Annotated[str, typer.Option("--full-name", help="The person's name.")] = "",
    email: Annotated[str, typer.Option("--email", help="The person's email address.")] = "",
    ground: Ground = "made on the command line",
    home: Home = Path("out"),
) -> None:
    """Make an account and print its one-time password, which must be changed at the first sign-in."""
    with shown_to_user(*KNOWN):
        _open(home)
        from django.utils import timezone  # noqa: PLC0415 - once Django is set up

        from fordel.web.accounts import actions  # noqa: PLC0415 - likewise

        _check(name, role, area, email)
        who = {"username": name, "role": role, "area_id": area, "name": full_name, "email": email}
        try:
            user, password = actions.make_with_one_time_password(**who, ground=ground, by=BY, at=timezone.now())
        except actions.Refused as refused:
            raise NoSuchAccount(_sentence(refused.key)) from None
    _tell(user, password)


@app.command()
def reset(
    name: Name,
    second_step: Annotated[bool, typer.Option("--second-step", help="Take the authenticator away, too.")] = False,  # noqa: FBT002
    ground: Ground = "reset on the command line",
    home: Home = Path("out"),
) -> None:
    """Give an account a new one-time password; its sessions and keys end."""
    with shown_to_user(*KNOWN):
        _open(home)
        from django.utils import timezone  # noqa: PLC0415 - once Django is set up

        from fordel.web.accounts import actions  # noqa: PLC0415 - likewise

        user, now = _found(name), timezone.now()
        password = actions.give_one_time_password(user.pk, ground=ground, by=BY, at=now)
        if second_step:
            actions.take_second_step_away(user.pk, ground=ground, by=BY, at=now)
        user.refresh_from_db()
    _tell(user, password)


@app.command(name="list")
def list_accounts(home: Home = Path("out")) -> None:
    """List the accounts: role, area, last sign-in, whether they are switched on."""
    with shown_to_user(*KNOWN):
        _open(home)
        from fordel.web.accounts import queries  # noqa: PLC0415 - once Django is set up

        found = queries.found("", "", "")
    states = {state: _sentence(f"state_{state}") for state in ("on", "off", "one_time", "one_time_over")}
    table = Table("user name", "name", "role", "area", "last sign-in", "state")
    for user in found:
        last = "never" if user.last_login is None else f"{user.last_login:%Y-%m-%d %H:%M}"
        where, state = user.area_id or "country", states[queries.state_of(user)]
        table.add_row(*map(escape, (user.username, user.get_full_name(), user.role, where, last, state)))
    console.print(table if found else "There is no account yet. Try: fordel account make NAME --role administrator")


def _open(home: Path) -> None:
    from fordel.cli._web import migrate_database, open_home  # noqa: PLC0415 - `--help` needs no Django

    open_home(home)
    migrate_database()


def _check(name: str, role: str, area: str, email: str) -> None:
    """Refuse what the form of the pages would refuse.

    Raises:
        NoSuchAccount: with what is wrong, and what to try.
    """
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - once Django is set up
    from django.core.validators import validate_email  # noqa: PLC0415 - likewise
    from django.utils.translation import override  # noqa: PLC0415 - likewise

    from fordel.web.accounts import queries  # noqa: PLC0415 - likewise
    from fordel.web.accounts.models import User  # noqa: PLC0415 - likewise
    from fordel.web.accounts.roles import Role  # noqa: PLC0415 - likewise

    if role not in Role.values:
        raise NoSuchAccount(f"{role!r} is no role.\n  Try: --role with one of {', '.join(Role.values)}")
    known = queries.areas()
    if area and area not in {one.area_id for one in known}:
        there = ", ".join(one.area_id for one in known) or "none: make the first run"
        raise NoSuchAccount(f"{area!r} is no region or health council of the newest run.\n  There are: {there}")
    if why := queries.why_not(role, area, known):
        raise NoSuchAccount(f"{_sentence(why)}\n  Try: --area ID with an area, or leave it out")
    try:
        User._meta.get_field("username").run_validators(name)
        if email:
            validate_email(email)
    except ValidationError as wrong:
        with override("en"):
            raise NoSuchAccount(" ".join(wrong.messages)) from None


def _found(name: str) -> User:
    from fordel.web.accounts.models import User  # noqa: PLC0415 - once Django is set up

    user = User.objects.filter(username=name).first()
    if user is None:
        raise NoSuchAccount(f"There is no account {name!r}.\n  Try: fordel account list")
    return user


def _sentence(key: str) -> str:
    from fordel.web.texts import catalogue  # noqa: PLC0415 - needs Django

    return catalogue()[f"accounts.{key}"]["en"]


def _tell(user: User, password: str) -> None:
    until = f"{user.one_time_until:%Y-%m-%d %H:%M} UTC"
    console.print(f"Account {user.username} ({user.role}). Its one-time password is told only now:", highlight=False)
    console.print(f"  {password}", highlight=False, markup=False)
    console.print(f"It is good until {until} and must be changed at the first sign-in.", highlight=False)
