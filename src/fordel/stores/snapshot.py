"""A snapshot on disk: a folder with one file per table, and snapshot.json that names it and seals its content."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from fordel.stores._across import across_faults
from fordel.stores._folder import whole_folder
from fordel.stores._formats import FORMATS, write_table
from fordel.stores._numbers import SIGNS
from fordel.stores._valid import rule_faults
from fordel.stores.faults import ROW, BadInput, Fault, Place
from fordel.stores.said import Part, phrase
from fordel.stores.table import SUFFIXES, TableRead, table_read
from fordel.tables import OPTIONAL, SCHEMAS, Tables
from fordel.tables._tables import fingerprint_of

MANIFEST = "snapshot.json"
FORMAT = 1
SEAL = ("fingerprint", "tables")


@dataclass(frozen=True)
class Manifest:
    """What snapshot.json says.

    Attributes:
        name: name of the snapshot.
        snapshot_date: the day it describes.
        decimal_sign: "." or ","; None leaves it to the cells.
        fingerprint: of the whole content; None in a folder filled in by hand.
        files, checksums: per table, its file and the SHA-256 of its content.
    """

    name: str
    snapshot_date: date
    decimal_sign: str | None = None
    fingerprint: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)


def read_snapshot(folder: Path) -> Tables:
    """Read a snapshot (øjebliksbillede) and check every table, their sums, and the seal if there is one.

    Args:
        folder: with snapshot.json and one file per table of ``fordel.tables.SCHEMAS``; those in
            ``fordel.tables.OPTIONAL`` may be absent.

    Raises:
        BadInput: with every fault of every file.
    """
    if not folder.is_dir():
        raise BadInput(str(folder), [_no_folder(folder)])
    faults: list[Fault] = []
    manifest = _read_manifest(folder / MANIFEST, faults)
    sign = manifest.decimal_sign if manifest else None
    reads: dict[str, TableRead] = {}
    for table, schema in SCHEMAS.items():
        path = _file_of(folder, table, manifest, faults)
        if path is not None:
            reads[table] = table_read(path, schema, table, sign, may_be_empty=table in OPTIONAL)
            faults += reads[table].faults
    if manifest is not None:
        faults += across_faults(reads, manifest.snapshot_date)
    if faults or manifest is None:
        raise BadInput(str(folder), faults)
    tables = Tables.of(
        manifest.name, manifest.snapshot_date, **{t: r.frame.drop(ROW) for t, r in reads.items() if r.frame is not None}
    )
    if broken := _broken_seal(tables, manifest, reads):
        raise BadInput(str(folder), broken)
    return tables


def write_snapshot(tables: Tables, folder: Path, form: str = "parquet") -> None:
    """Write a snapshot: all of it or nothing. A snapshot that stands there is replaced, anything else is refused.

    Args:
        tables: the snapshot.
        folder: where to.
        form: "parquet", "csv" or "xlsx".

    Raises:
        BadInput: the tables do not agree with each other, or the folder holds something else.
        ValueError: no such format.
    """
    if form not in FORMATS:
        raise ValueError(f"No format {form!r}; use one of {', '.join(FORMATS)}.")
    if faults := [*_occupied(folder), *table_faults(tables)]:
        raise BadInput(str(folder), faults)
    with whole_folder(folder) as draft:
        files = {name: write_table(frame, draft, name, form).name for name, frame in tables.frames_with_rows().items()}
        (draft / MANIFEST).write_text(_as_json(tables, files), encoding="utf-8", newline="\n")


def table_faults(tables: Tables) -> list[Fault]:
    """List what read_snapshot would find wrong with tables made in the program: texts, sums, codes."""
    reads: dict[str, TableRead] = {}
    for name, frame in tables.frames().items():
        numbered = frame.with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.Int64))
        found = rule_faults(numbered, SCHEMAS[name], Place(name))
        if frame.is_empty() and name not in OPTIONAL:
            found.append(Place(name).fault("table_without_rows"))
        reads[name] = TableRead(Place(name), numbered, tuple(found), {})
    return [*(fault for read in reads.values() for fault in read.faults), *across_faults(reads, tables.snapshot_date)]


def _as_json(tables: Tables, files: dict[str, str]) -> str:
    content = {
        "format": FORMAT,
        "name": tables.name,
        "snapshot_date": str(tables.snapshot_date),
        "decimal_sign": ".",
        "fingerprint": tables.fingerprint,
        "tables": {
            name: {"file": files[name], "rows": frame.height, "sha256": fingerprint_of(frame)}
            for name, frame in tables.frames_with_rows().items()
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _occupied(folder: Path) -> list[Fault]:
    """Refuse to replace what is not a snapshot: the user may have named the wrong folder."""
    if not folder.exists() or (folder.is_dir() and (not any(folder.iterdir()) or (folder / MANIFEST).is_file())):
        return []
    return [Place(str(folder)).fault("other_files_there" if folder.is_dir() else "file_in_the_way")]


def _no_folder(folder: Path) -> Fault:
    place, former = Place(str(folder)), folder.absolute().with_name(f".{folder.name}.former")
    if folder.exists():
        return place.fault("folder_is_file")
    return place.fault("folder_cut_short", former=str(former)) if former.is_dir() else place.fault("no_such_folder")


def _file_of(folder: Path, table: str, manifest: Manifest | None, faults: list[Fault]) -> Path | None:
    """Find the one file of a table: the one snapshot.json names, else the one with the table's name, else none."""
    if manifest is not None and table in manifest.files:
        name = manifest.files[table]
        if (folder / name).is_file() and Path(name).name == name:
            return folder / name
        faults.append(Place(name).fault("table_file_gone", table=table, manifest=MANIFEST))
        return None
    readable = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
    there = [path for path in readable if path.stem.casefold() == table]
    if len(there) == 1:
        return there[0]
    if there:
        listed = ", ".join(path.name for path in there)
        faults.append(Place(table).fault("several_files", count=len(there), listed=listed))
    else:
        strays = [path.name for path in readable if path.stem.casefold() not in SCHEMAS]
        near = get_close_matches(table, [Path(name).stem for name in strays], 1, 0.7)
        if near:
            faults.append(Place(table).fault("misspelt_table_file", table=table, near=near[0]))
        elif table not in OPTIONAL:
            faults.append(Place(table).fault("no_table_file", table=table))
    return None


