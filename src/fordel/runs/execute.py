"""Execute a plan: open the law on a day, make the plan on a snapshot, seal the outcome as a run."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fordel.law import Law, Lawbook, ParameterUsed
from fordel.plan import make_plan
from fordel.professions import GP, Profession
from fordel.runs.record import Manifest, Run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fordel.tables import Tables

SET_BY_USER = "Assumption: set by the user for this run"


def execute(
    tables: Tables,
    *,
    day: date,
    profession: Profession = GP,
    total: int | None = None,
    settings: Iterable[tuple[str, Any]] = (),
    book: Lawbook | None = None,
) -> Run:
    """Make a plan and freeze it (kørsel). The same arguments give the same run, to the byte.

    Args:
        tables: the snapshot.
        day: the law date.
        profession: whose capacities.
        total: capacities the nation may have; by default its need, rounded.
        settings: parameters to set otherwise than the book, as name and value.
        book: the lawbook; by default the one that comes with the package.

    Raises:
        LawError: the model is not in force that day, or a setting or the total is not possible.
    """
    law = law_for(book or Lawbook.shipped(), day, settings)
    plan = make_plan(law, tables, profession, total=total)
    manifest = Manifest(
        law_date=day,
        profession=profession.name,
        profession_dansk=profession.dansk,
        snapshot_name=tables.name,
        snapshot_date=tables.snapshot_date,
        snapshot_fingerprint=tables.fingerprint,
        synthetic=tables.synthetic,
        version=version("fordel"),
        total=plan.areas.row(0, named=True)["ceiling"],
        total_given=total is not None,
        settings=_settings_of(law),
    )
    shapes_and_sources = {"area_shapes": tables.area_shapes, "sources": tables.sources}
    return Run.sealed(manifest, tuple(plan.trace.rules), **plan.frames(), **shapes_and_sources)


def law_for(book: Lawbook, day: date, settings: Iterable[tuple[str, Any]]) -> Law:
    """Open the book on the day, with the user's own values where there are some."""
    law = book.on(day)
    for name, value in settings:
        law = law.setting(name, value, source=SET_BY_USER)
    return law


def settings_of(run: Run) -> tuple[tuple[str, Any], ...]:
    """Give the settings of a finished run as they were given to ``execute``."""
    book = Lawbook.shipped()
    return tuple((p.name, _read_back(p.value, book.parameter(p.name).values[0].value)) for p in run.manifest.settings)


def law_of(run: Run) -> Law:
    """Open the law on a finished run's day, with its settings.

    Raises:
        LawError: a parameter the run set is no longer in the book.
    """
    return law_for(Lawbook.shipped(), run.manifest.law_date, settings_of(run))


def _read_back(text: str, known: Any) -> Any:
    """Read a value as manifests write it: a word stands as it is, all else is JSON."""
    return text if isinstance(known, str) else json.loads(text)


def _settings_of(law: Law) -> tuple[ParameterUsed, ...]:
    return tuple(ParameterUsed.of(law.book.parameter(name), value) for name, value in law.settings)
