"""The trace: which rule, in which wording, with which parameters, gave a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from fordel.law._parameter import DatedValue, Parameter


@dataclass(frozen=True)
class ParameterUsed:
    """A parameter as a rule got it: value, unit, source and how sure it is."""

    name: str
    title: str
    dansk: str
    value: str
    unit: str
    since: date
    source: str
    evidence: str
    note: str
    set_by: str

    @classmethod
    def of(cls, parameter: Parameter, value: DatedValue) -> ParameterUsed:
        """Freeze what holds on the law date."""
        return cls(
            name=parameter.full_name,
            title=parameter.title,
            dansk=parameter.dansk,
            value=value.text(),
            unit=parameter.unit,
            since=value.since,
            source=value.source,
            evidence=str(value.evidence),
            note=value.note,
            set_by=value.set_by,
        )


@dataclass(frozen=True)
class RuleUsed:
    """A rule as it was applied: its wording, since when, its source, and the parameters it read."""

    rule: str
    term: str
    wording: str
    unit: str
    since: date
    source: str
    authority: str
    parameters: tuple[ParameterUsed, ...]


@dataclass
class Trace:
    """What a plan applied, in order; a rule applied twice with the same parameters is noted once."""

    rules: list[RuleUsed] = field(default_factory=list)

    def note(self, used: RuleUsed) -> None:
        """Add a rule unless it is there already."""
        if used not in self.rules:
            self.rules.append(used)

    def of(self, rule: str) -> RuleUsed:
        """Give the first use of a rule by name."""
        return next(used for used in self.rules if used.rule == rule)

    def assumptions(self) -> list[ParameterUsed]:
        """Every parameter used that rests on an assumption or an inference, once each."""
        marked = (p for used in self.rules for p in used.parameters if p.evidence in ("assumption", "inferred"))
        return list(dict.fromkeys(marked))
