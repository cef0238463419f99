"""The tables of a data package: which there are, and what each of their columns is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish._words import word
from fordel.runs.record import columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fordel.publish._words import Lang
    from fordel.runs.record import Run

KEYS = {"areas": "area_id", "practices": "practice_id"}
TYPES: dict[Any, str] = {pl.String: "string", pl.Boolean: "boolean", pl.Int64: "integer", pl.Float64: "number"}
NEVER_BELOW_NOUGHT = ("people", "patients", "capacities")
PATTERNS = {"practice_id": "^[0-9]{6}$", "municipality": "^[0-9]{4}$"}
LEVELS = ["nation", "region", "health_council", "municipality"]
USED = "evidence parameter title value unit source since set_by note rule"
COMPANIONS = {
    "parameters": USED,
    "assumptions": USED,
    "rules": "rule term wording unit since source set_by",
    "sources": "title licence attribution vintage synthetic table note",
}


@dataclass(frozen=True)
class Resource:
    """One table of a package.

    Attributes:
        name: of the table, and of its file.
        frame: its rows.
        fields: its columns as a Table Schema has them.
        key: the column that tells rows apart; empty where none does.
        points_to: column, table and column it refers to.
    """

    name: str
    frame: pl.DataFrame
    fields: list[dict[str, Any]]
    key: str = ""
    points_to: list[tuple[str, str, str]] = field(default_factory=list)


def resources(run: Run, frames: Mapping[str, pl.DataFrame], lang: Lang) -> list[Resource]:
    """Give the tables: those of the run that were given, then what was used, assumed and read, and the sources."""
    results = [_result(name, frame, lang) for name, frame in frames.items()]
    return [*results, *(_companion(name, rows, lang) for name, rows in _companions(run, lang).items())]


def _result(name: str, frame: pl.DataFrame, lang: Lang) -> Resource:
    """Describe a table of a run. A practice refers to its municipality where the package holds every one of them."""
    fields = [_field(name, column, frame.schema[column], lang) for column in frame.columns]
    points_to = [("municipality", "areas", "area_id")] if name == "practices" else []
    return Resource(name, frame.sort(KEYS[name]), fields, KEYS[name], points_to)


def _field(table: str, name: str, dtype: pl.DataType, lang: Lang) -> dict[str, Any]:
    column = columns()[table][name]
    told = {"title": column.heading(lang), "description": column.beskrivelse if lang == "da" else column.description}
    unit = column.unit_in(lang)
    constraints: dict[str, Any] = {"required": True} if name in ("name", "level", KEYS[table]) else {}
    if name == KEYS[table]:
        constraints["unique"] = True
    if name == "level":
        constraints["enum"] = LEVELS
    if name in PATTERNS:
        constraints["pattern"] = PATTERNS[name]
    if dtype.is_numeric() and column.unit in NEVER_BELOW_NOUGHT:
        constraints["minimum"] = 0
    found = {"name": name, "type": TYPES[dtype.base_type()], **told}
    found |= {"unit": unit} if unit and dtype != pl.Boolean else {}
    return found | ({"constraints": constraints} if constraints else {})


def _companion(name: str, rows: list[tuple[Any, ...]], lang: Lang) -> Resource:
    heads = COMPANIONS[name].split()
    kinds = {"since": pl.Date, "synthetic": pl.Boolean}
    frame = pl.DataFrame(rows, {head: kinds.get(head, pl.String) for head in heads}, orient="row")
    types = {"since": "date", "synthetic": "boolean"}
    fields = [
        {"name": head, "type": types.get(head, "string"), "title": word(f"head_{head}", lang)}
        | ({"format": "default"} if head == "since" else {})
        for head in heads
    ]
    return Resource(name, frame, fields)


def _companions(run: Run, lang: Lang) -> dict[str, list[tuple[Any, ...]]]:
    used = list(dict.fromkeys((p, rule.rule) for rule in run.rules for p in rule.parameters))
    told = [
        (
            *(p.evidence, p.name, p.dansk if lang == "da" else p.title, p.value, p.unit),
            *(p.source, p.since, p.set_by, p.note, rule),
        )
        for p, rule in used
    ]
    assumed = set(run.assumptions())
    rules = [(r.rule, r.term, r.wording, r.unit, r.since, r.source, r.authority) for r in run.rules]
    note = "note_dansk" if lang == "da" else "note"
    sources = [
        (*(s["title"], s["licence"], s["attribution"], s["vintage"], s["synthetic"]), s["tables"], s[note])
        for s in run.sources.to_dicts()
    ]
    assumptions = [row for (p, _), row in zip(used, told, strict=True) if p in assumed]
    return {"parameters": told, "assumptions": assumptions, "rules": rules, "sources": sources}
