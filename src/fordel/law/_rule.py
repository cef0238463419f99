"""Rules: plain functions, registered with source and dates, found by day. ``@rule`` never wraps."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_type_hints

from fordel.law.errors import LawError, NotInForce, UnknownParameter

if TYPE_CHECKING:
    from collections.abc import Iterator

AnyRule = TypeVar("AnyRule", bound=Callable[..., Any])


@dataclass(frozen=True)
class Wording:
    """One dated wording of a rule."""

    function: Callable[..., Any]
    source: str
    unit: str
    since: date
    until: date | None
    implements: tuple[str, ...]
    replaces: Callable[..., Any] | None

    @property
    def name(self) -> str:
        """``topic.function``."""
        package, _, rest = self.function.__module__.partition(".")
        return f"{rest.split('.')[0] or package}.{self.function.__name__}"

    @property
    def term(self) -> str:
        """What the rule gives, with the Danish term: the first line of its docstring."""
        return inspect.getdoc(self.function).splitlines()[0]  # type: ignore[union-attr]

    @property
    def text(self) -> str:
        """How the rule works: its docstring after the first line, up to the next blank line."""
        paragraphs = (inspect.getdoc(self.function) or "").split("\n\n")
        return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else self.term

    @property
    def params(self) -> type:
        """The dataclass of dated parameters the rule reads: the type of its first argument."""
        return _params_of(self.function)

    def on(self, day: date) -> Wording:
        """Give the wording of this rule in force on ``day``: this one, or one it has replaced.

        Raises:
            NotInForce: with the day the oldest wording starts.
        """
        return wording_on(self.function, day)


@cache
def _params_of(function: Callable[..., Any]) -> type:
    """Give the type of a function's first argument; asked for at each use of a rule, and always the same."""
    first = next(iter(inspect.signature(function).parameters))
    return cast("type", get_type_hints(function)[first])


_WORDINGS: dict[Callable[..., Any], Wording] = {}


def rule(
    *,
    source: str,
    unit: str,
    since: str,
    until: str | None = None,
    implements: tuple[str, ...] = (),
    replaces: Callable[..., Any] | None = None,
) -> Callable[[AnyRule], AnyRule]:
    """Register a function as a wording of the law, in force from ``since`` to the day before ``until``.

    A wording that ``replaces`` another takes over on the day it starts; that other must end on the same day.

    Raises:
        LawError: no source, no docstring, no day in force, a name that is taken, or a gap or overlap with the wording
            it replaces.
    """

    def register(function: AnyRule) -> AnyRule:
        end = date.fromisoformat(until) if until else None
        wording = Wording(function, source, unit, date.fromisoformat(since), end, implements, replaces)
        _check(wording)
        _WORDINGS[function] = wording
        return function

    return register


def _check(wording: Wording) -> None:
    if not wording.source.strip() or not wording.function.__doc__:
        raise LawError(f"The rule {wording.name} needs a source and a docstring.")
    if wording.until is not None and wording.until <= wording.since:
        raise LawError(f"{wording.name} ends {wording.until}, but starts {wording.since}: it is never in force.")
    if any(other.name == wording.name for other in _WORDINGS.values()):
        raise LawError(f"A rule is called {wording.name} already; give the new wording another name.")
    if wording.replaces is not None:
        _check_replaced(wording, wording.replaces)


def _check_replaced(wording: Wording, replaced: Callable[..., Any]) -> None:
    if replaced not in _WORDINGS:
        raise LawError(f"{wording.name} replaces {replaced.__name__}, which is not a registered rule.")
    before = _WORDINGS[replaced]
    if before.until != wording.since:
        raise LawError(
            f"{wording.name} starts {wording.since}, but {before.name}, which it replaces, "
            f"ends {before.until}: the days between would have no wording, or two."
        )
    rival = next((other.name for other in _WORDINGS.values() if other.replaces is replaced), None)
    if rival:
        raise LawError(f"{wording.name} replaces {before.name}, but {rival} does so already.")


def registered_rules() -> list[Wording]:
    """List every wording, by name and day."""
    return sorted(_WORDINGS.values(), key=lambda w: (w.name, w.since))


def history_of(function: Callable[..., Any]) -> Iterator[Wording]:
    """Walk from the newest wording back."""
    if function not in _WORDINGS:
        raise UnknownParameter(f"{function.__name__} is not a registered rule; decorate it with @rule.")
    current: Callable[..., Any] | None = function
    while current is not None:
        wording = _WORDINGS[current]
        yield wording
        current = wording.replaces


def wording_on(function: Callable[..., Any], day: date) -> Wording:
    """Find the wording of a rule in force on a day.

    Raises:
        NotInForce: with the day the oldest wording starts.
    """
    history = list(history_of(function))
    for wording in history:
        if wording.since <= day and (wording.until is None or day < wording.until):
            return wording
    first = history[-1]
    raise NotInForce(
        f"The rule {history[0].name} is not in force on {day}.\n"
        f"  Starts: {first.since} ({first.source}).\n"
        f"  Try:    --on {first.since}",
        code="rule_not_yet",
        name=history[0].name,
        day=day,
        since=first.since,
    )


def newest_wordings() -> list[Wording]:
    """List the newest wording of every rule: those that no other replaces, by name."""
    replaced = {wording.replaces for wording in _WORDINGS.values()}
    return [wording for wording in registered_rules() if wording.function not in replaced]
