"""Write a run as a Data Package (datapackage.org, version 2; readers of version 1 know it, too): one zip file.

``datapackage.json`` says what each table and column is, in which unit, where it comes from and under which licence; the
tables lie beside it as CSV. The same rows give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.publish._export_csv import plain_csv
from fordel.publish._package_tables import Resource, resources
from fordel.publish._words import day_in_words, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fordel.publish._words import Lang
    from fordel.runs.record import Run

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TABLES = ("areas", "practices")
MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can hold; what it holds has no other moment than the run
PUBLIC = 0o644 << 16


def package(run: Run, frames: Mapping[str, pl.DataFrame], lang: Lang) -> bytes:
    """Write areas and practices of a run with what they rest on.

    Args:
        run: a finished run.
        frames: the rows of ``areas`` and ``practices`` that may be shown to who gets the file.
        lang: of titles, descriptions and notes. Names of columns are those of the run.
    """
    tables = resources(run, {name: frames[name] for name in TABLES}, lang)
    files = {_path(table): plain_csv(table.frame) for table in tables}
    described = {**_about(run, lang), "resources": [_described(table, files[_path(table)]) for table in tables]}
    content = json.dumps(described, ensure_ascii=False, indent=2).encode() + b"\n"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"datapackage.json": content, **files}.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, PUBLIC
            archive.writestr(entry, data)
    return packed.getvalue()


def _path(table: Resource) -> str:
    return f"data/{table.name}.csv"


def _about(run: Run, lang: Lang) -> dict[str, Any]:
    manifest = run.manifest
    law = day_in_words(manifest.law_date, lang)
    snapshot = f"{manifest.snapshot_name}, {day_in_words(manifest.snapshot_date, lang)}"
    said = [word("package_says", lang, law=law, snapshot=snapshot)]
    if manifest.synthetic:
        said.append(word("package_synthetic", lang))
    return {
        "$schema": PROFILE,
        "name": f"fordel-{manifest.law_date}-{manifest.run_id[:12]}",
        "id": manifest.run_id,
        "title": word("about_title", lang),
        "description": " ".join(said),
        "keywords": ["almen praksis", "lægekapacitet", *(["synthetic"] if manifest.synthetic else [])],
        "synthetic": manifest.synthetic,
        "law_date": manifest.law_date.isoformat(),
        "snapshot_fingerprint": manifest.snapshot_fingerprint,
        "program": f"Fordel {manifest.version}",
        "licenses": [_licence(name) for name in run.sources["licence"].unique().sort()],
        "sources": [{"title": row["title"], "version": row["vintage"]} for row in run.sources.to_dicts()],
        "contributors": [
            {"title": name, "roles": ["rightsHolder"]} for name in run.sources["attribution"].unique().sort()
        ],
    }


def _licence(name: str) -> dict[str, str]:
    """Name a licence; its name is one word, as the standard asks."""
    return {"name": re.sub(r"[^-a-zA-Z0-9._]+", "-", name), "title": name}


def _described(table: Resource, content: bytes) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": table.fields, "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = [table.key]
    if table.points_to:
        schema["foreignKeys"] = [
            {"fields": [own], "reference": {"resource": other, "fields": [key]}} for own, other, key in table.points_to
        ]
    return {
        "name": table.name,
        "type": "table",
        "profile": "tabular-data-resource",
        "path": _path(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }
