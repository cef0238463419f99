"""The index of every rule of the field: no row is empty, and every rule that is computed has examples that prove it."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import fordel.plan  # noqa: F401 - registers every rule
from fordel.law import Lawbook, field_rules
from fordel.law._field_rules import FieldRule, Handling

ROOT = Path(__file__).resolve().parents[2]
RULES = {rule.rule_id: rule for rule in field_rules(Lawbook.shipped())}
PAGE = ROOT / "docs" / "reference" / "field-rules.md"


def test_every_rule_from_the_first_to_the_last_is_there() -> None:
    expected = [f"{kind}{n:02d}" for kind, last in (("R", 41), ("C", 15)) for n in range(1, last + 1)]
    expected += [f"{kind}{n}" for kind, last in (("V", 6), ("T", 20)) for n in range(1, last + 1)]
    assert list(RULES) == expected
    assert list(tomllib.loads((files("fordel.law") / "field_rules.toml").read_text(encoding="utf-8"))) == expected


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_no_row_is_empty(rule: FieldRule) -> None:
    assert len(rule.title.split()) > 2
    if rule.how in (Handling.RULE, Handling.PARAMETER):
        assert rule.by
    else:
        assert len(rule.why.split()) > 3


def test_every_row_of_the_page_is_filled_and_every_computed_rule_has_examples() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if re.match(r"\| [RCVT]\d", line)]
    assert [row[0].removeprefix("| ") for row in rows] == list(RULES)
    for row in rows:
        assert all(cell.strip(" |") for cell in row), row
        assert "(0 examples)" not in row[3], row
        assert (row[2] == "rule") == bool(re.search(r"\(\d+ examples?\)", row[3])), row


def test_the_exceptions_and_levels_of_the_ceiling_are_computed() -> None:
    """Not parameters that nothing reads: a rule with examples stands behind each."""
    for rule_id in ("R10", "R11", "R12", "R13", "R14", "R15", "R16", "R17", "R18", "R19", "R20"):
        assert RULES[rule_id].how is Handling.RULE, rule_id
