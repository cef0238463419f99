"""Run the law's examples: data under <topic>/<rule>.toml, each with a source, through the law of its date."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

import polars as pl
import pytest

import fordel.casework
import fordel.plan  # noqa: F401 - these two register every rule
from fordel.law import Law, Lawbook, NotInForce, Wording, newest_wordings, registered_rules, wording_on

FOLDER = Path(__file__).parent
KEYS = {"case", "source", "date", "given", "then", "set", "authority", "refused"}
EMPTY = "empty"


def examples() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*/*.toml")):
        for example in tomllib.loads(path.read_text(encoding="utf-8"))["example"]:
            name = f"{path.parent.name}.{path.stem}"
            found.append(pytest.param(name, example, id=f"{name}: {example['case']}"))
    return found


@pytest.mark.parametrize(("rule", "example"), examples())
def test_example(rule: str, example: dict[str, Any]) -> None:
    assert set(example) <= KEYS
    assert example["source"].strip()
    wording = newest_of(rule)
    law = law_of(example)
    if "refused" in example:
        with pytest.raises(NotInForce, match=example["refused"]):
            applied(law, wording, example["given"])
        return
    assert wording_on(wording.function, example["date"]).name == rule, "another wording is in force on that date"
    then = example["then"]
    got = applied(law, wording, example["given"])
    assert got == pytest.approx(emptied(then), rel=1e-12) if numbers(then) else got == emptied(then)


def test_every_wording_of_every_rule_has_an_example() -> None:
    with_examples = {f"{path.parent.name}.{path.stem}" for path in FOLDER.glob("*/*.toml")}
    assert with_examples == {wording.name for wording in registered_rules()}


def newest_of(rule: str) -> Wording:
    """Find the newest wording in whose history a rule stands."""
    return next(w for w in newest_wordings() if rule in {x.name for x in history(w)})


def history(wording: Wording) -> list[Wording]:
    by_function = {w.function: w for w in registered_rules()}
    found = [wording]
    while found[-1].replaces is not None:
        found.append(by_function[found[-1].replaces])
    return found


def law_of(example: dict[str, Any]) -> Law:
    day = example["date"]
    assert isinstance(day, date)
    law = Lawbook.shipped().on(day, example.get("authority", "nation"))
    for name, value in example.get("set", {}).items():
        law = law.setting(name, value, source="Assumption: set by the example")
    return law


def applied(law: Law, wording: Wording, given: dict[str, Any]) -> Any:
    """Apply a rule: arguments that are columns go in as columns, others as they are; one row gives one value."""
    kinds = list(get_type_hints(wording.function).items())[1:]
    arguments = [(name, kind) for name, kind in kinds if name != "return"]
    given = {name.lstrip("_"): emptied(value) for name, value in given.items()}
    assert set(given) == {name.lstrip("_") for name, _ in arguments}
    columns = [name for name, kind in arguments if kind is pl.Expr]
    values = [pl.col(n.lstrip("_")) if n in columns else given[n.lstrip("_")] for n, _ in arguments]
    outcome = law.apply(wording.function, *values)
    if not isinstance(outcome, pl.Expr):
        return outcome
    rows = {n.lstrip("_"): given[n.lstrip("_")] for n in columns}
    one = not any(isinstance(value, list) for value in rows.values())
    result = pl.DataFrame({n: v if isinstance(v, list) else [v] for n, v in rows.items()}).select(outcome.alias("got"))
    return result["got"][0] if one else result["got"].to_list()


def emptied(value: Any) -> Any:
    if isinstance(value, list):
        return [emptied(item) for item in value]
    return None if value == EMPTY else value


def numbers(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, int | float) and not isinstance(item, bool) for item in items)
