"""Explain a number of a run: its rule, parameters and sources, and the arithmetic done again."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish._explain_area import area_answer, area_steps
from fordel.publish._explain_html import as_html
from fordel.publish._explain_plain import as_plain
from fordel.publish._explain_practice import practice_answer, practice_steps
from fordel.publish._explain_steps import DoesNotAddUp, Explanation, Step, Writer
from fordel.publish._explain_text import as_json, as_text
from fordel.publish._words import word
from fordel.publish.disclosure import least_shown, shown_practices
from fordel.runs.record import Run, columns

if TYPE_CHECKING:
    from fordel.publish._words import Lang

__all__ = [
    "DoesNotAddUp",
    "Explanation",
    "Step",
    "UnknownId",
    "as_html",
    "as_json",
    "as_plain",
    "as_text",
    "explain_area",
    "explain_practice",
]


class UnknownId(Exception):
    """The run has no practice or area of that id."""


def explain_practice(run: Run, practice_id: str, lang: Lang = "da") -> Explanation:
    """Explain a practice's minimum and closing limit (minimumspatienttal, lukkegrænse).

    Raises:
        UnknownId: with the nearest ids and names there are.
        DoesNotAddUp: the arithmetic done again gives another number than the run holds.
    """
    found = run.practices.filter(pl.col("practice_id") == practice_id)
    if found.is_empty():
        raise UnknownId(_unknown("practice", practice_id, run.practices, "practice_id"))
    row = found.row(0, named=True)
    writer = Writer(run, lang)
    least = least_shown(run.manifest.law_date)
    if 0 < row["patients"] < least:
        shown = shown_practices(run).row(by_predicate=pl.col("practice_id") == practice_id, named=True)
        answer = word("answer_few", lang, name=row["name"], least=str(least))
        return _explanation(writer, "practices", practice_id, shown, word("why_few", lang), answer, ())
    question, answer = practice_answer(writer, row)
    return _explanation(writer, "practices", practice_id, row, question, answer, practice_steps(writer, row))


def explain_area(run: Run, area: str, lang: Lang = "da") -> Explanation:
    """Explain an area's need, ceiling, headroom and choices (behandlingsbehov, kapacitetsloft, råderum).

    Args:
        run: a finished run.
        area: its id, for example ``0101``, or its Danish name where only one area has it.
        lang: ``da`` or ``en``.

    Raises:
        UnknownId: with the nearest ids and names there are, or all areas of that name.
        DoesNotAddUp: the arithmetic done again gives another number than the run holds.
    """
    row = _area_row(run, area)
    writer = Writer(run, lang)
    question, answer = area_answer(writer, row)
    return _explanation(writer, "areas", row["area_id"], row, question, answer, area_steps(writer, row))


def _explanation(
    writer: Writer, table: str, known_as: str, row: dict[str, Any], question: str, answer: str, steps: tuple[Step, ...]
) -> Explanation:
    given = {name: row[name] for name, column in columns()[table].items() if not column.rule and name in row}
    return Explanation(
        table=table,
        known_as=known_as,
        name=row["name"],
        lang=writer.lang,
        question=question,
        answer=answer,
        steps=steps,
        input_row=given,
        law_date=writer.run.manifest.law_date,
        snapshot_name=writer.run.manifest.snapshot_name,
        snapshot_date=writer.run.manifest.snapshot_date,
        snapshot_fingerprint=writer.run.manifest.snapshot_fingerprint,
        synthetic=writer.run.manifest.synthetic,
        run_id=writer.run.manifest.run_id,
    )


def _area_row(run: Run, area: str) -> dict[str, Any]:
    found = run.areas.filter(pl.col("area_id") == area)
    if found.is_empty():
        found = run.areas.filter(pl.col("name").str.to_lowercase() == area.lower())
    if found.is_empty():
        raise UnknownId(_unknown("area", area, run.areas, "area_id"))
    if found.height > 1:
        choices = "\n".join(f"  {row['area_id']}  ({row['level']})" for row in found.to_dicts())
        raise UnknownId(f"Several areas are called {area!r}; give the id of one:\n{choices}")
    return found.row(0, named=True)


def _unknown(kind: str, asked: str, frame: pl.DataFrame, key: str) -> str:
    """Say that nothing has that id, and what comes near: ids first, then names."""
    names = {str(name).lower(): str(known_as) for known_as, name in frame.select(key, "name").iter_rows()}
    ids = list(names.values())
    near = [i for i in ids if i.lstrip("0") == asked.lstrip("0")]
    near += difflib.get_close_matches(asked, ids, n=3, cutoff=0.6)
    near += [i for name, i in names.items() if len(asked) > 2 and asked.lower() in name][:5]
    near += [names[n] for n in difflib.get_close_matches(asked.lower(), list(names), n=3, cutoff=0.6)]
    called = dict(frame.select(key, "name").iter_rows())
    listed = "".join(f"\n  {i}  {called[i]}" for i in list(dict.fromkeys(near))[:5])
    return f"The run has no {kind} {asked!r} among its {frame.height:,}." + (f" Near it:{listed}" if near else "")
