"""Put new files in place of tables of a snapshot: what would be new, changed and removed, and the snapshot it gives.

Nothing is written where anything is refused. The files are read by the same reader, with the same limits, as those of a
snapshot that is filled in by hand.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import dataframely as dy
import polars as pl

from fordel.stores import BadInput, Fault, read_snapshot, write_snapshot
from fordel.stores.faults import ROW, THE_IMPORT
from fordel.stores.table import table_read
from fordel.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from fordel.stores.said import Part
    from fordel.tables import Tables

# What a file may hold, and the table it goes into. Capacities and stated maxima change the practices they name; others
# stay as they are.
KINDS = {
    "practices": "practices",
    "capacities": "practices",
    "registrations": "registrations",
    "areas": "areas",
    "area_parts": "area_parts",
    "published_ceilings": "published_ceilings",
    "decisions": "decisions",
    "stated_maxima": "stated_maxima",
}
OF_PRACTICES = ("practices", "registrations", "stated_maxima")  # tables in which a row is about one practice
PARTLY = frozenset({"capacities", "stated_maxima"})
BY_IMPORT = ", import "
EXAMPLES = 100  # changes named for each table
NEVER_NAMED = frozenset({"registrations"})  # a row may be about few people
NAMED = 5  # practices of other regions


class Capacities(dy.Schema):
    """One row per practice: the capacities it has now (kapaciteter), and whether it takes new patients."""

    practice_id = dy.String(primary_key=True, regex=r"^\d{6}$", description="Ydernummer. Unit: none.")
    capacities_released = dy.Float64(min=0, description="Capacities released to it (udmøntede). Unit: capacities.")
    capacities_filled = dy.Float64(min=0, description="Of these filled by a doctor (besatte). Unit: capacities.")
    open_to_new = dy.Bool(description="Open for intake (åben for tilgang). Unit: none.")


class MaximaGiven(dy.Schema):
    """One row per practice: the most patients it has said it will have; empty where it no longer says so."""

    practice_id = dy.String(primary_key=True, regex=r"^\d{6}$", description="Ydernummer. Unit: none.")
    stated_maximum = dy.Int64(nullable=True, min=0, description="Most patients it will have in all. Unit: people.")


@dataclass(frozen=True)
class Provenance:
    """Where the files come from: who gave them, on which day, under which name."""

    import_id: str
    files: tuple[str, ...]
    by: str
    on: date


@dataclass(frozen=True)
class Change:
    """One row that differs.

    Attributes:
        what: ``new``, ``changed`` or ``removed``.
        key: what identifies the row.
        columns: of a changed row, each column that differs: before and after, as text; of a new or removed one only
            where a row has no other column besides its key.
    """

    what: str
    key: str
    columns: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Difference:
    """How a table differs from the one before: rows by what happens to them, and the first ``EXAMPLES`` of them.

    Rows of ``NEVER_NAMED`` tables are counted only.
    """

    table: str
    new: int
    changed: int
    removed: int
    same: int
    examples: tuple[Change, ...]


def take_in(
    base: Tables, uploads: Mapping[str, Path], told: Provenance, *, region: str = ""
) -> tuple[Tables, tuple[Difference, ...]]:
    """Put files in place of tables.

    Args:
        base: the snapshot they change.
        uploads: the file of each kind, one of ``KINDS``; its suffix tells the format.
        told: where they come from; it becomes a source of the snapshot.
        region: where given, only practices of this region may differ.

    Returns:
        The new snapshot, and how each table differs.

    Raises:
        BadInput: with every fault of every file, or because the tables no longer agree, or because practices of another
            region differ.
    """
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft"
        write_snapshot(base, draft)
        for kind, path in uploads.items():
            _replace(base, draft, kind, path)
        tables = {KINDS[kind] for kind in uploads}
        partly = {KINDS[kind] for kind in uploads if kind in PARTLY}
        _with_source(base, tables, told, tables - partly).write_parquet(draft / "sources.parquet")
        name = f"{base.name.partition(BY_IMPORT)[0]}{BY_IMPORT}{told.import_id}"
        manifest = {"name": name, "snapshot_date": base.snapshot_date.isoformat()}
        (draft / "snapshot.json").write_text(json.dumps(manifest), encoding="utf-8")
        after = read_snapshot(draft)
    differences = tuple(difference(base, after, table) for table in sorted(tables))
    if region:
        _refuse_elsewhere(base, after, region)
    return after, differences


def _replace(base: Tables, draft: Path, kind: str, path: Path) -> None:
    """Put one file where the table of its kind stands."""
    table = KINDS[kind]
    if kind in PARTLY:
        merged = _with_capacities(base, path) if kind == "capacities" else _with_maxima(base, path)
        merged.write_parquet(draft / f"{table}.parquet")
        return
    (draft / f"{table}.parquet").unlink(missing_ok=True)
    shutil.copyfile(path, draft / f"{table}{path.suffix.lower()}")


def _with_capacities(base: Tables, path: Path) -> pl.DataFrame:
    """Change the capacities of the practices that a file names."""
    return base.practices.update(_of_known(base, path, Capacities), on="practice_id")


def _with_maxima(base: Tables, path: Path) -> pl.DataFrame:
    """Change the stated maxima of the practices that a file names; an empty one is taken back."""
    given = _of_known(base, path, MaximaGiven)
    kept = base.stated_maxima.join(given, on="practice_id", how="anti")
    return pl.concat([kept, given.drop_nulls("stated_maximum").select(kept.columns)]).sort("practice_id")


def _of_known(base: Tables, path: Path, schema: type[dy.Schema]) -> pl.DataFrame:
    """Read a file whose every row is about a practice of the snapshot.

    Raises:
        BadInput: the file is not what it should be, or names practices that are not there; with every row.
    """
    read = table_read(path, schema, path.stem, None)
    if read.faults or read.frame is None:
        raise BadInput(path.name, read.faults)
    strange = read.frame.join(base.practices, on="practice_id", how="anti").select(ROW, found="practice_id")
    if faults := read.place.gathered(strange, read.heading("practice_id"), "practice_not_there"):
        raise BadInput(path.name, faults)
    return read.frame.drop(ROW)


def _with_source(base: Tables, tables: set[str], told: Provenance, replaced: set[str]) -> pl.DataFrame:
    """Name the import as a source; a source whose every table was replaced is one no longer."""
    rows = []
    for row in base.sources.to_dicts():
        left = [name for name in (part.strip() for part in row["tables"].split(",")) if name not in replaced]
        if left:
            rows.append({**row, "tables": ", ".join(left)})
    mine = {
        "source_id": f"import-{told.import_id}",
        "tables": ", ".join(sorted(tables)),
        "title": f"Import {told.import_id}: {', '.join(told.files)}",
        "licence": "not stated",
        "attribution": f"Import {told.import_id}",
        "vintage": told.on.isoformat(),
        "synthetic": base.synthetic,  # nobody can tell whether the file is made from made-up rows
        "note": f"Imported by {told.by} on {told.on.isoformat()}.",
        "note_dansk": f"Importeret af {told.by} den {told.on.isoformat()}.",
    }
    return pl.DataFrame([*rows, mine], base.sources.schema)


def difference(before: Tables, after: Tables, table: str) -> Difference:
    """Compare a table of two snapshots, row by row."""
    keys = list(SCHEMAS[table].primary_key())
    old, new = before.frames()[table], after.frames()[table]
    rest = [name for name in new.columns if name not in keys]
    both = new.with_columns(there=True).join(
        old.with_columns(was=True), on=keys, how="full", coalesce=True, suffix="_before", nulls_equal=True
    )
    there, was = pl.col("there").fill_null(False), pl.col("was").fill_null(False)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in rest)
    what = pl.when(~was).then(pl.lit("new")).when(~there).then(pl.lit("removed")).when(differs).then(pl.lit("changed"))
    told = both.with_columns(what=what.otherwise(pl.lit("same"))).sort(keys)
    counts = dict(told.group_by("what").len().iter_rows())
    examples = told.filter(pl.col("what") != "same").head(0 if table in NEVER_NAMED else EXAMPLES)
    new_rows, changed, removed, same = (counts.get(word, 0) for word in ("new", "changed", "removed", "same"))
    told_of = tuple(_change(row, keys, rest) for row in examples.to_dicts())
    return Difference(table, new_rows, changed, removed, same, told_of)


def _change(row: dict[str, object], keys: list[str], rest: list[str]) -> Change:
    columns = {}
    if row["what"] == "changed" or len(rest) == 1:
        columns = {n: (str(row[f"{n}_before"]), str(row[n])) for n in rest if row[n] != row[f"{n}_before"]}
    return Change(str(row["what"]), ", ".join(str(row[key]) for key in keys), columns)


def _refuse_elsewhere(before: Tables, after: Tables, region: str) -> None:
    """Refuse what changes practices of another region.

    Raises:
        BadInput: something does.
    """
    parts = after.parts("municipality", "region", after.snapshot_date)
    later = after.area_parts.filter(pl.col("whole_level").cast(pl.String) == "region")
    own = set(parts.filter(whole_id=region)["part_id"]) | set(later.filter(whole_id=region)["part_id"])
    touched: set[str] = set()
    for name in OF_PRACTICES:
        old, new = before.frames()[name], after.frames()[name]
        differing = [new.join(old, on=old.columns, how="anti", nulls_equal=True)]
        differing.append(old.join(new, on=old.columns, how="anti", nulls_equal=True))
        touched |= set(pl.concat(differing)["practice_id"])
    lies = {**_municipalities(before), **_municipalities(after)}
    strange = sorted(i for i in touched if lies.get(i) not in own or _municipalities(before).get(i, lies[i]) not in own)
    if strange:
        told: dict[str, Part] = {"count": len(strange), "listed": ", ".join(strange[:NAMED]), "region": region}
        raise BadInput(region, [Fault("other_regions", THE_IMPORT, told)])


def _municipalities(tables: Tables) -> dict[str, str]:
    return dict(tables.practices.select("practice_id", "municipality").iter_rows())
