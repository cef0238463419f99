"""The register of rules: what it refuses, and which wording it finds."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import fordel.casework
import fordel.plan
from fordel.law import (
    Handling,
    Lawbook,
    LawError,
    NotInForce,
    Wording,
    changes,
    check,
    field_rules,
    glossary,
    newest_wordings,
    registered_rules,
    rule,
    wording_on,
)
from fordel.law._rule import _WORDINGS

PACKAGE = Path(fordel.plan.__file__).parent
BRACKETS = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True)
class Nothing:
    pass


@pytest.fixture(autouse=True)
def register_as_it_was() -> Iterator[None]:
    before = dict(_WORDINGS)
    yield
    _WORDINGS.clear()
    _WORDINGS.update(before)


def old(_: Nothing, patients: int) -> int:
    """Old wording (gammel ordlyd)."""
    return patients


def new(_: Nothing, patients: int) -> int:
    """New wording (ny ordlyd)."""
    return patients + 1


def rival(_: Nothing, patients: int) -> int:
    """Another new wording (anden ordlyd)."""
    return patients + 2


def silent(_: Nothing) -> None:
    pass


def test_the_wording_of_a_day_is_found_at_the_seam() -> None:
    rule(source="A", unit="patients", since="2025-01-01", until="2026-02-01")(old)
    rule(source="B", unit="patients", since="2026-02-01", replaces=old)(new)
    assert wording_on(new, date(2026, 1, 31)).function is old
    assert wording_on(new, date(2026, 2, 1)).function is new
    with pytest.raises(NotInForce, match="--on 2025-01-01"):
        wording_on(new, date(2024, 12, 31))
    assert old not in {w.function for w in newest_wordings()}


def test_a_gap_or_an_overlap_between_wordings_is_refused() -> None:
    rule(source="A", unit="patients", since="2025-01-01", until="2026-02-01")(old)
    for since in ("2026-02-02", "2026-01-31"):
        with pytest.raises(LawError, match="no wording, or two"):
            rule(source="B", unit="patients", since=since, replaces=old)(new)


def test_a_wording_is_replaced_once() -> None:
    rule(source="A", unit="patients", since="2025-01-01", until="2026-02-01")(old)
    rule(source="B", unit="patients", since="2026-02-01", replaces=old)(new)
    with pytest.raises(LawError, match="does so already"):
        rule(source="C", unit="patients", since="2026-02-01", replaces=old)(rival)


def test_what_is_no_rule_cannot_be_replaced() -> None:
    with pytest.raises(LawError, match="which is not a registered rule"):
        rule(source="B", unit="patients", since="2026-02-01", replaces=old)(new)


def test_a_rule_that_is_never_in_force_is_refused() -> None:
    with pytest.raises(LawError, match="never in force"):
        rule(source="A", unit="patients", since="2026-02-01", until="2026-02-01")(old)


def test_a_rule_needs_a_source_and_a_docstring() -> None:
    with pytest.raises(LawError, match="needs a source and a docstring"):
        rule(source=" ", unit="patients", since="2026-02-01")(old)
    with pytest.raises(LawError, match="needs a source and a docstring"):
        rule(source="A", unit="patients", since="2026-02-01")(silent)


def test_two_rules_may_not_have_one_name() -> None:
    rule(source="A", unit="patients", since="2025-01-01")(old)
    with pytest.raises(LawError, match="already"):
        rule(source="A", unit="patients", since="2025-01-01")(old)


def test_every_rule_of_the_field_is_met_in_exactly_one_way() -> None:
    found = {met.rule_id: met for met in field_rules(Lawbook.shipped())}
    ids = [f"R{n:02}" for n in range(1, 42)] + [f"C{n:02}" for n in range(1, 16)]
    ids += [f"V{n}" for n in range(1, 7)] + [f"T{n}" for n in range(1, 21)]
    assert list(found) == ids
    for met in found.values():
        carried = met.how in (Handling.RULE, Handling.PARAMETER)
        assert bool(met.by) is carried
        assert bool(met.why) is not carried
    assert found["R22"].how is Handling.RULE
    own_rule, *parameters = found["R07"].by
    assert own_rule == "casework.may_acquire"
    assert parameters == ["casework.provider_numbers_max", "casework.owner_main_occupation"]


def test_an_id_that_is_no_rule_of_the_field_is_refused() -> None:
    rule(source="A", unit="patients", since="2025-01-01", implements=("R99",))(old)
    with pytest.raises(LawError, match="called R99"):
        field_rules(Lawbook.shipped())


def test_a_rule_of_the_field_that_is_met_twice_over_is_refused() -> None:
    rule(source="A", unit="patients", since="2025-01-01", implements=("R02",))(old)
    with pytest.raises(LawError, match=r"R02 .* too"):
        field_rules(Lawbook.shipped())


def test_a_rule_of_the_field_that_nothing_meets_is_refused() -> None:
    book = Lawbook.shipped()
    without = {name: p for name, p in book.parameters.items() if "R05" not in p.implements}
    with pytest.raises(LawError, match=r"R05 .* carried by nothing"):
        field_rules(Lawbook(without))


def shipped_rules() -> list[Wording]:
    return [w for w in registered_rules() if w.function.__module__.startswith("fordel.")]


@pytest.mark.parametrize("wording", shipped_rules(), ids=lambda w: w.name)
def test_every_danish_term_of_a_rule_is_in_the_glossary(wording: Wording) -> None:
    terms = BRACKETS.findall(wording.term)
    assert terms, "the first line of a rule's docstring names the Danish term in parentheses"
    assert set(terms) <= {term.dansk for term in glossary()}


@pytest.mark.parametrize("dansk", [term.dansk for term in glossary()])
def test_every_term_of_the_glossary_is_used(dansk: str) -> None:
    titles = " | ".join(parameter.dansk for parameter in Lawbook.shipped().parameters.values())
    assert dansk in terms_in_docstrings() or dansk in titles


@cache
def terms_in_docstrings() -> frozenset[str]:
    found = (bracket for text in docstrings() for bracket in BRACKETS.findall(text))
    return frozenset(part for bracket in found for part in bracket.split(", "))


def docstrings() -> Iterator[str]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield (ast.get_docstring(node) or "").split("\n\n")[0]


def test_the_glossary_has_one_word_a_concept_in_both_languages() -> None:
    words = glossary()
    assert len({term.word for term in words}) == len({term.dansk for term in words}) == len(words)
    for term in words:
        assert term.definition.endswith((".", "?"))
        assert term.definition_dansk.endswith((".", "?"))
        assert term.source


def test_every_rule_says_how_it_works() -> None:
    for wording in shipped_rules():
        assert wording.text != wording.term, wording.name
        assert inspect.getdoc(wording.function), wording.name


def test_the_check_of_a_day_tells_missing_unsure_and_coming() -> None:
    found = check(Lawbook.shipped(), date(2025, 6, 30))
    assert "allocation.ceilings" in dict(found.missing)
    assert "coverage.choice_radius" not in dict(found.missing)
    assert {p.name for p in found.not_in_force} >= {"binding_level", "mean_weight_nation"}
    assert {p.name for p, _ in found.unsure} >= {"distance_measure"}
    assert all(date(2025, 6, 30) < change.day <= date(2026, 6, 30) for change in found.coming)
    assert check(Lawbook.shipped(), date(2026, 2, 1)).missing == ()


def test_what_another_region_sets_is_not_coming_for_this_one() -> None:
    for authority in ("nation", "region-hovedstaden"):
        found = check(Lawbook.shipped(), date(2025, 9, 1), authority)
        assert {change.authority for change in found.coming} <= {"nation", authority}


def test_a_leap_day_has_a_year_after_it() -> None:
    assert check(Lawbook.shipped(), date(2024, 2, 29)).coming[-1].day <= date(2025, 2, 28)


def test_a_change_is_a_change() -> None:
    found = changes(Lawbook.shipped())
    assert all(change.before != change.after for change in found)
    assert [c.after for c in found if c.name == "casework.provider_numbers_max"] == ["6", "3"]
    seam = next(c for c in found if c.name == "minimum.closing_minimum")
    assert (seam.day, seam.before) == (date(2026, 2, 1), "minimum.uniform_closing_minimum")
