"""What the command line shows: faults as sentences, progress on everything slow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import typer
from rich.console import Console

from fordel.law import LawError

console = Console()
errors = Console(stderr=True, soft_wrap=True, highlight=False)

USER_ERROR = 2


@contextmanager
def shown_to_user(*kinds: type[Exception]) -> Iterator[None]:
    """Print a known fault to stderr, in its own words, and leave with exit code 2 and no traceback."""
    known: tuple[type[Exception], ...] = (LawError, *kinds)
    try:
        yield
    except known as fault:
        errors.print(str(fault), markup=False)
        raise typer.Exit(USER_ERROR) from None


def parse_day(text: str) -> date:
    """Read a day written as 2026-02-01.

    Raises:
        typer.BadParameter: with the form that is expected.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it as 2026-02-01.") from None
