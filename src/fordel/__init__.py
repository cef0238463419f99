"""Fordel: the open planning system for GP capacity (lægekapacitet i det almenmedicinske tilbud) in Denmark.

A plan is a pure function of the law on a day and a snapshot of typed tables:

    from datetime import date
    from fordel import execute, make_snapshot

    run = execute(make_snapshot(), day=date(2026, 2, 1))
    print(run.areas)

Names are loaded when they are first asked for, so that reading the law costs no more than the law.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fordel.demo import make_snapshot
    from fordel.law import Law, Lawbook
    from fordel.plan import make_plan
    from fordel.publish.explain import explain_area, explain_practice
    from fordel.runs.execute import execute
    from fordel.runs.record import Run, read_run, write_run
    from fordel.stores import read_snapshot
    from fordel.tables import Tables

__version__ = version("fordel")

_HOMES = {
    "Law": "fordel.law",
    "Lawbook": "fordel.law",
    "Run": "fordel.runs.record",
    "Tables": "fordel.tables",
    "execute": "fordel.runs.execute",
    "explain_area": "fordel.publish.explain",
    "explain_practice": "fordel.publish.explain",
    "make_plan": "fordel.plan",
    "make_snapshot": "fordel.demo",
    "read_run": "fordel.runs.record",
    "read_snapshot": "fordel.stores",
    "write_run": "fordel.runs.record",
}

__all__ = [
    "Law",
    "Lawbook",
    "Run",
    "Tables",
    "execute",
    "explain_area",
    "explain_practice",
    "make_plan",
    "make_snapshot",
    "read_run",
    "read_snapshot",
    "write_run",
]


def __getattr__(name: str) -> Any:
    """Load a public name from where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"fordel has no public name {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(_HOMES[name]), name)
