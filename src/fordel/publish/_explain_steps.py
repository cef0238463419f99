"""The tree of an explanation: each number, how it came about, and the numbers it rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from math import isclose
from typing import TYPE_CHECKING, Any

from fordel.law import ParameterUsed, RuleUsed
from fordel.publish._words import Lang, catalogue, number, word
from fordel.runs.record import columns

if TYPE_CHECKING:
    from fordel.runs.record import Run

Number = bool | int | float | str | None


class DoesNotAddUp(Exception):
    """The arithmetic done again gives another number than the run holds; it must never be shown."""


@dataclass(frozen=True)
class Step:
    """One number and how it came about.

    Attributes:
        column: name of the number in the run.
        label, unit, shown: heading, unit and value as users read them.
        value: the number itself; None where there is none.
        says: the rule in plain words, or where the number was given.
        arithmetic: the calculation with the real numbers; empty for what was given.
        rule: the rule applied, as the law stood; None for what was given.
        rests_on: the numbers it was made from.
    """

    column: str
    label: str
    unit: str
    value: Number
    shown: str
    says: str
    arithmetic: str = ""
    rule: RuleUsed | None = None
    rests_on: tuple[Step, ...] = ()

    def walk(self) -> list[Step]:
        """Give this step and all it rests on, depth first."""
        return [self, *(below for step in self.rests_on for below in step.walk())]


@dataclass(frozen=True)
class Explanation:
    """Why the numbers of one practice or area are what they are."""

    table: str
    known_as: str
    name: str
    lang: Lang
    question: str
    answer: str
    steps: tuple[Step, ...]
    input_row: dict[str, Number]
    law_date: date
    snapshot_name: str
    snapshot_date: date
    snapshot_fingerprint: str
    synthetic: bool
    run_id: str

    def assumptions(self) -> list[ParameterUsed]:
        """Every parameter that rests on an assumption or an inference, once each."""
        rules = [step.rule for top in self.steps for step in top.walk() if step.rule]
        marked = (p for used in rules for p in used.parameters if p.evidence in ("assumption", "inferred"))
        return list(dict.fromkeys(marked))


@dataclass(frozen=True)
class Writer:
    """Writes steps for one run in one language, and checks each against the run."""

    run: Run
    lang: Lang
    _none: str = field(default="–", repr=False)

    def n(self, value: float | None, decimals: int = 0) -> str:
        """Write a number, or a dash for none."""
        return self._none if value is None else number(value, self.lang, decimals)

    def capacities(self, value: float | None) -> str:
        """Write capacities: whole ones with no decimals."""
        return self.n(value, 0 if value is None or float(value).is_integer() else 2)

    def shown(self, table: str, name: str, value: Number) -> str:
        """Write a value of a column as users read it."""
        if isinstance(value, bool):
            return word("yes" if value else "no", self.lang)
        if isinstance(value, str):
            return word(f"level_{value}", self.lang) if name == "binding_level" else value
        if value is None:
            return self._none
        column = columns()[table][name]
        as_capacities = column.unit == "capacities" and column.decimals == 1
        return self.capacities(value) if as_capacities else self.n(value, column.decimals or 0)

    def given(self, table: str, name: str, row: dict[str, Any], *, says: str = "", arithmetic: str = "") -> Step:
        """Tell of a number that was given in the snapshot."""
        return self._step(table, name, row, says or word("from_snapshot", self.lang), arithmetic)

    def applied(
        self,
        table: str,
        name: str,
        row: dict[str, Any],
        *,
        arithmetic: str,
        again: Number = None,
        rests_on: tuple[Step, ...] = (),
        says: str = "",
        rule: RuleUsed | None = None,
    ) -> Step:
        """Tell of a number a rule gave, after doing its arithmetic ``again``.

        Raises:
            DoesNotAddUp: the run holds another number.
        """
        used = rule or self.run.rule(columns()[table][name].rule)
        if again is not None and not _same(again, row[name]):
            raise DoesNotAddUp(
                f"{table}.{name} of {row['name']} is {row[name]!r} in the run, but {used.rule} done again gives "
                f"{again!r} ({arithmetic}).\n  Try: make the run again with this version of Fordel"
            )
        return self._step(table, name, row, says or self.wording(used), arithmetic, used, rests_on)

    def held_back(self, table: str, name: str) -> Step:
        """Tell that a number is not shown, since it would tell of few people."""
        column = columns()[table][name]
        says = word("held_back_why", self.lang)
        return Step(name, column.heading(self.lang), "", None, word("held_back", self.lang), says)

    def meaning(self, table: str, name: str) -> str:
        """Give what a column means."""
        column = columns()[table][name]
        return column.beskrivelse if self.lang == "da" else column.description

    def wording(self, used: RuleUsed) -> str:
        """Give a rule's wording: as it was applied in English, in plain words in Danish."""
        if self.lang == "en":
            return used.wording
        uniform = any(p.name == "minimum.uniform_closing_limit" for p in used.parameters)
        return str(catalogue()["rules"]["minimum.uniform_closing_minimum" if uniform else used.rule])

    def _step(
        self,
        table: str,
        name: str,
        row: dict[str, Any],
        says: str,
        arithmetic: str = "",
        rule: RuleUsed | None = None,
        rests_on: tuple[Step, ...] = (),
    ) -> Step:
        column = columns()[table][name]
        shown = self.shown(table, name, row[name])
        heading, unit = column.heading(self.lang), column.unit_in(self.lang)
        return Step(name, heading, unit, row[name], shown, says, arithmetic, rule, rests_on)


def parameter(used: RuleUsed, name: str) -> Any:
    """Give the value of a parameter a rule read, by its bare name."""
    text = next(p.value for p in used.parameters if p.name.rpartition(".")[2] == name)
    try:
        return json.loads(text)
    except ValueError:
        return text


def _same(again: Number, held: Number) -> bool:
    if isinstance(again, bool) or isinstance(held, bool) or held is None:
        return again is held
    if isinstance(again, float) or isinstance(held, float):
        return isclose(float(again or 0), float(held), rel_tol=1e-12, abs_tol=1e-12)
    return again == held
