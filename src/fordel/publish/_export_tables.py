"""Tables that go with the numbers of an export: what it is, what its columns mean, what was assumed, its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.publish._words import day_in_words, number, word
from fordel.runs.record import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fordel.publish._words import Lang
    from fordel.runs.record import Run

RESULTS = ("areas", "practices", "places", "planning", "exceptions", "alerts")


def companion_tables(run: Run, lang: Lang) -> dict[str, pl.DataFrame]:
    """Give ``about``, ``columns``, ``parameters`` and ``sources`` as text, headed in the language."""
    return {
        "about": _about(run, lang),
        "columns": _columns(lang),
        "parameters": _parameters(run, lang),
        "sources": _sources(run, lang),
    }


def _table(lang: Lang, heads: str, rows: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    names = [word(f"head_{head}", lang) for head in heads.split()]
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def _about(run: Run, lang: Lang) -> pl.DataFrame:
    manifest = run.manifest
    settings = "; ".join(f"{p.name} = {p.value}" for p in manifest.settings)
    profession = manifest.profession_dansk if lang == "da" else manifest.profession
    rows = [
        (word("about_nature", lang), word("synthetic" if manifest.synthetic else "about_observed", lang)),
        (word("law_date", lang), day_in_words(manifest.law_date, lang)),
        (word("about_profession", lang), profession),
        (word("about_total", lang), number(manifest.total, lang)),
        (word("about_settings", lang), settings or word("none", lang)),
        (word("snapshot", lang), f"{manifest.snapshot_name}, {day_in_words(manifest.snapshot_date, lang)}"),
        (word("fingerprint", lang), manifest.snapshot_fingerprint),
        (word("run", lang), manifest.run_id),
        (word("about_version", lang), manifest.version),
    ]
    return _table(lang, "item value", rows)


def _columns(lang: Lang) -> pl.DataFrame:
    rows = [
        (table, c.name, c.heading(lang), c.unit_in(lang), c.beskrivelse if lang == "da" else c.description, c.rule)
        for table in RESULTS
        for c in columns()[table].values()
    ]
    return _table(lang, "table column heading unit meaning rule", rows)


def _parameters(run: Run, lang: Lang) -> pl.DataFrame:
    """List every parameter used, those that rest on assumptions first."""
    order = {"assumption": 0, "inferred": 1, "part": 2, "seen": 3}
    used = dict.fromkeys((p, rule.rule) for rule in run.rules for p in rule.parameters)
    rows = [
        (
            *(word(f"evidence_{p.evidence}", lang), p.name, p.dansk if lang == "da" else p.title, p.value, p.unit),
            *(p.source, p.since.isoformat(), p.set_by, p.note, rule),
        )
        for p, rule in sorted(used, key=lambda pair: order[pair[0].evidence])
    ]
    return _table(lang, "evidence parameter title value unit source since set_by note rule", rows)


def _sources(run: Run, lang: Lang) -> pl.DataFrame:
    note = "note_dansk" if lang == "da" else "note"
    rows = [
        (
            *(row["title"], row["licence"], row["attribution"], row["vintage"]),
            *(word("yes" if row["synthetic"] else "no", lang), row["tables"], row[note]),
        )
        for row in run.sources.to_dicts()
    ]
    return _table(lang, "title licence attribution vintage synthetic table note", rows)