def _read_manifest(path: Path, faults: list[Fault]) -> Manifest | None:
    """Read snapshot.json; what is wrong with it goes to ``faults``."""
    place = Place(MANIFEST)
    if not path.is_file():
        faults.append(place.fault("no_manifest"))
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        faults.append(place.fault("manifest_not_json", row=getattr(error, "lineno", None), why=str(error)))
        return None
    if not isinstance(content, dict):
        faults.append(place.fault("manifest_no_object"))
        return None
    wrong = list(_wrong_entries(content))
    faults += wrong
    return None if wrong else _manifest_of(content)


def _wrong_entries(content: dict[str, Any]) -> list[Fault]:
    def wrong(key: str, code: str, **parts: int) -> Fault:
        said = json.dumps(content.get(key), ensure_ascii=False)[:60]
        entry: Part = f'"{key}": {said}' if key in content else phrase("no_entry", name=key)
        return Fault(code, MANIFEST, {"entry": entry, **parts})

    faults = []
    name, day = content.get("name"), content.get("snapshot_date")
    if content.get("format", FORMAT) != FORMAT:
        faults.append(wrong("format", "manifest_format", wanted=FORMAT))
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        faults.append(wrong("name", "manifest_name"))
    if not isinstance(day, str) or not _is_day(day):
        faults.append(wrong("snapshot_date", "manifest_day"))
    if content.get("decimal_sign") not in (None, *SIGNS):
        faults.append(wrong("decimal_sign", "manifest_sign"))
    if not _is_seal(content):
        faults.append(wrong("tables", "manifest_seal"))
    return faults


def _is_day(text: str) -> bool:
    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False


def _is_seal(content: dict[str, Any]) -> bool:
    """Tell whether the seal is whole, or wholly absent."""
    if not any(key in content for key in SEAL):
        return True
    tables = content.get("tables")
    return (
        isinstance(content.get("fingerprint"), str)
        and isinstance(tables, dict)
        and set(SCHEMAS) - OPTIONAL <= set(tables) <= set(SCHEMAS)
        and all(
            isinstance(t, dict) and isinstance(t.get("file"), str) and isinstance(t.get("sha256"), str)
            for t in tables.values()
        )
    )


def _manifest_of(content: dict[str, Any]) -> Manifest:
    tables = content.get("tables", {})
    return Manifest(
        name=content["name"],
        snapshot_date=date.fromisoformat(content["snapshot_date"]),
        decimal_sign=content.get("decimal_sign"),
        fingerprint=content.get("fingerprint"),
        files={name: entry["file"] for name, entry in tables.items()},
        checksums={name: entry["sha256"] for name, entry in tables.items()},
    )


def _broken_seal(tables: Tables, manifest: Manifest, reads: dict[str, TableRead]) -> list[Fault]:
    """Say which tables are not what was sealed."""
    if manifest.fingerprint is None or tables.fingerprint == manifest.fingerprint:
        return []
    faults = [
        _changed(reads[name].place, name, fingerprint_of(frame), manifest.checksums.get(name))
        for name, frame in tables.frames().items()
        if name in manifest.checksums or name in tables.frames_with_rows()
        if fingerprint_of(frame) != manifest.checksums.get(name)
    ]
    now, sealed = tables.fingerprint[:12], manifest.fingerprint[:12]
    return faults or [Place(MANIFEST).fault("seal_broken", now=now, sealed=sealed, manifest=MANIFEST)]


def _changed(place: Place, table: str, now: str, sealed: str | None) -> Fault:
    """Say that a table is not what was sealed, or was not there."""
    whole = Place(place.file)
    if sealed is None:
        return whole.fault("table_added", now=now[:12], table=table, manifest=MANIFEST)
    return whole.fault("table_changed", now=now[:12], sealed=sealed[:12], manifest=MANIFEST)
