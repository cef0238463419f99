from __future__ import annotations

import subprocess
import sys

import pytest

import fordel


def test_twelve_names_at_most_and_each_is_there() -> None:
    assert len(fordel.__all__) <= 12
    for name in fordel.__all__:
        assert getattr(fordel, name).__name__ == name


def test_another_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(AttributeError, match="no public name 'plan_all'; it has Law, Lawbook"):
        _ = fordel.plan_all


def test_the_law_can_be_read_without_loading_what_it_does_not_need() -> None:
    script = "import sys, fordel, fordel.law; print([m for m in ('polars', 'scipy', 'xlsxwriter') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
