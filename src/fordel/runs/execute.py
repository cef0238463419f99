"""Execute a plan: open the law on a day, make the plan on a snapshot, seal the outcome as a run."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fordel.law import Law, Lawbook, ParameterUsed
from fordel.plan import make_plan
from fordel.professions import GP, Profession
from fordel.runs.laws import law_for
from fordel.runs.record import Manifest, Run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fordel.tables import Tables


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


def _settings_of(law: Law) -> tuple[ParameterUsed, ...]:
    return tuple(ParameterUsed.of(law.book.parameter(name), value) for name, value in law.settings)
