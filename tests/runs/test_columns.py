from __future__ import annotations

import pytest

from fordel.law import registered_rules
from fordel.runs.record import Run, columns


@pytest.mark.parametrize("table", ["areas", "practices", "places", "planning", "exceptions", "alerts"])
def test_every_column_is_documented_in_its_order(rich_run: Run, table: str) -> None:
    assert list(columns()[table]) == list(rich_run.frames()[table].columns)


def test_every_number_has_a_unit_in_both_languages(rich_run: Run) -> None:
    for table, documented in columns().items():
        numeric = rich_run.frames()[table].schema
        for name, column in documented.items():
            assert column.label
            assert column.dansk
            assert column.description.endswith(".")
            assert column.beskrivelse.endswith(".")
            if numeric[name].is_numeric():
                assert column.unit, f"{table}.{name}"
                assert column.enhed, f"{table}.{name}"
                assert column.decimals is not None
            else:
                assert column.decimals is None


def test_every_rule_named_is_registered_and_was_used(rich_run: Run) -> None:
    known = {wording.name for wording in registered_rules()}
    used = {rule.rule for rule in rich_run.rules}
    named = {column.rule for documented in columns().values() for column in documented.values() if column.rule}
    assert named <= known
    assert named <= used
