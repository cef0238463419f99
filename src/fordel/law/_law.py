"""The law on one day, for one authority: gives values, applies rules and remembers what it used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from fordel.law._book import Lawbook
from fordel.law._parameter import NATION, Authority, DatedValue, Evidence, Parameter, Value, may_set, same_kind
from fordel.law._rule import history_of, wording_on
from fordel.law._trace import ParameterUsed, RuleUsed, Trace
from fordel.law.errors import LawError

Params = TypeVar("Params")
Rest = ParamSpec("Rest")
Result = TypeVar("Result")


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
    trace: Trace = field(default_factory=Trace, compare=False)

    def for_authority(self, authority_id: str) -> Law:
        """Give the same day's law as it holds for another authority, with the same trace.

        Raises:
            UnknownParameter: no such authority.
            NotInForce: the authority does not exist on the law date.
        """
        authority = self.book.authority(authority_id)
        authority.check_exists(self.day)
        return replace(self, authority=authority)

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
        if not same_kind(known, value):
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
        wording = wording_on(newest, self.day)
        loaded: tuple[Any, tuple[ParameterUsed, ...]] = self.load(wording.params)
        params, used = loaded
        self.trace.note(
            RuleUsed(
                rule=next(history_of(newest)).name,
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
