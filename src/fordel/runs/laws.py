"""The law a finished run was made by, with what was set for that run alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fordel.law import Law, Lawbook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fordel.runs.record import Run

SET_BY_USER = "Assumption: set by the user for this run"


def law_for(book: Lawbook, day: date, settings: Iterable[tuple[str, Any]]) -> Law:
    """Open the book on the day, with the user's own values where there are some."""
    law = book.on(day)
    for name, value in settings:
        law = law.setting(name, value, source=SET_BY_USER)
    return law


def settings_of(run: Run) -> tuple[tuple[str, Any], ...]:
    """Give the settings of a finished run as they were given to ``execute``."""
    book = Lawbook.shipped()
    return tuple((p.name, _read_back(p.value, book.parameter(p.name).values[0].value)) for p in run.manifest.settings)


def law_of(run: Run) -> Law:
    """Open the law on a finished run's day, with its settings.

    Raises:
        LawError: a parameter the run set is no longer in the book.
    """
    return law_for(Lawbook.shipped(), run.manifest.law_date, settings_of(run))


def _read_back(text: str, known: Any) -> Any:
    """Read a value as manifests write it: a word stands as it is, all else is JSON."""
    return text if isinstance(known, str) else json.loads(text)
