"""What can go wrong when the law is asked: each error says what was asked, what holds instead, and what to try."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from fordel.law._parameter import DatedValue, Parameter


class Reason(Exception):
    """Why something cannot be done: a sentence in English, and what it takes to say it in another language.

    Attributes:
        code: which reason it is; empty where it is told in English alone.
        parts: what stands in the sentence.
    """

    def __init__(self, sentence: str = "", *, code: str = "", **parts: object) -> None:
        self.code, self.parts = code, parts
        super().__init__(sentence)


class LawError(Reason):
    """The law was asked something it does not answer."""


class UnknownParameter(LawError):
    """No parameter, rule or authority has that name."""


class NotInForce(LawError):
    """The parameter or rule exists, but not on that day."""


class NotYoursToSet(LawError):
    """The authority may not set that parameter."""


class BadLawFile(LawError):
    """A law file breaks the schema; the message lists every fault."""


def parameter_not_in_force(parameter: Parameter, day: date) -> NotInForce:
    """Say when a parameter is in force instead of on ``day``."""
    later = next((v for v in parameter.values if v.since > day and v.value is not None), None)
    earlier = next((v for v in reversed(parameter.values) if v.since <= day), None)
    lines = [f"{parameter.full_name} is not in force on {day}."]
    if earlier is not None:
        lines.append(f"  Ended:  {earlier.since} ({earlier.source}).")
    if later is not None:
        lines.append(f"  Starts: {later.since}, {shown(parameter, later)} ({later.source}).")
    lines.append(f"  File:   {parameter.file}")
    if later is not None:
        lines.append(f"  Try:    --on {later.since}")
    parts: dict[str, object] = {"dansk": parameter.dansk, "day": day}
    if later is not None:
        return NotInForce("\n".join(lines), code="parameter_not_yet", since=later.since, **parts)
    return NotInForce("\n".join(lines), code="parameter_not_in_force", **parts)


def shown(parameter: Parameter, value: DatedValue) -> str:
    """Show a value with its unit, as the command line and the reports print it."""
    number = "none" if value.value is None else value.text()
    return f"{number} {parameter.unit}".strip()


def no_such(kind: str, name: str, known: list[str]) -> str:
    """Say that a name is unknown, with the nearest one that exists."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"No {kind} is called {name!r}.{hint}"
