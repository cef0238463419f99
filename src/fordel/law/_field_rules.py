"""How Fordel meets every rule of the field: by a rule, a parameter, a table, a person, or not, and then why."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING

from fordel.law._rule import registered_rules
from fordel.law.errors import LawError

if TYPE_CHECKING:
    from fordel.law._book import Lawbook


class Handling(StrEnum):
    """How a rule of the field is met."""

    RULE = "rule"  # a registered rule computes it
    PARAMETER = "parameter"  # a dated parameter holds it
    TABLE = "table"  # a column of a table holds it
    FLAG = "flag"  # people decide; Fordel only points to it
    NOT_COMPUTED = "not_computed"  # nothing to compute, and why


@dataclass(frozen=True)
class FieldRule:
    """One rule of the field and how it is met.

    Attributes:
        rule_id: R01 to R41, C01 to C15, V1 to V6 or T1 to T20.
        title: what it says, in English.
        how: how it is met.
        by: full names of the rules, then of the parameters that carry it.
        why: what a person must know where neither carries it.
        rules: those of ``by`` that are rules; a parameter may have the name of the rule that reads it.
    """

    rule_id: str
    title: str
    how: Handling
    by: tuple[str, ...] = ()
    why: str = ""
    rules: tuple[str, ...] = ()


def field_rules(book: Lawbook) -> list[FieldRule]:
    """List every rule of the field with how it is met, in the order of their ids.

    Rules count once their module is imported: import ``fordel.plan`` first.

    Raises:
        LawError: a rule of the field that nothing meets, one that is met twice over, or an id that does not exist.
    """
    listed = tomllib.loads(files("fordel.law").joinpath("field_rules.toml").read_text(encoding="utf-8"))
    by_rule = _carriers((rule.name, rule.implements) for rule in registered_rules())
    by_parameter = _carriers((p.full_name, p.implements) for p in book.parameters.values())
    unknown = sorted((set(by_rule) | set(by_parameter)) - set(listed))
    if unknown:
        raise LawError(f"No rule of the field is called {', '.join(unknown)}.\n  Look in: implements = [...]")
    return [_met(i, entry, by_rule.get(i, ()), by_parameter.get(i, ())) for i, entry in listed.items()]


def _carriers(named: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, ids in named:
        for rule_id in ids:
            found[rule_id] = (*found.get(rule_id, ()), name)
    return found


def _met(rule_id: str, entry: dict[str, str], rules: tuple[str, ...], parameters: tuple[str, ...]) -> FieldRule:
    by, said = (*rules, *parameters), entry.get("how")
    if bool(by) == bool(said):
        now = f"is carried by {', '.join(by)} and says {said!r}, too" if by else "is carried by nothing"
        raise LawError(f"{rule_id} ({entry['title']}) {now}.\n  Look in: law/field_rules.toml and implements = [...]")
    if said:
        return FieldRule(rule_id, entry["title"], Handling(said), (), entry["why"])
    return FieldRule(rule_id, entry["title"], Handling.RULE if rules else Handling.PARAMETER, by, rules=rules)
