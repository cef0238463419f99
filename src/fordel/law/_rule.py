"""Rules: plain functions, registered with source and dates, found by day. ``@rule`` never wraps."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast, get_type_hints

from fordel.law._book import NATION, Authority, DatedValue, Evidence, Lawbook, Parameter, Value, may_set
from fordel.law._trace import ParameterUsed, RuleUsed, Trace
from fordel.law.errors import LawError, NotInForce, UnknownParameter

if TYPE_CHECKING:
    from collections.abc import Iterator

Params = TypeVar("Params")
Rest = ParamSpec("Rest")
Result = TypeVar("Result")
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
        return f"{self.function.__module__.split('.')[1]}.{self.function.__name__}"

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
        first = next(iter(inspect.signature(self.function).parameters))
        return cast("type", get_type_hints(self.function)[first])


_WORDINGS: dict[Callable[..., Any], Wording] = {}


def rule(  # noqa: PLR0913
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
        LawError: no source, no docstring, or a gap or overlap with the wording it replaces.
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
    if wording.replaces is not None:
        before = _WORDINGS[wording.replaces]
        if before.until != wording.since:
            raise LawError(
                f"{wording.name} starts {wording.since}, but {before.name}, which it replaces, "
                f"ends {before.until}: the days between would have no wording, or two."
            )


def registered_rules() -> list[Wording]:
    """List every wording, by name and day."""
    return sorted(_WORDINGS.values(), key=lambda w: (w.name, w.since))


def _history(function: Callable[..., Any]) -> Iterator[Wording]:
    """Walk from the newest wording back."""
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
    history = list(_history(function))
    for wording in history:
        if wording.since <= day and (wording.until is None or day < wording.until):
            return wording
    first = history[-1]
    raise NotInForce(
        f"The rule {history[0].name} is not in force on {day}.\n"
        f"  Starts: {first.since} ({first.source}).\n"
        f"  Try:    --on {first.since}"
    )


@dataclass(frozen=True)
class Law:
    """The law on one day, as it holds for one authority, with the trace of what was applied.

    Attributes:
        book: the dated parameters.
        day: the law date.
        authority: whose law; regions and health councils may have set values of their own.
        settings: values set for this reading alone (a scenario), by bare parameter name.
        trace: what ``apply`` and ``value`` used; shared by the laws made from this one with ``for_authority``.
    """

    book: Lawbook
    day: date
    authority: Authority = NATION
    settings: tuple[tuple[str, DatedValue], ...] = ()
    trace: Trace = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.trace is None:
            object.__setattr__(self, "trace", Trace())

    def for_authority(self, authority_id: str) -> Law:
        """Give the same day's law as it holds for another authority, with the same trace."""
        return replace(self, authority=self.book.authority(authority_id))

    def recording(self) -> Law:
        """Give the same law with an empty trace."""
        return replace(self, trace=Trace())

    def setting(self, name: str, value: Value, *, source: str, by: str = "nation") -> Law:
        """Give the same law with one value set otherwise: a scenario, or a value a user knows better.

        Raises:
            UnknownParameter: no such parameter.
            NotYoursToSet: ``by`` may not set it.
            LawError: the value is of another kind than the one in the book.
        """
        parameter = self.book.parameter(name)
        may_set(parameter, self.book.authority(by))
        known = parameter.values[0].value
        if not _same_kind(known, value):
            raise LawError(
                f"{parameter.full_name} takes a {type(known).__name__} ({parameter.unit}); "
                f"found {value!r}.\n  Try: --set {parameter.name}={known}"
            )
        set_value = DatedValue(self.day, source, value, Evidence.ASSUMPTION, "Set for this run.", (), by)
        kept = tuple((n, v) for n, v in self.settings if n != parameter.name)
        return replace(self, settings=(*kept, (parameter.name, set_value)))

    def parameter(self, name: str) -> tuple[Parameter, DatedValue]:
        """Give a parameter and the wording in force.

        Raises:
            NotInForce: nothing holds on the law date.
        """
        parameter = self.book.as_set_by(name, self.authority.authority_id)
        set_here = dict(self.settings).get(parameter.name)
        return parameter, set_here or parameter.at(self.day)

    def value(self, name: str) -> Any:
        """Give the value in force of one parameter."""
        return self.parameter(name)[1].value

    def load(self, params: type[Params]) -> tuple[Params, tuple[ParameterUsed, ...]]:
        """Fill a dataclass whose fields are parameter names with the values in force."""
        if not is_dataclass(params):
            raise LawError(f"{params.__name__} must be a dataclass whose fields are parameter names.")
        found = {f.name: self.parameter(f.name) for f in fields(params)}
        used = tuple(ParameterUsed.of(parameter, value) for parameter, value in found.values())
        return cast("Params", params(**{name: value.value for name, (_, value) in found.items()})), used

    def apply(
        self, newest: Callable[Concatenate[Params, Rest], Result], *args: Rest.args, **kwargs: Rest.kwargs
    ) -> Result:
        """Apply a rule in the wording in force: find it, load its parameters, note it in the trace, call it.

        Raises:
            NotInForce: no wording of the rule, or no value of one of its parameters, holds on the law date.
            UnknownParameter: the function is not a registered rule.
        """
        if newest not in _WORDINGS:
            raise UnknownParameter(f"{newest.__name__} is not a registered rule; decorate it with @rule.")
        wording = wording_on(newest, self.day)
        params, used = self.load(wording.params)
        self.trace.note(
            RuleUsed(
                rule=_WORDINGS[newest].name,
                term=wording.term,
                wording=wording.text,
                unit=wording.unit,
                since=wording.since,
                source=wording.source,
                authority=self.authority.authority_id,
                parameters=used,
            )
        )
        return cast("Result", wording.function(params, *args, **kwargs))


def on(book: Lawbook, day: date, authority: str = "nation") -> Law:
    """Open the lawbook on a day, as it holds for an authority."""
    return Law(book, day, book.authority(authority))


def _same_kind(known: Value | None, value: Value) -> bool:
    numbers = (int, float)
    if isinstance(known, bool) or isinstance(value, bool):
        return isinstance(known, bool) and isinstance(value, bool)
    if isinstance(known, numbers):
        return isinstance(value, numbers)
    return isinstance(value, type(known))
